//! The extension module `digicert_contacts._core`.
//!
//! It converts Python objects, detaches from the interpreter during blocking calls, and wraps the
//! results. The rules and the I/O are in the other crates. Enums, exceptions and records are Python
//! classes, in `python/digicert_contacts`, because those of pyo3 cannot be pickled.

#![expect(
    clippy::doc_lazy_continuation,
    clippy::doc_link_with_quotes,
    clippy::doc_markdown,
    reason = "the text of `doc!` is written for Python's `help`"
)]

/// The docstring of a class, a member or a function in the stub `_core.pyi`.
macro_rules! doc {
    ($name:literal) => {
        include_str!(concat!(env!("OUT_DIR"), "/docs/", $name))
    };
}

/// A Python class of this package, imported once.
macro_rules! python_class {
    ($py:expr, $module:literal, $name:literal) => {{
        static CLASS: pyo3::sync::PyOnceLock<pyo3::Py<pyo3::types::PyType>> =
            pyo3::sync::PyOnceLock::new();
        CLASS.import($py, concat!("digicert_contacts.", $module), $name)
    }};
}

mod argument;
mod bulk;
mod call;
mod cancellation;
mod client;
mod command;
mod contact;
mod error;
mod finalization;
mod hooks;
mod log;
mod main_thread;
mod order;
mod order_contact;
mod orders;
mod rate_limits;
mod report_stream;
mod repr;
mod sandbox;
mod settings;
mod update;
mod user;
mod value;

use pyo3::prelude::*;

/// The Rust code of `digicert_contacts`. Import from there, not from here.
#[pymodule(gil_used = false)]
mod _core {
    use super::{Bound, PyAnyMethods, PyModule, PyModuleMethods, PyResult, finalization};

    #[pymodule_export]
    use crate::{
        bulk::{BulkOrders, BulkPlan, BulkSearch, BulkSource},
        bulk::{bulk_check, bulk_export, bulk_plan, bulk_read_plan, bulk_resume, bulk_search},
        bulk::{bulk_snapshot_plan, bulk_undo, bulk_unread_plan},
        cancellation::Cancellation,
        client::Client,
        command::run_cli,
        contact::Contact,
        order::Order,
        order_contact::OrderContact,
        orders::Orders,
        rate_limits::RateLimits,
        report_stream::ReportStream,
        sandbox::Sandbox,
        update::ContactsUpdate,
    };

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        finalization::register(module)?;
        for name in ["Contact", "ContactsUpdate"] {
            // For `copy.replace` of Python 3.13.
            let class = module.getattr(name)?;
            class.setattr("__replace__", class.getattr("replace")?)?;
        }
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
