use std::path::PathBuf;
use std::time::Duration;

use contacts_http::{Builder, OnRateLimit, RateLimit};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};

use crate::error;

#[doc = doc!("RateLimits")]
#[pyclass(frozen, eq, hash, skip_from_py_object, module = "digicert_contacts")]
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct RateLimits {
    windows: Vec<(u32, Duration)>,
    on_limit: OnRateLimit,
    file: Option<PathBuf>,
    /// It may contain a password, so nothing shows it.
    url: Option<String>,
}

/// The URL of a client whose limits name neither a file nor a URL.
const URL_VARIABLE: &str = "DIGICERT_RATE_LIMIT_URL";

impl Default for RateLimits {
    fn default() -> Self {
        let windows = RateLimit::DIGICERT.map(|limit| (limit.requests(), limit.window()));
        Self {
            windows: windows.to_vec(),
            on_limit: OnRateLimit::Wait,
            file: None,
            url: None,
        }
    }
}

impl RateLimits {
    /// From the argument of a client: `None`, `"wait"`, `"raise"`, a list of windows, or an object.
    pub(crate) fn from_argument(argument: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        let Some(argument) = argument else {
            return Ok(Self::default());
        };
        if let Ok(limits) = argument.cast::<Self>() {
            return Ok(limits.get().clone());
        }
        if let Ok(text) = argument.cast::<PyString>() {
            let message = "rate_limits must be 'wait', 'raise', a list of (requests, seconds), or \
                           RateLimits";
            return Ok(Self {
                on_limit: on_rate_limit(argument.py(), &text.to_string_lossy(), message)?,
                ..Self::default()
            });
        }
        Ok(Self {
            windows: windows(argument)?,
            ..Self::default()
        })
    }

    /// The windows, for the client.
    pub(crate) fn limits(&self) -> Vec<RateLimit> {
        let windows = self.windows.iter();
        let limits = windows.map(|(requests, window)| RateLimit::new(*requests, *window));
        limits.collect()
    }

    pub(crate) fn configure(self, builder: Builder) -> Builder {
        let limits = self.limits();
        let mut builder = builder.rate_limits(limits).on_rate_limit(self.on_limit);
        let url = match (self.url, &self.file) {
            (None, None) => {
                std::env::var_os(URL_VARIABLE).map(|url| url.to_string_lossy().into_owned())
            }
            (url, _) => url,
        };
        if let Some(file) = self.file {
            builder = builder.rate_limit_file(file);
        }
        match url.filter(|url| !url.is_empty()) {
            Some(url) => builder.rate_limit_url(url),
            None => builder,
        }
    }
}

/// Parses the name of the behaviour; `message` is the error.
fn on_rate_limit(py: Python<'_>, name: &str, message: &str) -> PyResult<OnRateLimit> {
    match name {
        "wait" => Ok(OnRateLimit::Wait),
        "raise" => Ok(OnRateLimit::Fail),
        _ => Err(error::setting(py, message)),
    }
}

/// From an iterable of pairs.
pub(crate) fn windows(argument: &Bound<'_, PyAny>) -> PyResult<Vec<(u32, Duration)>> {
    let wrong = "rate limits must be pairs of a number of requests and a number of seconds";
    let items = argument
        .try_iter()
        .map_err(|_| PyTypeError::new_err(wrong))?;
    items
        .map(|item| {
            let pair: (i64, f64) = item?.extract().map_err(|_| PyTypeError::new_err(wrong))?;
            let requests = u32::try_from(pair.0).ok().filter(|requests| *requests > 0);
            let window = Duration::try_from_secs_f64(pair.1).ok();
            match (requests, window.filter(|window| !window.is_zero())) {
                (Some(requests), Some(window)) => Ok((requests, window)),
                _ => Err(PyValueError::new_err(
                    "a rate limit must allow at least one request in more than 0 seconds",
                )),
            }
        })
        .collect()
}

#[pymethods]
impl RateLimits {
    #[new]
    #[pyo3(signature = (windows=None, *, on_limit="wait", file=None, url=None))]
    fn new(
        py: Python<'_>,
        windows: Option<&Bound<'_, PyAny>>,
        on_limit: &str,
        file: Option<PathBuf>,
        url: Option<String>,
    ) -> PyResult<Self> {
        let windows = match windows {
            Some(windows) => self::windows(windows)?,
            None => Self::default().windows,
        };
        Ok(Self {
            windows,
            on_limit: on_rate_limit(py, on_limit, "on_limit must be 'wait' or 'raise'")?,
            file,
            url,
        })
    }

    #[doc = doc!("RateLimits.windows")]
    #[getter]
    fn windows<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let windows = self.windows.iter();
        PyTuple::new(
            py,
            windows.map(|(requests, window)| (*requests, window.as_secs_f64())),
        )
    }

    #[doc = doc!("RateLimits.on_limit")]
    #[getter]
    const fn on_limit(&self) -> &'static str {
        match self.on_limit {
            OnRateLimit::Fail => "raise",
            _ => "wait",
        }
    }

    #[doc = doc!("RateLimits.file")]
    #[getter]
    const fn file(&self) -> Option<&PathBuf> {
        self.file.as_ref()
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let windows = self.windows(py)?.repr()?;
        let file = match &self.file {
            Some(file) => format!(", file={}", file.into_pyobject(py)?.str()?.repr()?),
            None => String::new(),
        };
        Ok(format!(
            "RateLimits({windows}, on_limit='{}'{file}{})",
            self.on_limit(),
            self.url.as_ref().map_or("", |_| ", url=<not shown>")
        ))
    }

    fn __getnewargs_ex__<'py>(
        &self,
        py: Python<'py>,
    ) -> PyResult<((Bound<'py, PyTuple>,), Bound<'py, PyDict>)> {
        if self.url.is_some() {
            let message =
                "RateLimits with a URL cannot be pickled, since it may contain a password";
            return Err(PyTypeError::new_err(message));
        }
        let keywords = PyDict::new(py);
        keywords.set_item("on_limit", self.on_limit())?;
        keywords.set_item("file", self.file())?;
        Ok(((self.windows(py)?,), keywords))
    }
}
