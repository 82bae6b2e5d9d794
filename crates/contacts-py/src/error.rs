//! From the errors of the other crates to the exceptions of `digicert_contacts._exceptions`.

use std::fmt::{Display, Write};
use std::path::Path;

use contacts_bulk::{AccountMismatch, JournalError, PlanFileError, PlanStopped, Problems};
use contacts_core::{ReadError, Violation, Violations};
use contacts_http::Error;
use pyo3::exceptions::PyOSError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyList, PyTuple, PyType};

use crate::bulk::Place;
use crate::call;

const SURROGATE: &str = "not valid Unicode: half of a surrogate pair";

/// The class of that name in `digicert_contacts._exceptions`, looked up once.
macro_rules! class {
    ($py:expr, $name:literal) => {{
        static FOUND: PyOnceLock<Py<PyType>> = PyOnceLock::new();
        FOUND.import($py, "digicert_contacts._exceptions", $name)
    }};
}

/// An exception made with a message and keywords.
fn exception(
    py: Python<'_>,
    class: PyResult<&Bound<'_, PyType>>,
    message: &str,
    keywords: impl FnOnce(&Bound<'_, PyDict>) -> PyResult<()>,
) -> PyErr {
    let made = || {
        let arguments = PyDict::new(py);
        keywords(&arguments)?;
        class?.call((message,), Some(&arguments))
    };
    made().map_or_else(|error| error, PyErr::from_value)
}

pub(crate) fn setting(py: Python<'_>, message: &str) -> PyErr {
    exception(py, class!(py, "ConfigurationError"), message, |_| Ok(()))
}

pub(crate) fn invalid(py: Python<'_>, violations: &Violations) -> PyErr {
    validation(py, &shown(violations), violations)
}

/// As text, with room for most of what is shown: a string that grows costs more than it says.
fn shown(what: &impl Display) -> String {
    let mut text = String::with_capacity(128);
    let _ = write!(text, "{what}");
    text
}

pub(crate) fn validation(py: Python<'_>, message: &str, violations: &[Violation]) -> PyErr {
    exception(py, class!(py, "ValidationError"), message, |keywords| {
        let class = class!(py, "Violation")?;
        let told = violations.iter().map(|violation| {
            let (path, rule) = (violation.path(), violation.rule());
            class.call1((shown(path), rule.code(), shown(rule)))
        });
        let told = PyTuple::new(py, told.collect::<PyResult<Vec<_>>>()?)?;
        keywords.set_item(intern!(py, "violations"), told)
    })
}

/// Text from Python that is no Unicode. The rules of `contacts-core` never get to see it.
pub(crate) fn surrogate(py: Python<'_>, path: &str) -> PyErr {
    let rule = SURROGATE;
    let colon = if path.is_empty() { "" } else { ": " };
    let message = format!("{path}{colon}{rule}");
    exception(py, class!(py, "ValidationError"), &message, |keywords| {
        let violation = class!(py, "Violation")?;
        let violation = violation.call1((path, "lone-surrogate", rule))?;
        keywords.set_item(intern!(py, "violations"), (violation,))
    })
}

/// How every `InputError` begins.
const UNUSABLE: &str = "the input can't be used, nothing was sent";

/// What is wrong with a source of many orders.
pub(crate) fn input(py: Python<'_>, place: &Place, problems: &Problems) -> PyErr {
    let mut lines = vec![match problems.total() {
        1 => format!("{UNUSABLE}:"),
        total => format!("{UNUSABLE}; {total} problems:"),
    }];
    lines.extend(problems.iter().map(|problem| place.listed(problem)));
    if problems.omitted() > 0 {
        lines.push(format!("and {} more of other kinds", problems.omitted()));
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
        "{UNUSABLE}:\n  {}",
        place.line(row as u64 + 1, Some(path), SURROGATE)
    );
    unusable(py, &message, |class| {
        let (none, code) = (None::<&str>, "lone-surrogate");
        let told = class.call1((none, none, row, path, code, SURROGATE, 1, (row,)))?;
        Ok(vec![told])
    })
}

/// Columns of a frame, each with what it holds and no cell can.
pub(crate) fn columns(py: Python<'_>, columns: &[(String, &str)]) -> PyErr {
    const EXPECTED: &str = "text or whole numbers are expected";
    let said = |found| format!("{EXPECTED}, found {found}; convert the column or leave it out");
    let mut message = format!("{UNUSABLE}:");
    for (name, found) in columns {
        let _ = write!(message, "\n  column `{name}`: {}", said(*found));
    }
    unusable(py, &message, |class| {
        let (none, code) = (None::<&str>, "wrong-type");
        let told = columns.iter().map(|(name, found)| {
            let rows = PyTuple::empty(class.py());
            class.call1((none, none, none, name, code, said(*found), 1, rows))
        });
        told.collect()
    })
}

fn unusable(
    py: Python<'_>,
    message: &str,
    problems: impl for<'a> FnOnce(&Bound<'a, PyAny>) -> PyResult<Vec<Bound<'a, PyAny>>>,
) -> PyErr {
    exception(py, class!(py, "InputError"), message, |keywords| {
        let class = class!(py, "Problem")?;
        keywords.set_item(intern!(py, "problems"), PyTuple::new(py, problems(class)?)?)
    })
}

/// A plan that broke off.
pub(crate) fn stopped(py: Python<'_>, stopped: &PlanStopped) -> PyErr {
    let message = stopped.to_string();
    exception(py, class!(py, "PlanStoppedError"), &message, |keywords| {
        let failure = stopped.failure();
        let kind = serde_json::to_value(failure.kind()).unwrap_or_default();
        let codes = PyTuple::new(py, failure.codes())?;
        let arguments = (
            kind.as_str(),
            failure.outcome().as_str(),
            codes,
            failure.to_string(),
        );
        keywords.set_item(
            intern!(py, "failure"),
            class!(py, "Failure")?.call1(arguments)?,
        )
    })
}

pub(crate) fn plan_file(py: Python<'_>, name: &str, error: &PlanFileError) -> PyErr {
    named(
        py,
        class!(py, "PlanFileError"),
        name,
        &format!("can't be used: {error}"),
    )
}

pub(crate) fn journal(py: Python<'_>, name: &str, error: &JournalError) -> PyErr {
    named(
        py,
        class!(py, "JournalError"),
        name,
        &format!("can't be used: {error}"),
    )
}

/// A plan or a journal of another address or key.
pub(crate) fn refused(py: Python<'_>, name: &str, refused: &AccountMismatch) -> PyErr {
    let hint = match refused {
        AccountMismatch::Key => "; if it is another key of the same account, pass other_key=True",
        _ => "",
    };
    let what = format!("{refused}{hint}; nothing was sent");
    named(py, class!(py, "OtherAccountError"), name, &what)
}

fn named(py: Python<'_>, class: PyResult<&Bound<'_, PyType>>, name: &str, what: &str) -> PyErr {
    let name = contacts_core::printable(name);
    exception(py, class, &format!("`{name}`: {what}"), |_| Ok(()))
}

/// A file that can't be read or written: Python's own exceptions, as `FileExistsError`.
pub(crate) fn file(path: &Path, error: &std::io::Error) -> PyErr {
    let name = path.display().to_string();
    if let Some(number) = error.raw_os_error() {
        // Python's own text, and the class that belongs to the number.
        let told = error.to_string();
        let reason = told
            .split(" (os error")
            .next()
            .unwrap_or_default()
            .to_owned();
        return if cfg!(windows) {
            // There it is a number of the system, from which Python tells its own.
            PyOSError::new_err((0, reason, name, number))
        } else {
            PyOSError::new_err((number, reason, name))
        };
    }
    let message = format!("`{}`: {error}", contacts_core::printable(&name));
    std::io::Error::new(error.kind(), message).into()
}

/// The order report broke off.
pub(crate) fn report(py: Python<'_>, error: &std::io::Error) -> PyErr {
    let message = format!("the order report could not be read to its end: {error}");
    exception(py, class!(py, "RequestError"), &message, |keywords| {
        keywords.set_item(
            intern!(py, "outcome"),
            contacts_core::Outcome::Rejected.as_str(),
        )
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
    let message = contacts_bulk::http::with_causes(error);
    exception(py, class(py, error), &message, |keywords| {
        let class = class!(py, "ApiError")?;
        let list = PyList::empty(py);
        for error in error.api_errors() {
            list.append(class.call1((&error.code, &error.message))?)?;
        }
        keywords.set_item(intern!(py, "status_code"), error.status())?;
        keywords.set_item(intern!(py, "errors"), list.to_tuple())?;
        keywords.set_item(intern!(py, "outcome"), error.outcome().as_str())?;
        keywords.set_item(intern!(py, "attempts"), error.attempts())?;
        keywords.set_item(
            intern!(py, "retry_after"),
            error.retry_after().map(|wait| wait.as_secs_f64()),
        )
    })
}

fn class<'py>(py: Python<'py>, error: &Error) -> PyResult<&'py Bound<'py, PyType>> {
    if error.is_cancelled() {
        class!(py, "CallCancelledError")
    } else if error.has_no_report() {
        class!(py, "NoOrderReportError")
    } else if error.is_auth() {
        class!(py, "AuthenticationError")
    } else if error.is_not_found() {
        class!(py, "OrderNotFoundError")
    } else if error.is_rate_limited() {
        class!(py, "RateLimitError")
    } else if error.is_timeout() {
        class!(py, "RequestTimeoutError")
    } else if error.is_connect() {
        class!(py, "ConnectionFailedError")
    } else if error.is_tls() {
        class!(py, "TlsError")
    } else {
        class!(py, "RequestError")
    }
}
