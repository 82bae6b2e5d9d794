//! From the errors of the other crates to the exceptions of `digicert_contacts._exceptions`.

use contacts_core::{ReadError, Violation, Violations};
use contacts_http::Error;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyList};

use crate::call;

/// An exception of that name, made with a message and keywords.
fn exception(
    py: Python<'_>,
    name: &str,
    message: &str,
    keywords: impl FnOnce(&Bound<'_, PyModule>, &Bound<'_, PyDict>) -> PyResult<()>,
) -> PyErr {
    static MODULE: PyOnceLock<Py<PyModule>> = PyOnceLock::new();
    let made = || {
        let import = || {
            py.import("digicert_contacts._exceptions")
                .map(Bound::unbind)
        };
        let module = MODULE.get_or_try_init(py, import)?.bind(py);
        let arguments = PyDict::new(py);
        keywords(module, &arguments)?;
        module.getattr(name)?.call((message,), Some(&arguments))
    };
    made().map_or_else(|error| error, PyErr::from_value)
}

pub(crate) fn setting(py: Python<'_>, message: &str) -> PyErr {
    exception(py, "ConfigurationError", message, |_, _| Ok(()))
}

pub(crate) fn invalid(py: Python<'_>, violations: &Violations) -> PyErr {
    validation(py, &violations.to_string(), violations)
}

pub(crate) fn validation(py: Python<'_>, message: &str, violations: &[Violation]) -> PyErr {
    exception(py, "ValidationError", message, |module, keywords| {
        let class = module.getattr("Violation")?;
        let list = PyList::empty(py);
        for violation in violations {
            let (path, rule) = (violation.path().to_string(), violation.rule());
            list.append(class.call1((path, rule.code(), rule.to_string()))?)?;
        }
        keywords.set_item("violations", list.to_tuple())
    })
}

/// Text from Python that is no Unicode. The rules of `contacts-core` never get to see it.
pub(crate) fn surrogate(py: Python<'_>, path: &str) -> PyErr {
    let rule = "not valid Unicode: half of a surrogate pair";
    let colon = if path.is_empty() { "" } else { ": " };
    let message = format!("{path}{colon}{rule}");
    exception(py, "ValidationError", &message, |module, keywords| {
        let violation = module.getattr("Violation")?;
        let violation = violation.call1((path, "lone-surrogate", rule))?;
        keywords.set_item("violations", (violation,))
    })
}

/// The order report broke off.
pub(crate) fn report(py: Python<'_>, error: &std::io::Error) -> PyErr {
    let message = format!("the order report could not be read to its end: {error}");
    exception(py, "RequestError", &message, |_, keywords| {
        keywords.set_item("outcome", contacts_core::Outcome::Rejected.as_str())
    })
}

pub(crate) fn unreadable(py: Python<'_>, error: &ReadError) -> PyErr {
    match error {
        ReadError::Violations(violations) => invalid(py, violations),
        error => validation(py, &error.to_string(), &[]),
    }
}

pub(crate) fn request(py: Python<'_>, error: &Error) -> PyErr {
    if let Some(raised) = call::raised().filter(|_| error.is_cancelled()) {
        return raised;
    }
    let message = contacts_cli::with_causes(error);
    exception(py, class(error), &message, |module, keywords| {
        let class = module.getattr("ApiError")?;
        let list = PyList::empty(py);
        for error in error.api_errors() {
            list.append(class.call1((&error.code, &error.message))?)?;
        }
        keywords.set_item("status_code", error.status())?;
        keywords.set_item("errors", list.to_tuple())?;
        keywords.set_item("outcome", error.outcome().as_str())?;
        keywords.set_item("attempts", error.attempts())?;
        keywords.set_item(
            "retry_after",
            error.retry_after().map(|wait| wait.as_secs_f64()),
        )
    })
}

fn class(error: &Error) -> &'static str {
    if error.is_cancelled() {
        "CallCancelledError"
    } else if error.has_no_report() {
        "NoOrderReportError"
    } else if error.is_auth() {
        "AuthenticationError"
    } else if error.is_not_found() {
        "OrderNotFoundError"
    } else if error.is_rate_limited() {
        "RateLimitError"
    } else if error.is_timeout() {
        "RequestTimeoutError"
    } else if error.is_connect() {
        "ConnectionFailedError"
    } else if error.is_tls() {
        "TlsError"
    } else {
        "RequestError"
    }
}
