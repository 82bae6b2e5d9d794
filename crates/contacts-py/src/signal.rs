//! Ctrl-C while a call waits.

use std::cell::RefCell;

use pyo3::prelude::*;

thread_local! {
    /// What a signal handler raised while this thread was waiting outside of the interpreter.
    static RAISED: RefCell<Option<PyErr>> = const { RefCell::new(None) };
}

/// Lets Python's signal handlers run; says whether one raised, or whether the interpreter is going
/// away, in which case nobody waits for the answer any more.
pub(crate) fn raised() -> bool {
    let Some(error) = Python::try_attach(|py| py.check_signals().err()) else {
        return true;
    };
    let raised = error.is_some();
    RAISED.set(error);
    raised
}

/// What was raised, once.
pub(crate) fn take() -> Option<PyErr> {
    RAISED.take()
}
