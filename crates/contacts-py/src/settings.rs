//! From the keywords of a client to its settings.

use std::path::PathBuf;
use std::time::Duration;

use contacts_http::{ApiKey, BaseUrl, Builder, Proxy, Retry};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::{call, error};

const KEY_VARIABLE: &str = "DIGICERT_API_KEY";

/// Within it, a request is tried again.
const RETRY_TIME: Duration = Duration::from_secs(600);

/// The key that was given, or that of the environment.
pub(crate) fn key_text(py: Python<'_>, given: Option<&Bound<'_, PyString>>) -> PyResult<String> {
    // What is no text is kept, to be refused for what it is; pyo3's own error would hold it.
    let given = given.map(|key| key.to_cow().unwrap_or("\u{FFFD}".into()).into_owned());
    let key = given
        .or_else(|| std::env::var_os(KEY_VARIABLE).map(|key| key.to_string_lossy().into_owned()));
    key.ok_or_else(|| {
        let message = format!("no API key: pass api_key, or set {KEY_VARIABLE}");
        error::setting(py, &message)
    })
}

pub(crate) fn api_key(py: Python<'_>, text: String) -> PyResult<ApiKey> {
    ApiKey::parse(text).map_err(|e| error::setting(py, &e.to_string()))
}

pub(crate) fn base_url(py: Python<'_>, region: &str, url: Option<&str>) -> PyResult<BaseUrl> {
    match (url, region) {
        (Some(url), "us") => {
            let url = BaseUrl::parse(url);
            url.map_err(|e| error::setting(py, &e.to_string()))
        }
        (None, "us") => Ok(BaseUrl::us()),
        (None, "eu") => Ok(BaseUrl::eu()),
        (Some(_), "eu") => Err(PyTypeError::new_err("give region or base_url, not both")),
        (_, _) => Err(error::setting(py, "region must be 'us' or 'eu'")),
    }
}

pub(crate) fn timeout(seconds: f64) -> PyResult<Duration> {
    let timeout = Duration::try_from_secs_f64(seconds);
    let timeout = timeout.ok().filter(|time| !time.is_zero());
    timeout.ok_or_else(|| PyValueError::new_err("timeout must be a positive number of seconds"))
}

pub(crate) fn retry(max_retries: i64) -> PyResult<Retry> {
    match u32::try_from(max_retries) {
        Ok(0) => Ok(Retry::none()),
        Ok(retries) => Ok(Retry::new(retries.saturating_add(1), RETRY_TIME)),
        Err(_) => Err(PyValueError::new_err("max_retries must be 0 or more")),
    }
}

/// A URL, or `"direct"` for none whatever the environment says.
pub(crate) fn proxy(py: Python<'_>, given: Option<&str>) -> PyResult<Proxy> {
    match given {
        None => Ok(Proxy::from_environment()),
        Some("direct") => Ok(Proxy::direct()),
        Some(url) => Proxy::parse(url).map_err(|e| error::setting(py, &e.to_string())),
    }
}

/// The files of the chain and of the key; they may be one.
pub(crate) struct ClientCert {
    chain: PathBuf,
    key: PathBuf,
}

impl FromPyObject<'_, '_> for ClientCert {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        let both = given.extract().or_else(|_| {
            let file = given.extract::<PathBuf>()?;
            PyResult::Ok((file.clone(), file))
        });
        let (chain, key) = both.map_err(|_| {
            PyTypeError::new_err("client_cert must be a path, or the paths of chain and key")
        })?;
        Ok(Self { chain, key })
    }
}

impl ClientCert {
    pub(crate) fn set_on(self, builder: Builder) -> Builder {
        builder.client_certificate(self.chain, self.key)
    }
}

pub(crate) fn build(py: Python<'_>, builder: Builder) -> PyResult<contacts_http::Client> {
    let built = builder.cancelled(call::interrupted).build();
    built.map_err(|e| error::setting(py, &e.to_string()))
}
