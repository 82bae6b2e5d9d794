use std::borrow::Cow;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use contacts_http::{ApiKey, BaseUrl};
use pyo3::exceptions::{PyRuntimeError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::contact::Contact;
use crate::order::Order;
use crate::update::ContactsUpdate;
use crate::{arg, error, signal};

const KEY_VARIABLE: &str = "DIGICERT_API_KEY";

/// A client of the API; calls from several threads share its rate limit.
#[pyclass(frozen, module = "digicert_contacts")]
pub(crate) struct Client {
    /// `None` once it was closed.
    open: Mutex<Option<contacts_http::Client>>,
    base_url: String,
}

impl Client {
    /// A clone shares connections and rate limit, and leaves the lock free while it waits.
    fn open(&self) -> PyResult<contacts_http::Client> {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.clone()
            .ok_or_else(|| PyRuntimeError::new_err("the client was closed"))
    }
}

#[pymethods]
impl Client {
    #[new]
    #[pyo3(signature = (api_key=None, *, region=None, base_url=None, timeout=45.0))]
    fn new(
        py: Python<'_>,
        api_key: Option<&Bound<'_, PyString>>,
        region: Option<&str>,
        base_url: Option<&str>,
        timeout: f64,
    ) -> PyResult<Self> {
        let wrong = |message: &str| error::setting(py, message);
        // What is no text is kept, to be refused for what it is; pyo3's own error would hold it.
        let given = api_key.map(|key| key.to_cow().unwrap_or("\u{FFFD}".into()).into_owned());
        let key = given.or_else(|| {
            std::env::var_os(KEY_VARIABLE).map(|key| key.to_string_lossy().into_owned())
        });
        let key =
            key.ok_or_else(|| wrong(&format!("no API key: pass api_key, or set {KEY_VARIABLE}")))?;
        let key = ApiKey::parse(key).map_err(|e| wrong(&e.to_string()))?;
        let base_url = match (base_url, region) {
            (Some(_), Some(_)) => {
                return Err(PyTypeError::new_err("give region or base_url, not both"));
            }
            (Some(url), None) => BaseUrl::parse(url).map_err(|e| wrong(&e.to_string()))?,
            (None, None | Some("us")) => BaseUrl::us(),
            (None, Some("eu")) => BaseUrl::eu(),
            (None, Some(_)) => return Err(wrong("region must be 'us' or 'eu'")),
        };
        let timeout = Duration::try_from_secs_f64(timeout)
            .ok()
            .filter(|t| !t.is_zero());
        let timeout = timeout
            .ok_or_else(|| PyValueError::new_err("timeout must be a positive number of seconds"))?;
        let builder = contacts_http::Client::builder(key)
            .base_url(base_url)
            .timeout(timeout)
            .cancelled(signal::raised);
        let client = builder.build().map_err(|e| wrong(&e.to_string()))?;
        Ok(Self {
            base_url: client.base_url().to_string(),
            open: Mutex::new(Some(client)),
        })
    }

    /// Changes the contacts of one order.
    #[pyo3(signature = (order_id, update=None, *, technical=None, organization=None))]
    fn update_contacts(
        &self,
        py: Python<'_>,
        order_id: &Bound<'_, PyAny>,
        update: Option<&Bound<'_, ContactsUpdate>>,
        technical: Option<&Bound<'_, Contact>>,
        organization: Option<&Bound<'_, Contact>>,
    ) -> PyResult<()> {
        let order = arg::order_id(order_id)?;
        let update = match (update, technical, organization) {
            (Some(update), None, None) => Cow::Borrowed(update.get()),
            (None, technical, organization) => {
                Cow::Owned(ContactsUpdate::of(technical, organization)?)
            }
            (Some(_), ..) => {
                let message = "give an update, or technical and organization, not both";
                return Err(PyTypeError::new_err(message));
            }
        };
        let client = self.open()?;
        let sent = py.detach(|| client.update_contacts(order, &update.0));
        sent.map_err(|e| error::request(py, &e))
    }

    /// Reads one order.
    fn order(&self, py: Python<'_>, order_id: &Bound<'_, PyAny>) -> PyResult<Order> {
        let order = arg::order_id(order_id)?;
        let client = self.open()?;
        let read = py.detach(|| client.order(order));
        read.map(Order).map_err(|e| error::request(py, &e))
    }

    #[getter]
    fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Closes its connections and forgets its key; a second time does nothing.
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
        let message = "a Client holds an API key and can't be pickled; \
                       make one in each process instead";
        Err(PyTypeError::new_err(message))
    }

    fn __repr__(&self) -> String {
        format!("<Client of {}>", self.base_url)
    }
}
