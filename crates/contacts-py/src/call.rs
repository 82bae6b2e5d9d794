//! Blocking calls: they detach from the interpreter, and can be interrupted.

use std::cell::{Cell, RefCell};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pyo3::prelude::*;

use crate::{error, finalization, log, main_thread};

thread_local! {
    /// The exception of a signal handler or a hook during a blocking call of this thread.
    static RAISED: RefCell<Option<PyErr>> = const { RefCell::new(None) };
    /// Whether Python has just run the signal handlers itself, before the thread detached.
    static SIGNALS_CHECKED: Cell<bool> = const { Cell::new(false) };
    /// The flag that cancels the calls of this thread.
    static CANCELLED: RefCell<Option<Arc<CancelFlag>>> = const { RefCell::new(None) };
}

/// Cancels calls, in whatever threads they are made.
#[derive(Default)]
pub(crate) struct CancelFlag {
    is_set: AtomicBool,
    /// The first exception that cancelled them.
    raised: Mutex<Option<PyErr>>,
}

impl CancelFlag {
    pub(crate) fn set(&self) {
        self.is_set.store(true, Ordering::SeqCst);
    }

    pub(crate) fn is_set(&self) -> bool {
        self.is_set.load(Ordering::SeqCst)
    }

    /// Sets the flag because of an exception.
    pub(crate) fn raise(&self, error: PyErr) {
        self.raised().get_or_insert(error);
        self.set();
    }

    pub(crate) fn has_raised(&self) -> bool {
        self.raised().is_some()
    }

    pub(crate) fn take_raised(&self) -> Option<PyErr> {
        self.raised().take()
    }

    fn raised(&self) -> MutexGuard<'_, Option<PyErr>> {
        self.raised.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Detaches from the interpreter for `work`, and converts its result with `convert`. The interpreter
/// does not finalize during `convert`.
pub(crate) fn detached<T: Send, R>(
    py: Python<'_>,
    work: impl FnOnce() -> T + Send,
    convert: impl FnOnce(T) -> R,
) -> R {
    finalization::stay_attached(py, || log::update_level(py));
    detached_without_log(py, work, convert)
}

/// As [`detached`], for the requests of a client. Raises the exception of a signal handler or a hook, if
/// there is one.
pub(crate) fn requests<T: Send, R>(
    py: Python<'_>,
    send: impl FnOnce() -> T + Send,
    convert: impl FnOnce(T) -> PyResult<R>,
) -> PyResult<R> {
    detached(py, send, |value| {
        let result = convert(value);
        match take_raised() {
            Some(raised) => Err(error::raised(py, raised, result.err())),
            None => result,
        }
    })
}

/// As [`detached`], for the console command, which has a log of its own.
pub(crate) fn detached_without_log<T: Send, R>(
    py: Python<'_>,
    work: impl FnOnce() -> T + Send,
    convert: impl FnOnce(T) -> R,
) -> R {
    let is_main = finalization::stay_attached(py, || main_thread::check(py));
    SIGNALS_CHECKED.set(true);
    let (result, _guard) = py.detach(|| {
        let result = work();
        (result, (!is_main).then(finalization::wait_to_attach))
    });
    convert(result)
}

/// Whether to stop waiting: the call was cancelled, or a hook or a signal handler raised. Only the main
/// thread attaches to the interpreter for this, since Python runs signal handlers there.
pub(crate) fn interrupted() -> bool {
    let is_set = |flag: &Arc<CancelFlag>| flag.is_set();
    if has_raised() || CANCELLED.with_borrow(|flag| flag.as_ref().is_some_and(is_set)) {
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
pub(crate) fn cancellation_flag() -> Arc<CancelFlag> {
    CANCELLED.with_borrow(Clone::clone).unwrap_or_default()
}

/// Runs `work`, whose calls are cancelled when `flag` is set.
pub(crate) fn with_cancellation<T>(flag: &Arc<CancelFlag>, work: impl FnOnce() -> T) -> T {
    let previous = CANCELLED.replace(Some(Arc::clone(flag)));
    let result = work();
    CANCELLED.set(previous);
    result
}

/// Cancels the call of this thread, since a hook raised.
pub(crate) fn raise(py: Python<'_>, error: PyErr) {
    if has_raised() {
        error.write_unraisable(py, None);
    } else {
        RAISED.set(Some(error));
    }
}

/// Whether a signal handler or a hook raised during the call of this thread.
pub(crate) fn has_raised() -> bool {
    RAISED.with_borrow(Option::is_some)
}

/// Takes the exception that a signal handler or a hook raised.
pub(crate) fn take_raised() -> Option<PyErr> {
    RAISED.take()
}
