use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use contacts_bulk::AccountIdentity;
use contacts_http::{Error, OrderFilter, RateLimit};
use pyo3::exceptions::{PyRuntimeError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};

use crate::order::Order;
use crate::orders::Orders;
use crate::rate_limits::RateLimits;
use crate::report_stream::ReportStream;
use crate::update::ContactsUpdate;
use crate::{argument, call, error, settings};

#[doc = doc!("Client")]
#[pyclass(frozen, module = "digicert_contacts")]
pub(crate) struct Client {
    /// `None` if the client is closed.
    open: Mutex<Option<contacts_http::Client>>,
    account: AccountIdentity,
    rate_limits: Vec<RateLimit>,
}

impl Client {
    /// A clone, which shares connections and rate limit, so that the lock is not held during calls.
    pub(crate) fn open(&self) -> PyResult<contacts_http::Client> {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.clone()
            .ok_or_else(|| PyRuntimeError::new_err("the client is closed"))
    }

    pub(crate) const fn account(&self) -> &AccountIdentity {
        &self.account
    }

    pub(crate) fn rate_limits(&self) -> &[RateLimit] {
        &self.rate_limits
    }

    fn call<T: Send>(
        &self,
        py: Python<'_>,
        request: impl FnOnce(&contacts_http::Client) -> Result<T, Error> + Send,
    ) -> PyResult<T> {
        let client = self.open()?;
        let send = || request(&client);
        call::detached(py, send, |result| {
            result.map_err(|e| error::request(py, &e))
        })
    }
}

#[pymethods]
impl Client {
    #[new]
    #[pyo3(signature = (api_key=None, *, region="us", base_url=None, timeout=45.0, connect_timeout=5.0, max_retries=2, rate_limits=None, proxy=None, ca_bundle=None, client_cert=None, user_agent_suffix=None))]
    #[expect(clippy::too_many_arguments, reason = "keywords, in Python")]
    fn new(
        py: Python<'_>,
        api_key: Option<&Bound<'_, PyString>>,
        region: &str,
        base_url: Option<&str>,
        timeout: f64,
        connect_timeout: f64,
        max_retries: i64,
        rate_limits: Option<&Bound<'_, PyAny>>,
        proxy: Option<&str>,
        ca_bundle: Option<PathBuf>,
        client_cert: Option<&Bound<'_, PyAny>>,
        user_agent_suffix: Option<String>,
    ) -> PyResult<Self> {
        let key = settings::key_text(py, api_key)?;
        let base_url = settings::base_url(py, region, base_url)?;
        let mut builder = contacts_http::Client::builder(settings::api_key(py, key)?)
            .base_url(base_url)
            .timeout(settings::timeout("timeout", timeout)?)
            .connect_timeout(settings::timeout("connect_timeout", connect_timeout)?)
            .retry(settings::retry(max_retries)?)
            .proxy(settings::proxy(py, proxy)?);
        let limits = RateLimits::from_argument(rate_limits)?;
        let rate_limits = limits.limits();
        builder = limits.configure(builder);
        if let Some(file) = ca_bundle {
            builder = builder.ca_bundle(file);
        }
        if let Some(paths) = client_cert {
            let (chain, key) = settings::client_cert(paths)?;
            builder = builder.client_certificate(chain, key);
        }
        if let Some(suffix) = user_agent_suffix {
            builder = builder.user_agent_suffix(suffix);
        }
        let client = settings::build(py, builder)?;
        Ok(Self {
            account: AccountIdentity::from(&client),
            rate_limits,
            open: Mutex::new(Some(client)),
        })
    }

    #[doc = doc!("Client.update_contacts")]
    #[pyo3(signature = (order_id, update=None, *, technical=None, organization=None))]
    fn update_contacts(
        &self,
        py: Python<'_>,
        order_id: &Bound<'_, PyAny>,
        update: Option<&Bound<'_, PyAny>>,
        technical: Option<&Bound<'_, PyAny>>,
        organization: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<()> {
        let order = argument::order_id(order_id)?;
        let update = ContactsUpdate::from_arguments(update, technical, organization)?;
        self.call(py, |client| client.update_contacts(order, &update.0))?;
        Ok(())
    }

    #[doc = doc!("Client.order")]
    fn order(&self, py: Python<'_>, order_id: &Bound<'_, PyAny>) -> PyResult<Order> {
        let id = argument::order_id(order_id)?;
        let order = self.call(py, |client| client.order(id))?;
        Ok(Order::new(id, order))
    }

    #[doc = doc!("Client.orders")]
    #[pyo3(signature = (*, status=None, search=None, product_name_id=None))]
    fn orders(
        &self,
        status: Option<&str>,
        search: Option<&str>,
        product_name_id: Option<&str>,
    ) -> PyResult<Orders> {
        let mut filter = OrderFilter::default();
        if let Some(status) = status {
            filter = filter.status(status);
        }
        if let Some(text) = search {
            filter = filter.search(text);
        }
        if let Some(name_id) = product_name_id {
            filter = filter.product_name_id(name_id);
        }
        Ok(Orders::new(self.open()?.orders(filter)))
    }

    #[doc = doc!("Client.order_report")]
    fn order_report<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let report = self.call(py, contacts_http::Client::order_report)?;
        let class = python_class!(py, "_report", "OrderReport")?;
        class.call1((ReportStream::new(report),))
    }

    #[doc = doc!("Client.whoami")]
    fn whoami<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let user = self.call(py, contacts_http::Client::whoami)?;
        let class = python_class!(py, "_types", "AccessRole")?;
        let roles = user.access_roles.iter();
        let roles = roles.map(|role| class.call1((role.id, role.name.as_deref())));
        let roles = PyTuple::new(py, roles.collect::<PyResult<Vec<_>>>()?)?;
        let class = python_class!(py, "_types", "User")?;
        class.call1((user.id, user.username, user.account_id, roles))
    }

    #[doc = doc!("Client.plan")]
    #[pyo3(signature = (*args, **keywords), text_signature = "($self, source, *, state=None, trim=False, ignore_columns=(), progress=None)")]
    fn plan<'py>(
        this: &Bound<'py, Self>,
        args: &Bound<'py, PyTuple>,
        keywords: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        call_bulk(this, "plan", args, keywords)
    }

    #[doc = doc!("Client.apply")]
    #[pyo3(signature = (*args, **keywords), text_signature = "($self, source, *, journal, trim=False, ignore_columns=(), progress=None, **options)")]
    fn apply<'py>(
        this: &Bound<'py, Self>,
        args: &Bound<'py, PyTuple>,
        keywords: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        call_bulk(this, "apply", args, keywords)
    }

    #[doc = doc!("Client.resume")]
    #[pyo3(signature = (*args, **keywords), text_signature = "($self, journal, *, other_key=False, progress=None, **options)")]
    fn resume<'py>(
        this: &Bound<'py, Self>,
        args: &Bound<'py, PyTuple>,
        keywords: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        call_bulk(this, "resume", args, keywords)
    }

    #[doc = doc!("Client.undo")]
    #[pyo3(signature = (*args, **keywords), text_signature = "($self, journal, *, other_key=False, progress=None)")]
    fn undo<'py>(
        this: &Bound<'py, Self>,
        args: &Bound<'py, PyTuple>,
        keywords: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        call_bulk(this, "undo", args, keywords)
    }

    #[doc = doc!("Client.find")]
    #[pyo3(signature = (*args, **keywords), text_signature = "($self, *terms, contact_type=None, status=None, read_all=False, progress=None)")]
    fn find<'py>(
        this: &Bound<'py, Self>,
        args: &Bound<'py, PyTuple>,
        keywords: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        call_bulk(this, "find", args, keywords)
    }

    #[doc = doc!("Client.replace")]
    #[pyo3(signature = (*args, **keywords), text_signature = "($self, leaver, successor=None, *, contact_type=None, status=None, read_all=False, progress=None)")]
    fn replace<'py>(
        this: &Bound<'py, Self>,
        args: &Bound<'py, PyTuple>,
        keywords: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        call_bulk(this, "replace", args, keywords)
    }

    #[doc = doc!("Client.export")]
    #[pyo3(signature = (*args, **keywords), text_signature = "($self, path, *, contact=None, status=None, technical_only=False, progress=None)")]
    fn export<'py>(
        this: &Bound<'py, Self>,
        args: &Bound<'py, PyTuple>,
        keywords: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        call_bulk(this, "export", args, keywords)
    }

    #[doc = doc!("Client.base_url")]
    #[getter]
    fn base_url(&self) -> &str {
        self.account.base_url()
    }

    #[doc = doc!("Client.close")]
    fn close(&self) {
        self.open
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
    }

    const fn __enter__(this: PyRef<'_, Self>) -> PyRef<'_, Self> {
        this
    }

    #[pyo3(signature = (*_exception))]
    fn __exit__(&self, _exception: &Bound<'_, PyAny>) {
        self.close();
    }

    #[expect(clippy::unused_self, reason = "pickle calls it on an object")]
    fn __reduce__(&self) -> PyResult<()> {
        let message = "a Client holds an API key and cannot be pickled; create one in each process";
        Err(PyTypeError::new_err(message))
    }

    fn __repr__(&self) -> String {
        format!("<Client of {}>", self.account.base_url())
    }
}

/// Calls a function of `digicert_contacts._bulk`, whose first argument is the client.
fn call_bulk<'py>(
    client: &Bound<'py, Client>,
    function: &str,
    args: &Bound<'py, PyTuple>,
    keywords: Option<&Bound<'py, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = client.py();
    let client = std::iter::once(client.as_any().clone());
    let args = PyTuple::new(py, client.chain(args).collect::<Vec<_>>())?;
    let module = py.import("digicert_contacts._bulk")?;
    module.getattr(function)?.call(args, keywords)
}
