//! The settings of a client, from its keyword arguments.

use std::path::PathBuf;
use std::time::Duration;

use contacts_http::{ApiKey, BaseUrl, Builder, Proxy, Retry};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::{call, error};

const KEY_VARIABLE: &str = "DIGICERT_API_KEY";

/// The time limit of all attempts of a call.
const RETRY_BUDGET: Duration = Duration::from_secs(600);

/// The argument `api_key`, or the environment variable.
pub(crate) fn key_text(py: Python<'_>, argument: Option<&Bound<'_, PyString>>) -> PyResult<String> {
    // Invalid Unicode is rejected later, since the error of pyo3 would contain the key.
    let argument = argument.map(|key| key.to_cow().unwrap_or("\u{FFFD}".into()).into_owned());
    let key = argument
        .or_else(|| std::env::var_os(KEY_VARIABLE).map(|key| key.to_string_lossy().into_owned()));
    key.ok_or_else(|| {
        let message = format!("no API key: pass api_key or set {KEY_VARIABLE}");
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
        (Some(_), "eu") => Err(PyTypeError::new_err("pass either region or base_url")),
        (_, _) => Err(error::setting(py, "region must be 'us' or 'eu'")),
    }
}

pub(crate) fn timeout(name: &str, seconds: f64) -> PyResult<Duration> {
    let timeout = Duration::try_from_secs_f64(seconds);
    let timeout = timeout.ok().filter(|time| !time.is_zero());
    timeout.ok_or_else(|| {
        PyValueError::new_err(format!("{name} must be a positive number of seconds"))
    })
}

pub(crate) fn retry(max_retries: i64) -> PyResult<Retry> {
    match u32::try_from(max_retries) {
        Ok(0) => Ok(Retry::none()),
        Ok(retries) => Ok(Retry::new(retries.saturating_add(1), RETRY_BUDGET)),
        Err(_) => Err(PyValueError::new_err("max_retries must be 0 or more")),
    }
}

/// A URL, `"direct"` for no proxy, or by default that of the environment.
pub(crate) fn proxy(py: Python<'_>, argument: Option<&str>) -> PyResult<Proxy> {
    match argument {
        None => Ok(Proxy::from_environment()),
        Some("direct") => Ok(Proxy::direct()),
        Some(url) => Proxy::parse(url).map_err(|e| error::setting(py, &e.to_string())),
    }
}

/// The files of the certificate chain and of the key, which can be the same.
pub(crate) fn client_cert(argument: &Bound<'_, PyAny>) -> PyResult<(PathBuf, PathBuf)> {
    let paths = argument.extract().or_else(|_| {
        let file = argument.extract::<PathBuf>()?;
        PyResult::Ok((file.clone(), file))
    });
    paths.map_err(|_| {
        PyTypeError::new_err("client_cert must be a path, or the paths of chain and key")
    })
}

pub(crate) fn build(py: Python<'_>, builder: Builder) -> PyResult<contacts_http::Client> {
    let built = builder.cancelled(call::interrupted).build();
    built.map_err(|e| error::setting(py, &e.to_string()))
}
