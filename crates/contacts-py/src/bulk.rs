//! Bulk changes: from the sources of Python to the plans and runs of `contacts-bulk`.

mod api;
mod export;
mod frame;
mod output;
mod plan;
mod problem;
mod progress;
mod queue;
mod record;
mod rows;
mod run;
mod search;
mod source;
mod worker;

pub(crate) use export::bulk_export;
pub(crate) use plan::{
    BulkPlan, bulk_plan, bulk_read_plan, bulk_snapshot_plan, bulk_undo, bulk_unread_plan,
};
pub(crate) use problem::{problem_line, problem_record};
pub(crate) use record::{BulkOrders, failure};
pub(crate) use run::bulk_resume;
pub(crate) use search::{BulkSearch, bulk_search};
pub(crate) use source::{BulkSource, bulk_check};
pub(crate) use worker::{planned_order, send_planned};

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::client::Client;

/// Calls a function of `digicert_contacts._bulk`, whose first argument is the client.
pub(crate) fn call<'py>(
    client: &Bound<'py, Client>,
    function: &str,
    args: &Bound<'py, PyTuple>,
    keywords: Option<&Bound<'py, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = client.py();
    let client = std::iter::once(client.as_any().clone());
    let args = PyTuple::new(py, client.chain(args).collect::<Vec<_>>())?;
    let module = py.import("digicert_contacts._bulk")?;
    module.getattr(function)?.call(args, keywords)
}
