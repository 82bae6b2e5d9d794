//! Ctrl-C while a call waits.

use std::cell::RefCell;

use pyo3::prelude::*;

thread_local! {
    /// What a signal handler raised while this thread was waiting outside of the interpreter.
    static RAISED: RefCell<Option<PyErr>> = const { RefCell::new(None) };
}

/// Lets Python's signal handlers run; says whether one raised.
pub(crate) fn raised() -> bool {
    let error = Python::attach(|py| py.check_signals().err());
    let raised = error.is_some();
    RAISED.set(error);
    raised
}

/// What was raised, once.
pub(crate) fn take() -> Option<PyErr> {
    RAISED.take()
}
