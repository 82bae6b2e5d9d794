//! Reading many orders stopped early, or a hook or a signal handler ended a call.

use std::fmt::Write;
use std::path::Path;

use contacts_bulk::search::SearchStopped;
use contacts_bulk::{Failure, PlanStopped};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyType;

use super::exception;
use crate::bulk;

pub(crate) fn plan_stopped(py: Python<'_>, stopped: &PlanStopped) -> PyErr {
    let class = class!(py, "PlanStoppedError");
    with_failure(py, class, &stopped.to_string(), stopped.failure())
}

pub(crate) fn search_stopped(py: Python<'_>, stopped: &SearchStopped) -> PyErr {
    let class = class!(py, "SearchStoppedError");
    with_failure(py, class, &stopped.to_string(), stopped.failure())
}

/// An export that stopped after `read` orders were read, in this process and earlier ones.
pub(crate) fn export_stopped(
    py: Python<'_>,
    failure: &Failure,
    read: usize,
    partial: &Path,
) -> PyErr {
    let mut message = format!("export stopped after {read} orders were read: {failure}");
    if read > 0 {
        let name = partial.display().to_string();
        let name = contacts_core::printable(&name);
        let _ = write!(
            message,
            "; progress is saved in `{name}`; to resume, export again"
        );
    }
    with_failure(py, class!(py, "ExportStoppedError"), &message, failure)
}

fn with_failure(
    py: Python<'_>,
    class: PyResult<&Bound<'_, PyType>>,
    message: &str,
    failure: &Failure,
) -> PyErr {
    exception(py, class, message, |keywords| {
        keywords.set_item(intern!(py, "failure"), bulk::failure(py, failure)?)
    })
}

/// The exception of a signal handler or a hook, which ended a call with this error. Its cause says what
/// the call has done.
pub(crate) fn raised(py: Python<'_>, raised: PyErr, error: Option<PyErr>) -> PyErr {
    if raised.cause(py).is_none() {
        let succeeded = || {
            let message = "the call had succeeded before";
            exception(py, class!(py, "CallCancelledError"), message, |keywords| {
                keywords.set_item(intern!(py, "outcome"), "done")?;
                keywords.set_item(intern!(py, "attempts"), 1)
            })
        };
        raised.set_cause(py, Some(error.unwrap_or_else(succeeded)));
    }
    raised
}
