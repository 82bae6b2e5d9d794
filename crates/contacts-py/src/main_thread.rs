//! Which thread is Python's main thread, which alone gets signals.

use std::cell::Cell;
use std::process;

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

thread_local! {
    /// Whether this thread is it, of the process with this id.
    static MAIN: Cell<(u32, bool)> = const { Cell::new((0, false)) };
}

/// Whether this is the main thread. After a fork it may be another.
pub(crate) fn note(py: Python<'_>) -> bool {
    let id = process::id();
    let (noted, main) = MAIN.get();
    if noted == id {
        return main;
    }
    // Where it can't be found out, signals are looked for in vain, which does no harm.
    let main = is_main(py).unwrap_or(true);
    MAIN.set((id, main));
    main
}

fn is_main(py: Python<'_>) -> PyResult<bool> {
    static THREADING: PyOnceLock<Py<PyModule>> = PyOnceLock::new();
    let threading = THREADING.get_or_try_init(py, || py.import("threading").map(Bound::unbind))?;
    let threading = threading.bind(py);
    let main = threading.call_method0("main_thread")?.getattr("ident")?;
    main.eq(threading.call_method0("get_ident")?)
}

/// As it was when the call began.
pub(crate) fn is_here() -> bool {
    MAIN.get().1
}
