//! Blocking calls: they detach from the interpreter, and can be interrupted.

use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use pyo3::prelude::*;

use crate::{finalization, log, main_thread};

thread_local! {
    /// The exception of a signal handler during a blocking call of this thread.
    static RAISED: RefCell<Option<PyErr>> = const { RefCell::new(None) };
    /// Whether Python has just run the signal handlers itself, before the thread detached.
    static SIGNALS_CHECKED: Cell<bool> = const { Cell::new(false) };
    /// The flag that cancels the calls of this thread.
    static CANCELLED: RefCell<Option<Arc<AtomicBool>>> = const { RefCell::new(None) };
}

/// Detaches from the interpreter for `work`, and converts its result with `convert`. The interpreter
/// does not finalize during `convert`.
pub(crate) fn detached<T: Send, R>(
    py: Python<'_>,
    work: impl FnOnce() -> T + Send,
    convert: impl FnOnce(T) -> R,
) -> R {
    log::update_level(py);
    detached_without_log(py, work, convert)
}

/// As [`detached`], for the console command, which has a log of its own.
pub(crate) fn detached_without_log<T: Send, R>(
    py: Python<'_>,
    work: impl FnOnce() -> T + Send,
    convert: impl FnOnce(T) -> R,
) -> R {
    let is_main = main_thread::check(py);
    SIGNALS_CHECKED.set(true);
    let (result, _guard) = py.detach(|| {
        let result = work();
        (result, (!is_main).then(finalization::wait_to_attach))
    });
    convert(result)
}

/// Whether to stop waiting: the call was cancelled, or a signal handler raised. Only the main thread
/// attaches to the interpreter for this, since Python runs signal handlers there.
pub(crate) fn interrupted() -> bool {
    let is_set = |flag: &Arc<AtomicBool>| flag.load(Ordering::SeqCst);
    if CANCELLED.with_borrow(|flag| flag.as_ref().is_some_and(is_set)) {
        return true;
    }
    if !main_thread::is_current() || SIGNALS_CHECKED.take() {
        return false;
    }
    let Some(Some(error)) = Python::try_attach(|py| py.check_signals().err()) else {
        return false;
    };
    RAISED.set(Some(error));
    true
}

/// The flag that cancels the calls of this thread, or a new one.
pub(crate) fn cancellation_flag() -> Arc<AtomicBool> {
    CANCELLED.with_borrow(Clone::clone).unwrap_or_default()
}

/// Runs `work`, whose calls are cancelled when `flag` is set.
pub(crate) fn with_cancellation<T>(flag: &Arc<AtomicBool>, work: impl FnOnce() -> T) -> T {
    let previous = CANCELLED.replace(Some(Arc::clone(flag)));
    let result = work();
    CANCELLED.set(previous);
    result
}

/// Takes the exception that a signal handler raised.
pub(crate) fn take_raised() -> Option<PyErr> {
    RAISED.take()
}
