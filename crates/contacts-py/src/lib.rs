//! The extension module `digicert_contacts._core`.
//!
//! It takes values out of Python objects, lets go of the interpreter while a call waits, and wraps
//! what comes back. It has no rule and does no I/O of its own; those are in the other crates. Enums
//! and exceptions are Python classes, in `python/digicert_contacts`, because those of pyo3 don't
//! pickle.

mod arg;
mod client;
mod command;
mod contact;
mod error;
mod order;
mod sandbox;
mod signal;
mod update;

use pyo3::prelude::*;

/// The Rust side of `digicert_contacts`. Import from there, not from here.
#[pymodule]
mod _core {
    use super::{Bound, PyModule, PyModuleMethods, PyResult};

    #[pymodule_export]
    use crate::client::Client;
    #[pymodule_export]
    use crate::command::run_cli;
    #[pymodule_export]
    use crate::contact::Contact;
    #[pymodule_export]
    use crate::order::{Order, OrderContact};
    #[pymodule_export]
    use crate::sandbox::Sandbox;
    #[pymodule_export]
    use crate::update::ContactsUpdate;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
