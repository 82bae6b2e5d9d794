mod call_options;
mod handle;

use std::path::PathBuf;
use std::time::Duration;

use contacts_bulk::AccountIdentity;
use contacts_http::{RateLimit, Retry};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple, PyType};

use call_options::CallOptions;
use handle::Handle;

use crate::order::Order;
use crate::orders::{self, Orders};
use crate::rate_limits::RateLimits;
use crate::report_stream::ReportStream;
use crate::update::ContactsUpdate;
use crate::{argument, bulk, hooks, settings, user};

#[doc = doc!("Client")]
#[pyclass(frozen, module = "digicert_contacts")]
pub(crate) struct Client {
    handle: Handle,
    account: AccountIdentity,
    rate_limits: Vec<RateLimit>,
}

#[pymethods]
impl Client {
    #[new]
    #[pyo3(signature = (api_key=None, *, region="us", base_url=None, timeout=settings::TIMEOUT, connect_timeout=settings::CONNECT_TIMEOUT, max_retries=settings::default_retry(), rate_limits=None, proxy=None, ca_bundle=None, client_cert=None, user_agent_suffix=None, default_headers=None, event_hooks=None), text_signature = "(api_key=None, *, region='us', base_url=None, timeout=45.0, connect_timeout=5.0, max_retries=2, rate_limits=None, proxy=None, ca_bundle=None, client_cert=None, user_agent_suffix=None, default_headers=None, event_hooks=None)")]
    #[expect(clippy::too_many_arguments, reason = "keywords, in Python")]
    fn new(
        py: Python<'_>,
        api_key: Option<&Bound<'_, PyString>>,
        region: &str,
        base_url: Option<&str>,
        #[pyo3(from_py_with = settings::timeout)] timeout: Duration,
        #[pyo3(from_py_with = settings::connect_timeout)] connect_timeout: Duration,
        #[pyo3(from_py_with = settings::retry)] max_retries: Retry,
        rate_limits: Option<&Bound<'_, PyAny>>,
        proxy: Option<&str>,
        ca_bundle: Option<PathBuf>,
        client_cert: Option<&Bound<'_, PyAny>>,
        user_agent_suffix: Option<String>,
        default_headers: Option<&Bound<'_, PyAny>>,
        event_hooks: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let key = settings::key_text(py, api_key)?;
        let base_url = settings::base_url(py, region, base_url)?;
        let mut builder = contacts_http::Client::builder(settings::api_key(py, key)?)
            .base_url(base_url.clone())
            .timeout(timeout)
            .connect_timeout(connect_timeout)
            .retry(max_retries)
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
        if let Some(headers) = default_headers {
            builder = settings::default_headers(builder, headers)?;
        }
        builder = hooks::configure(builder, event_hooks, base_url.to_string())?;
        let client = settings::build(py, builder)?;
        Ok(Self {
            account: AccountIdentity::from(&client),
            rate_limits,
            handle: Handle::new(client),
        })
    }

    #[doc = doc!("Client.from_env")]
    #[classmethod]
    #[pyo3(signature = (**settings))]
    fn from_env<'py>(
        cls: &Bound<'py, PyType>,
        settings: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        cls.call((), Some(&settings::with_environment(cls.py(), settings)?))
    }

    #[doc = doc!("Client.with_options")]
    #[pyo3(signature = (*, timeout=None, max_retries=None, rate_limit_wait=None))]
    fn with_options(
        this: &Bound<'_, Self>,
        timeout: Option<&Bound<'_, PyAny>>,
        max_retries: Option<&Bound<'_, PyAny>>,
        rate_limit_wait: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let options = CallOptions::new(timeout, max_retries, rate_limit_wait)?;
        let client = this.get();
        Ok(Self {
            handle: Handle::shared(this, options)?,
            account: client.account.clone(),
            rate_limits: client.rate_limits.clone(),
        })
    }

    #[doc = doc!("Client.update_contacts")]
    #[pyo3(signature = (order_id, update=None, *, technical=None, organization=None, timeout=None, max_retries=None, rate_limit_wait=None))]
    #[expect(clippy::too_many_arguments, reason = "keywords, in Python")]
    fn update_contacts(
        &self,
        py: Python<'_>,
        order_id: &Bound<'_, PyAny>,
        update: Option<&Bound<'_, PyAny>>,
        technical: Option<&Bound<'_, PyAny>>,
        organization: Option<&Bound<'_, PyAny>>,
        timeout: Option<&Bound<'_, PyAny>>,
        max_retries: Option<&Bound<'_, PyAny>>,
        rate_limit_wait: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<()> {
        let options = CallOptions::new(timeout, max_retries, rate_limit_wait)?;
        let order = argument::order_id(order_id)?;
        let update = ContactsUpdate::from_arguments(update, technical, organization)?;
        self.call(py, options, |client| {
            client.update_contacts(order, &update.0).map(drop)
        })
    }

    #[doc = doc!("Client.order")]
    #[pyo3(signature = (order_id, *, timeout=None, max_retries=None, rate_limit_wait=None))]
    fn order(
        &self,
        py: Python<'_>,
        order_id: &Bound<'_, PyAny>,
        timeout: Option<&Bound<'_, PyAny>>,
        max_retries: Option<&Bound<'_, PyAny>>,
        rate_limit_wait: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Order> {
        let options = CallOptions::new(timeout, max_retries, rate_limit_wait)?;
        let id = argument::order_id(order_id)?;
        let order = self.call(py, options, |client| client.order(id))?;
        Ok(Order::new(id, order))
    }

    #[doc = doc!("Client.orders")]
    #[pyo3(signature = (*, status=None, search=None, product_name_id=None, timeout=None, max_retries=None, rate_limit_wait=None))]
    fn orders(
        this: &Bound<'_, Self>,
        status: Option<&str>,
        search: Option<&str>,
        product_name_id: Option<&str>,
        timeout: Option<&Bound<'_, PyAny>>,
        max_retries: Option<&Bound<'_, PyAny>>,
        rate_limit_wait: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Orders> {
        let options = CallOptions::new(timeout, max_retries, rate_limit_wait)?;
        let filter = orders::filter(status, search, product_name_id);
        let client = options.apply(this.py(), &this.get().open(this.py())?)?;
        Ok(Orders::new(client.orders(filter), this.clone().unbind()))
    }

    #[doc = doc!("Client.order_report")]
    #[pyo3(signature = (*, timeout=None, max_retries=None, rate_limit_wait=None))]
    fn order_report<'py>(
        &self,
        py: Python<'py>,
        timeout: Option<&Bound<'py, PyAny>>,
        max_retries: Option<&Bound<'py, PyAny>>,
        rate_limit_wait: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let options = CallOptions::new(timeout, max_retries, rate_limit_wait)?;
        let report = self.call(py, options, contacts_http::Client::order_report)?;
        let class = python_class!(py, "_report", "OrderReport")?;
        class.call1((ReportStream::new(report, self.account.base_url()),))
    }

    #[doc = doc!("Client.whoami")]
    #[pyo3(signature = (*, timeout=None, max_retries=None, rate_limit_wait=None))]
    fn whoami<'py>(
        &self,
        py: Python<'py>,
        timeout: Option<&Bound<'py, PyAny>>,
        max_retries: Option<&Bound<'py, PyAny>>,
        rate_limit_wait: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let options = CallOptions::new(timeout, max_retries, rate_limit_wait)?;
        let user = self.call(py, options, contacts_http::Client::whoami)?;
        user::record(py, user)
    }

    #[doc = doc!("Client.plan")]
    #[pyo3(signature = (*args, **keywords), text_signature = "($self, source, *, state=None, trim=False, ignore_columns=(), progress=None)")]
    fn plan<'py>(
        this: &Bound<'py, Self>,
        args: &Bound<'py, PyTuple>,
        keywords: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        bulk::call(this, "plan", args, keywords)
    }

    #[doc = doc!("Client.apply")]
    #[pyo3(signature = (*args, **keywords), text_signature = "($self, source, *, journal, trim=False, ignore_columns=(), progress=None, **options)")]
    fn apply<'py>(
        this: &Bound<'py, Self>,
        args: &Bound<'py, PyTuple>,
        keywords: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        bulk::call(this, "apply", args, keywords)
    }

    #[doc = doc!("Client.resume")]
    #[pyo3(signature = (*args, **keywords), text_signature = "($self, journal, *, other_key=False, progress=None, **options)")]
    fn resume<'py>(
        this: &Bound<'py, Self>,
        args: &Bound<'py, PyTuple>,
        keywords: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        bulk::call(this, "resume", args, keywords)
    }

    #[doc = doc!("Client.send_planned")]
    fn send_planned(&self, py: Python<'_>, order: &str) -> PyResult<String> {
        let plan = bulk::planned_order(py, order, &self.account)?;
        self.call(py, CallOptions::default(), |client| {
            bulk::send_planned(client, &plan)
        })
    }

    #[doc = doc!("Client.undo")]
    #[pyo3(signature = (*args, **keywords), text_signature = "($self, journal, *, other_key=False, progress=None)")]
    fn undo<'py>(
        this: &Bound<'py, Self>,
        args: &Bound<'py, PyTuple>,
        keywords: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        bulk::call(this, "undo", args, keywords)
    }

    #[doc = doc!("Client.find")]
    #[pyo3(signature = (*args, **keywords), text_signature = "($self, *terms, contact_type=None, status=None, read_all=False, progress=None)")]
    fn find<'py>(
        this: &Bound<'py, Self>,
        args: &Bound<'py, PyTuple>,
        keywords: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        bulk::call(this, "find", args, keywords)
    }

    #[doc = doc!("Client.replace")]
    #[pyo3(signature = (*args, **keywords), text_signature = "($self, leaver, successor=None, *, contact_type=None, status=None, read_all=False, progress=None)")]
    fn replace<'py>(
        this: &Bound<'py, Self>,
        args: &Bound<'py, PyTuple>,
        keywords: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        bulk::call(this, "replace", args, keywords)
    }

    #[doc = doc!("Client.export")]
    #[pyo3(signature = (*args, **keywords), text_signature = "($self, path, *, contact=None, status=None, technical_only=False, progress=None)")]
    fn export<'py>(
        this: &Bound<'py, Self>,
        args: &Bound<'py, PyTuple>,
        keywords: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        bulk::call(this, "export", args, keywords)
    }

    #[doc = doc!("Client.base_url")]
    #[getter]
    fn base_url(&self) -> &str {
        self.account.base_url()
    }

    #[doc = doc!("Client.closed")]
    #[getter]
    fn closed(&self) -> bool {
        self.handle.is_closed()
    }

    #[doc = doc!("Client.close")]
    fn close(&self) {
        self.handle.close();
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
