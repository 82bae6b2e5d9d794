//! The options of a call, which `with_options` and each call take.

use std::time::Duration;

use contacts_http::{OnRateLimit, Retry};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyBool;

use crate::{error, settings};

/// Each is `None` where the client's own applies.
#[derive(Clone, Copy, Default)]
pub(crate) struct CallOptions {
    timeout: Option<Duration>,
    retry: Option<Retry>,
    on_rate_limit: Option<OnRateLimit>,
}

impl CallOptions {
    pub(crate) fn new(
        timeout: Option<&Bound<'_, PyAny>>,
        max_retries: Option<&Bound<'_, PyAny>>,
        rate_limit_wait: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        Ok(Self {
            timeout: timeout.map(settings::timeout).transpose()?,
            retry: max_retries.map(settings::retry).transpose()?,
            on_rate_limit: rate_limit_wait.map(on_rate_limit).transpose()?,
        })
    }

    /// These where they are set, and `self` otherwise.
    pub(crate) fn overridden_by(self, options: Self) -> Self {
        Self {
            timeout: options.timeout.or(self.timeout),
            retry: options.retry.or(self.retry),
            on_rate_limit: options.on_rate_limit.or(self.on_rate_limit),
        }
    }

    pub(crate) fn apply(
        self,
        py: Python<'_>,
        client: &contacts_http::Client,
    ) -> PyResult<contacts_http::Client> {
        let mut options = contacts_http::CallOptions::default();
        if let Some(timeout) = self.timeout {
            options = options.timeout(timeout);
        }
        if let Some(retry) = self.retry {
            options = options.retry(retry);
        }
        if let Some(on_rate_limit) = self.on_rate_limit {
            options = options.on_rate_limit(on_rate_limit);
        }
        let client = client.with_options(options);
        client.map_err(|e| error::setting(py, &e.to_string()))
    }
}

/// `True`, `False`, or the longest wait in seconds.
fn on_rate_limit(value: &Bound<'_, PyAny>) -> PyResult<OnRateLimit> {
    if let Ok(waits) = value.cast::<PyBool>() {
        return Ok(if waits.is_true() {
            OnRateLimit::Wait
        } else {
            OnRateLimit::Fail
        });
    }
    let Ok(seconds) = value.extract::<f64>() else {
        let found = value.get_type().name()?;
        let message = format!("rate_limit_wait must be True, False or seconds, not {found}");
        return Err(PyTypeError::new_err(message));
    };
    let longest = Duration::try_from_secs_f64(seconds);
    longest.map(OnRateLimit::WaitAtMost).map_err(|_| {
        let message = "rate_limit_wait must be 0 or more seconds, or True for no limit";
        PyValueError::new_err(message)
    })
}
