//! From the errors of the other crates to the exceptions of `digicert_contacts._exceptions`.

use std::path::Path;

use contacts_bulk::{JournalError, PlanFileError, Problems, Refused, Stopped};
use contacts_core::{ReadError, Violation, Violations};
use contacts_http::Error;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyList, PyTuple};

use crate::bulk::Place;
use crate::call;

const SURROGATE: &str = "not valid Unicode: half of a surrogate pair";

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
    let rule = SURROGATE;
    let colon = if path.is_empty() { "" } else { ": " };
    let message = format!("{path}{colon}{rule}");
    exception(py, "ValidationError", &message, |module, keywords| {
        let violation = module.getattr("Violation")?;
        let violation = violation.call1((path, "lone-surrogate", rule))?;
        keywords.set_item("violations", (violation,))
    })
}

/// What is wrong with a source of many orders.
pub(crate) fn input(py: Python<'_>, place: &Place, problems: &Problems) -> PyErr {
    let mut lines = vec![match problems.total() {
        1 => "the input can't be used, nothing was sent:".to_owned(),
        total => format!("the input can't be used, nothing was sent; {total} problems:"),
    }];
    lines.extend(problems.iter().map(|problem| place.listed(problem)));
    if problems.untold() > 0 {
        lines.push(format!("and {} more of other kinds", problems.untold()));
    }
    unusable(py, &lines.join("\n  "), |class| {
        problems
            .iter()
            .map(|problem| place.told(class, problem))
            .collect()
    })
}

/// A row with text that is no Unicode.
pub(crate) fn row_surrogate(py: Python<'_>, row: usize, path: &str) -> PyErr {
    let place = Place::Row { flat: true };
    let message = format!(
        "the input can't be used, nothing was sent:\n  {}",
        place.line(row as u64 + 1, Some(path), SURROGATE)
    );
    unusable(py, &message, |class| {
        let (none, code) = (None::<&str>, "lone-surrogate");
        let told = class.call1((none, none, row, path, code, SURROGATE, 1, (row,)))?;
        Ok(vec![told])
    })
}

fn unusable(
    py: Python<'_>,
    message: &str,
    problems: impl for<'a> FnOnce(&Bound<'a, PyAny>) -> PyResult<Vec<Bound<'a, PyAny>>>,
) -> PyErr {
    exception(py, "InputError", message, |module, keywords| {
        let class = module.getattr("Problem")?;
        keywords.set_item("problems", PyTuple::new(py, problems(&class)?)?)
    })
}

/// A plan that broke off.
pub(crate) fn stopped(py: Python<'_>, stopped: &Stopped) -> PyErr {
    let message = stopped.to_string();
    exception(py, "PlanStoppedError", &message, |module, keywords| {
        let failure = stopped.failure();
        let kind = serde_json::to_value(failure.kind()).unwrap_or_default();
        let codes = PyTuple::new(py, failure.codes())?;
        let arguments = (
            kind.as_str(),
            failure.outcome().as_str(),
            codes,
            failure.to_string(),
        );
        keywords.set_item("failure", module.getattr("Failure")?.call1(arguments)?)
    })
}

pub(crate) fn plan_file(py: Python<'_>, name: &str, error: &PlanFileError) -> PyErr {
    named(
        py,
        "PlanFileError",
        name,
        &format!("can't be used: {error}"),
    )
}

pub(crate) fn journal(py: Python<'_>, name: &str, error: &JournalError) -> PyErr {
    named(py, "JournalError", name, &format!("can't be used: {error}"))
}

/// A plan or a journal of another address or key.
pub(crate) fn refused(py: Python<'_>, name: &str, refused: &Refused) -> PyErr {
    let hint = match refused {
        Refused::Key => "; if it is another key of the same account, pass other_key=True",
        _ => "",
    };
    let what = format!("{refused}{hint}; nothing was sent");
    named(py, "OtherAccountError", name, &what)
}

fn named(py: Python<'_>, class: &str, name: &str, what: &str) -> PyErr {
    let name = contacts_core::printable(name);
    exception(py, class, &format!("`{name}`: {what}"), |_, _| Ok(()))
}

/// A file that can't be read or written: Python's own exceptions, as `FileExistsError`.
pub(crate) fn file(path: &Path, error: &std::io::Error) -> PyErr {
    let name = path.display().to_string();
    let message = format!("`{}`: {error}", contacts_core::printable(&name));
    std::io::Error::new(error.kind(), message).into()
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
