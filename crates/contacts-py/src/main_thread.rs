//! Whether a thread is Python's main thread, which alone runs signal handlers.

use std::cell::Cell;
use std::process;

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

thread_local! {
    /// The id of the process, and whether this thread is its main thread.
    static MAIN: Cell<(u32, bool)> = const { Cell::new((0, false)) };
}

/// Checks whether this thread is the main thread, which can change by a fork.
pub(crate) fn check(py: Python<'_>) -> bool {
    let id = process::id();
    let (cached_id, is_main) = MAIN.get();
    if cached_id == id {
        return is_main;
    }
    // Without an answer, checking for signals does no harm.
    let is_main = is_main_thread(py).unwrap_or(true);
    MAIN.set((id, is_main));
    is_main
}

fn is_main_thread(py: Python<'_>) -> PyResult<bool> {
    static THREADING: PyOnceLock<Py<PyModule>> = PyOnceLock::new();
    let threading = THREADING.get_or_try_init(py, || py.import("threading").map(Bound::unbind))?;
    let threading = threading.bind(py);
    let main = threading.call_method0("main_thread")?.getattr("ident")?;
    main.eq(threading.call_method0("get_ident")?)
}

/// The result of the last [`check`].
pub(crate) fn is_current() -> bool {
    MAIN.get().1
}
