//! A call that waits outside of the interpreter: how it is interrupted, and how it comes back.

use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::{leaving, log, main_thread};

thread_local! {
    /// What a signal handler raised while this thread was waiting.
    static RAISED: RefCell<Option<PyErr>> = const { RefCell::new(None) };
    /// Whether nothing was looked for since the interpreter was let go, which has just looked itself.
    static JUST_LEFT: Cell<bool> = const { Cell::new(false) };
    /// Set for what `Cancellation.run` calls.
    static CANCELLED: RefCell<Option<Arc<AtomicBool>>> = const { RefCell::new(None) };
}

/// Lets go of the interpreter while `work` waits; `then` makes Python's of what it gave. Also while
/// that runs, the interpreter does not end.
pub(crate) fn outside<T: Send, R>(
    py: Python<'_>,
    work: impl FnOnce() -> T + Send,
    then: impl FnOnce(T) -> R,
) -> R {
    let main = main_thread::note(py);
    log::note_level(py);
    JUST_LEFT.set(true);
    let (done, _coming) = py.detach(|| {
        let done = work();
        (done, (!main).then(leaving::coming_back))
    });
    then(done)
}

/// Whether to stop waiting: the call was cancelled, or a handler of a signal raised. Python runs
/// handlers in the main thread alone; the others don't come into the interpreter to ask.
pub(crate) fn interrupted() -> bool {
    let cancelled = |flag: &Arc<AtomicBool>| flag.load(Ordering::SeqCst);
    if CANCELLED.with_borrow(|flag| flag.as_ref().is_some_and(cancelled)) {
        return true;
    }
    if !main_thread::is_here() || JUST_LEFT.take() {
        return false;
    }
    let Some(Some(error)) = Python::try_attach(|py| py.check_signals().err()) else {
        return false;
    };
    RAISED.set(Some(error));
    true
}

/// What cancels the calls of this thread: that of the `Cancellation` it is under, or one of its own.
pub(crate) fn cancellation() -> Arc<AtomicBool> {
    CANCELLED.with_borrow(Clone::clone).unwrap_or_default()
}

/// Does `work`, whose calls end once `flag` is set.
pub(crate) fn cancelled_by<T>(flag: &Arc<AtomicBool>, work: impl FnOnce() -> T) -> T {
    let before = CANCELLED.replace(Some(Arc::clone(flag)));
    let done = work();
    CANCELLED.set(before);
    done
}

/// What was raised, once.
pub(crate) fn raised() -> Option<PyErr> {
    RAISED.take()
}

#[doc = doc!("Cancellation")]
#[pyclass(frozen, module = "digicert_contacts._core")]
#[derive(Default)]
pub(crate) struct Cancellation(Arc<AtomicBool>);

#[pymethods]
impl Cancellation {
    #[new]
    fn new() -> Self {
        Self::default()
    }

    #[doc = doc!("Cancellation.cancel")]
    fn cancel(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    #[doc = doc!("Cancellation.run")]
    #[pyo3(signature = (function, *args, **kwargs))]
    fn run<'py>(
        &self,
        function: &Bound<'py, PyAny>,
        args: &Bound<'py, PyTuple>,
        kwargs: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        cancelled_by(&self.0, || function.call(args, kwargs))
    }
}
