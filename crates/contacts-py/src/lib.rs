//! The extension module `digicert_contacts._core`.
//!
//! It takes values out of Python objects, lets go of the interpreter while a call waits, and wraps
//! what comes back. It has no rule and does no I/O of its own; those are in the other crates. Enums
//! and exceptions are Python classes, in `python/digicert_contacts`, because those of pyo3 don't
//! pickle.

#![expect(
    clippy::doc_lazy_continuation,
    clippy::doc_link_with_quotes,
    clippy::doc_markdown,
    reason = "what `doc!` gives is written for Python's `help`"
)]

/// What the stub `_core.pyi` says of a class, a member or a function; the build script takes it apart.
macro_rules! doc {
    ($name:literal) => {
        include_str!(concat!(env!("OUT_DIR"), "/docs/", $name))
    };
}

mod arg;
mod bulk;
mod call;
mod client;
mod command;
mod contact;
mod error;
mod leaving;
mod listing;
mod log;
mod main_thread;
mod order;
mod rate_limits;
mod sandbox;
mod settings;
mod show;
mod update;
mod user;
mod value;

use pyo3::prelude::*;

/// The Rust side of `digicert_contacts`. Import from there, not from here.
#[pymodule(gil_used = false)]
mod _core {
    use super::{Bound, PyModule, PyModuleMethods, PyResult, leaving, log};

    #[pymodule_export]
    use crate::bulk::{BulkPlan, BulkSource};
    #[pymodule_export]
    use crate::bulk::{bulk_check, bulk_plan, bulk_read_plan, bulk_resume, bulk_undo};
    #[pymodule_export]
    use crate::call::Cancellation;
    #[pymodule_export]
    use crate::client::Client;
    #[pymodule_export]
    use crate::command::run_cli;
    #[pymodule_export]
    use crate::contact::Contact;
    #[pymodule_export]
    use crate::listing::{Orders, ReportBytes};
    #[pymodule_export]
    use crate::order::{Order, OrderContact};
    #[pymodule_export]
    use crate::rate_limits::RateLimits;
    #[pymodule_export]
    use crate::sandbox::Sandbox;
    #[pymodule_export]
    use crate::update::ContactsUpdate;
    #[pymodule_export]
    use crate::user::User;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        log::start();
        leaving::watch(module)?;
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
