//! The finalization of the interpreter, during which threads must not attach.
//!
//! Python ends a thread that attaches to a finalizing interpreter. pyo3 blocks a thread that returns
//! from a detached section instead; but if the thread runs Python code for us (a handler of
//! `logging`, the constructor of an exception) and pauses there, Python unwinds it through frames of
//! Rust, which aborts the process. This happens to daemon threads, which Python does not join. So
//! every thread except the main thread holds an [`AttachGuard`] while it is attached. Once the
//! interpreter finalizes, such threads block for ever, which does not matter for daemon threads,
//! and the interpreter waits until the guards of all others are dropped.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use pyo3::prelude::*;

use crate::main_thread;

static FINALIZING: AtomicBool = AtomicBool::new(false);
static GUARDS: AtomicUsize = AtomicUsize::new(0);

/// The longest time that the interpreter waits for guards. Their threads may wait for the lock of a
/// slow logging handler.
const MAX_WAIT: Duration = Duration::from_secs(10);

/// Delays finalization while a thread is attached.
pub(crate) struct AttachGuard(());

impl AttachGuard {
    /// `None` if the interpreter is finalizing.
    fn new() -> Option<Self> {
        GUARDS.fetch_add(1, Ordering::SeqCst);
        let guard = Self(());
        (!FINALIZING.load(Ordering::SeqCst)).then_some(guard)
    }
}

impl Drop for AttachGuard {
    fn drop(&mut self) {
        GUARDS.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Called by a thread, other than the main thread, before it attaches again. Blocks for ever if the
/// interpreter is finalizing.
pub(crate) fn wait_to_attach() -> AttachGuard {
    AttachGuard::new().unwrap_or_else(|| block_for_ever())
}

/// Runs `work`, which runs Python code, on a thread that is attached. Blocks for ever instead if the
/// interpreter is finalizing and this is not the main thread.
pub(crate) fn stay_attached<T>(py: Python<'_>, work: impl FnOnce() -> T) -> T {
    let guard = AttachGuard::new();
    // Known without Python code, because `finalize` has checked the main thread.
    if guard.is_none() && !main_thread::is_current() {
        py.detach(|| block_for_ever());
    }
    work()
}

fn block_for_ever() -> ! {
    loop {
        thread::park();
    }
}

/// Runs `work` attached to the interpreter, unless that is finalizing.
pub(crate) fn attach<T>(is_main: bool, work: impl FnOnce(Python<'_>) -> T) -> Option<T> {
    let guard = AttachGuard::new();
    if guard.is_none() && !is_main {
        return None;
    }
    Python::try_attach(work)
}

/// Called by `atexit`.
#[pyfunction]
fn finalize(py: Python<'_>) {
    main_thread::check(py);
    FINALIZING.store(true, Ordering::SeqCst);
    let deadline = Instant::now() + MAX_WAIT;
    py.detach(|| {
        while GUARDS.load(Ordering::SeqCst) > 0 && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(1));
        }
    });
}

pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let finalize = wrap_pyfunction!(finalize, module)?;
    let atexit = module.py().import("atexit")?;
    atexit.call_method1("register", (finalize,)).map(drop)
}
