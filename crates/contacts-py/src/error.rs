//! Converts the errors of the other crates to the exceptions of `digicert_contacts._exceptions`.

use std::fmt::{Display, Write};
use std::path::Path;

use contacts_bulk::file::{FileError, FileFormat};
use contacts_bulk::{AccountMismatch, Problems};
use contacts_core::{ReadError, Rule, Violation, Violations};
use contacts_http::Error;
use pyo3::exceptions::PyOSError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple, PyType};

use crate::bulk;

const SURROGATE: &str = "not valid Unicode: half of a surrogate pair";
const SURROGATE_CODE: &str = "lone-surrogate";

/// The start of the message of every `InputError`.
const REJECTED: &str = "input rejected, nothing was sent";

/// An exception class.
macro_rules! class {
    ($py:expr, $name:literal) => {
        python_class!($py, "_exceptions", $name)
    };
}

/// A record class.
macro_rules! record {
    ($py:expr, $name:literal) => {
        python_class!($py, "_records", $name)
    };
}

mod stopped;

pub(crate) use stopped::{export_stopped, plan_stopped, raised, search_stopped};

/// An exception with a message and keyword arguments.
fn exception(
    py: Python<'_>,
    class: PyResult<&Bound<'_, PyType>>,
    message: &str,
    keywords: impl FnOnce(&Bound<'_, PyDict>) -> PyResult<()>,
) -> PyErr {
    let create = || {
        let arguments = PyDict::new(py);
        keywords(&arguments)?;
        class?.call((message,), Some(&arguments))
    };
    create().map_or_else(|error| error, PyErr::from_value)
}

/// An exception with a tuple of records as the keyword argument `name`.
fn with_records<'py>(
    py: Python<'py>,
    class: PyResult<&Bound<'_, PyType>>,
    message: &str,
    name: &str,
    records: impl Iterator<Item = PyResult<Bound<'py, PyAny>>>,
) -> PyErr {
    exception(py, class, message, |keywords| {
        keywords.set_item(
            name,
            PyTuple::new(py, records.collect::<PyResult<Vec<_>>>()?)?,
        )
    })
}

pub(crate) fn setting(py: Python<'_>, message: &str) -> PyErr {
    exception(py, class!(py, "ConfigurationError"), message, |_| Ok(()))
}

pub(crate) fn violations(py: Python<'_>, violations: &Violations) -> PyErr {
    validation(py, &text(violations), violations)
}

/// The text, in a string with room for most texts: growing it takes longer than formatting.
fn text(value: &impl Display) -> String {
    let mut text = String::with_capacity(128);
    let _ = write!(text, "{value}");
    text
}

pub(crate) fn validation(py: Python<'_>, message: &str, violations: &[Violation]) -> PyErr {
    let records = violations.iter().map(|violation| {
        let (path, rule) = (violation.path(), violation.rule());
        record!(py, "Violation")?.call1((text(path), rule.code(), text(rule)))
    });
    let class = class!(py, "ValidationError");
    with_records(py, class, message, "violations", records)
}

/// A string of Python that is not valid Unicode, which `contacts-core` cannot represent.
pub(crate) fn surrogate(py: Python<'_>, path: &str) -> PyErr {
    violation(py, path, SURROGATE_CODE, SURROGATE)
}

/// An order without an id, which an `Order` of Python always has.
pub(crate) fn no_order_id(py: Python<'_>) -> PyErr {
    violation(py, "id", Rule::Required.code(), &text(&Rule::Required))
}

fn violation(py: Python<'_>, path: &str, code: &str, rule: &str) -> PyErr {
    let colon = if path.is_empty() { "" } else { ": " };
    let message = format!("{path}{colon}{rule}");
    let record = || record!(py, "Violation")?.call1((path, code, rule));
    let class = class!(py, "ValidationError");
    with_records(py, class, &message, "violations", [record()].into_iter())
}

/// The problems of a file, or of rows.
pub(crate) fn input(py: Python<'_>, file: Option<&str>, problems: &Problems) -> PyErr {
    let mut lines = vec![match problems.total() {
        1 => format!("{REJECTED}:"),
        total => format!("{REJECTED}; {total} problems:"),
    }];
    lines.extend(problems.iter().map(|p| bulk::problem_line(file, p)));
    if problems.omitted() > 0 {
        lines.push(format!("and {} more of other kinds", problems.omitted()));
    }
    let records = problems
        .iter()
        .map(|p| bulk::problem_record(record!(py, "Problem")?, file, p));
    let class = class!(py, "InputError");
    with_records(py, class, &lines.join("\n  "), "problems", records)
}

/// A row with a string that is not valid Unicode.
pub(crate) fn row_surrogate(py: Python<'_>, row: usize, path: &str) -> PyErr {
    let column = Some(path).filter(|path| !path.is_empty());
    let dot = column.map_or("", |_| ".");
    let message = format!("{REJECTED}:\n  rows[{row}]{dot}{path}: {SURROGATE}");
    let none = None::<&str>;
    let fields = (
        none,
        none,
        row,
        column,
        SURROGATE_CODE,
        SURROGATE,
        1,
        (row,),
    );
    let record = || record!(py, "Problem")?.call1(fields);
    let class = class!(py, "InputError");
    with_records(py, class, &message, "problems", [record()].into_iter())
}

/// The columns of a frame whose type is not supported, each with the name of the type.
pub(crate) fn columns(py: Python<'_>, columns: &[(String, String)]) -> PyErr {
    let text = |found: &str| {
        format!("expected text or integers, found {found}; convert the column or drop it")
    };
    let mut message = format!("{REJECTED}:");
    for (name, found) in columns {
        let _ = write!(message, "\n  column `{name}`: {}", text(found));
    }
    let records = columns.iter().map(|(name, found)| {
        let (none, rows) = (None::<&str>, PyTuple::empty(py));
        let fields = (none, none, none, name, "wrong-type", text(found), 1, rows);
        record!(py, "Problem")?.call1(fields)
    });
    let class = class!(py, "InputError");
    with_records(py, class, &message, "problems", records)
}

/// An invalid plan or journal.
pub(crate) fn invalid_file(py: Python<'_>, name: &str, error: &FileError) -> PyErr {
    let class = if error.format == FileFormat::Plan {
        class!(py, "PlanFileError")
    } else {
        class!(py, "JournalError")
    };
    with_name(py, class, name, &error.to_string())
}

pub(crate) fn account_mismatch(py: Python<'_>, name: &str, mismatch: &AccountMismatch) -> PyErr {
    let hint = match mismatch {
        AccountMismatch::Key => "; if it is another key of the same account, pass other_key=True",
        _ => "",
    };
    let message = format!("{mismatch}{hint}; nothing was sent");
    with_name(py, class!(py, "AccountMismatchError"), name, &message)
}

fn with_name(
    py: Python<'_>,
    class: PyResult<&Bound<'_, PyType>>,
    name: &str,
    message: &str,
) -> PyErr {
    let name = contacts_core::printable(name);
    exception(py, class, &format!("`{name}`: {message}"), |_| Ok(()))
}

/// An I/O error, as the exception that Python itself would raise, such as `FileExistsError`.
pub(crate) fn file(path: &Path, error: &std::io::Error) -> PyErr {
    let name = path.display().to_string();
    if let Some(number) = error.raw_os_error() {
        let text = error.to_string();
        let reason = text.split(" (os error").next().unwrap_or_default();
        let reason = reason.to_owned();
        // Python chooses the class by the number.
        return if cfg!(windows) {
            // A Windows error code, which Python converts to an `errno`.
            PyOSError::new_err((0, reason, name, number))
        } else {
            PyOSError::new_err((number, reason, name))
        };
    }
    let message = format!("`{}`: {error}", contacts_core::printable(&name));
    std::io::Error::new(error.kind(), message).into()
}

/// An incomplete order report.
pub(crate) fn report(py: Python<'_>, error: &std::io::Error, base_url: &str) -> PyErr {
    let message = format!("the order report is incomplete: {error}");
    let class = if error.kind() == std::io::ErrorKind::TimedOut {
        class!(py, "RequestTimeoutError")
    } else {
        class!(py, "RequestError")
    };
    exception(py, class, &message, |keywords| {
        let request = request_info(py, "GET", base_url, "report/order")?;
        keywords.set_item(intern!(py, "request"), request)?;
        keywords.set_item(
            intern!(py, "outcome"),
            contacts_core::Outcome::Rejected.as_str(),
        )
    })
}

fn request_info<'py>(
    py: Python<'py>,
    method: &str,
    base_url: &str,
    path: &str,
) -> PyResult<Bound<'py, PyAny>> {
    record!(py, "RequestInfo")?.call1((method, format!("{base_url}/{path}")))
}

pub(crate) fn read_error(py: Python<'_>, error: &ReadError) -> PyErr {
    match error {
        ReadError::Violations(list) => violations(py, list),
        error => validation(py, &error.to_string(), &[]),
    }
}

pub(crate) fn request(py: Python<'_>, error: &Error, base_url: &str) -> PyErr {
    let message = contacts_bulk::http::with_causes(error);
    exception(py, class(py, error), &message, |keywords| {
        let class = record!(py, "ApiError")?;
        let api_errors = error.api_errors().iter();
        let api_errors = api_errors.map(|e| class.call1((&e.code, &e.message)));
        let api_errors = PyTuple::new(py, api_errors.collect::<PyResult<Vec<_>>>()?)?;
        let request = request_info(py, error.method(), base_url, &error.path())?;
        keywords.set_item(intern!(py, "request"), request)?;
        keywords.set_item(intern!(py, "status_code"), error.status())?;
        keywords.set_item(intern!(py, "errors"), api_errors)?;
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
    } else if error.is_permission_denied() {
        class!(py, "PermissionDeniedError")
    } else if error.is_unauthorized() {
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
