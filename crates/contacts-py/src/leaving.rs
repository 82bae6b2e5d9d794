//! An interpreter that is going away.
//!
//! Where a thread wants the interpreter while that is torn down, Python ends the thread by force.
//! pyo3 holds one that comes back from waiting instead; but one that runs Python for us (a handler of
//! `logging`, the making of an exception) and pauses in it has frames of Rust on its stack, and
//! to end it through them aborts the process. Daemon threads, for which nobody waits, get there. So
//! every thread but the main one announces itself before it comes back; once the interpreter is
//! leaving, it is held for ever, which for a daemon thread is no loss; and the interpreter waits for
//! those that were faster.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use pyo3::prelude::*;

static LEAVING: AtomicBool = AtomicBool::new(false);
static COMING: AtomicUsize = AtomicUsize::new(0);

/// How long the interpreter waits for those that were faster, at most. They may stand in a queue for
/// the lock of a handler that takes its time.
const PATIENCE: Duration = Duration::from_secs(10);

/// A thread on its way into the interpreter.
pub(crate) struct Coming(());

impl Coming {
    /// `None` where the interpreter is leaving.
    fn announced() -> Option<Self> {
        COMING.fetch_add(1, Ordering::SeqCst);
        let coming = Self(());
        (!LEAVING.load(Ordering::SeqCst)).then_some(coming)
    }
}

impl Drop for Coming {
    fn drop(&mut self) {
        COMING.fetch_sub(1, Ordering::SeqCst);
    }
}

/// To be called where a thread, not the main one, is about to go on in Python; what it gives is to
/// be dropped there.
pub(crate) fn coming_back() -> Coming {
    Coming::announced().unwrap_or_else(|| {
        loop {
            thread::park();
        }
    })
}

/// Runs `work` in the interpreter, unless that is going away.
pub(crate) fn inside<T>(main: bool, work: impl FnOnce(Python<'_>) -> T) -> Option<T> {
    let coming = Coming::announced();
    if coming.is_none() && !main {
        return None;
    }
    Python::try_attach(work)
}

/// Called by `atexit`.
#[pyfunction]
fn leave(py: Python<'_>) {
    LEAVING.store(true, Ordering::SeqCst);
    let end = Instant::now() + PATIENCE;
    py.detach(|| {
        while COMING.load(Ordering::SeqCst) > 0 && Instant::now() < end {
            thread::sleep(Duration::from_millis(1));
        }
    });
}

pub(crate) fn watch(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let leave = wrap_pyfunction!(leave, module)?;
    let atexit = module.py().import("atexit")?;
    atexit.call_method1("register", (leave,)).map(drop)
}
