//! The settings of a client, from its keyword arguments.

use std::path::PathBuf;
use std::time::Duration;

use contacts_http::{ApiKey, BaseUrl, Builder, Proxy, Retry};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyMapping, PyString};

use crate::{argument, call, error};

const KEY_VARIABLE: &str = "DIGICERT_API_KEY";

pub(crate) const TIMEOUT: Duration = Duration::from_secs(45);
pub(crate) const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// The time limit of all attempts of a call.
const RETRY_BUDGET: Duration = Duration::from_secs(600);

/// The argument `api_key`, or the environment variable.
pub(crate) fn key_text(py: Python<'_>, argument: Option<&Bound<'_, PyString>>) -> PyResult<String> {
    // Invalid Unicode is rejected later, since the error of pyo3 would contain the key.
    let argument = argument.map(|key| key.to_cow().unwrap_or("\u{FFFD}".into()).into_owned());
    let key = argument.or_else(|| variable(KEY_VARIABLE).filter(|key| !key.is_empty()));
    key.ok_or_else(|| {
        let message = format!("no API key: pass api_key or set {KEY_VARIABLE}");
        error::setting(py, &message)
    })
}

fn variable(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}

/// The keyword arguments of a client, with the server that the environment names if they name none.
pub(crate) fn with_environment<'py>(
    py: Python<'py>,
    settings: Option<&Bound<'py, PyDict>>,
) -> PyResult<Bound<'py, PyDict>> {
    let settings = settings.map_or_else(|| Ok(PyDict::new(py)), PyDictMethods::copy)?;
    let names_server = |name| match settings.get_item(name)? {
        Some(value) => PyResult::Ok(!value.is_none()),
        None => Ok(false),
    };
    if !names_server("region")? && !names_server("base_url")? {
        let url = BaseUrl::from_environment(variable);
        if let Some(url) = url.map_err(|e| error::setting(py, &e.to_string()))? {
            settings.set_item("base_url", url.to_string())?;
        }
    }
    Ok(settings)
}

/// From a mapping of names to values. No error contains a value.
pub(crate) fn default_headers(
    mut builder: Builder,
    headers: &Bound<'_, PyAny>,
) -> PyResult<Builder> {
    let Ok(headers) = headers.cast::<PyMapping>() else {
        let found = headers.get_type().name()?;
        let message = format!("default_headers must be a mapping of names to values, not {found}");
        return Err(PyTypeError::new_err(message));
    };
    for item in headers.items()? {
        let (name, value) = item.extract::<(Bound<'_, PyAny>, Bound<'_, PyAny>)>()?;
        let (Ok(name), Ok(value)) = (name.cast::<PyString>(), value.cast::<PyString>()) else {
            let message = "the names and values of default_headers must be str";
            return Err(PyTypeError::new_err(message));
        };
        builder = builder.default_header(name.to_string_lossy(), value.to_string_lossy());
    }
    Ok(builder)
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

pub(crate) fn timeout(value: &Bound<'_, PyAny>) -> PyResult<Duration> {
    positive("timeout", value)
}

pub(crate) fn connect_timeout(value: &Bound<'_, PyAny>) -> PyResult<Duration> {
    positive("connect_timeout", value)
}

fn positive(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Duration> {
    let seconds = argument::seconds(name, value)?;
    let timeout = Duration::try_from_secs_f64(seconds);
    let timeout = timeout.ok().filter(|time| !time.is_zero());
    timeout.ok_or_else(|| {
        PyValueError::new_err(format!("{name} must be a positive number of seconds"))
    })
}

pub(crate) fn default_retry() -> Retry {
    Retry::new(3, RETRY_BUDGET)
}

pub(crate) fn retry(max_retries: &Bound<'_, PyAny>) -> PyResult<Retry> {
    let retries = argument::count("max_retries", max_retries, 0)?;
    Ok(match u32::try_from(retries).unwrap_or(u32::MAX) {
        0 => Retry::none(),
        retries => Retry::new(retries.saturating_add(1), RETRY_BUDGET),
    })
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
