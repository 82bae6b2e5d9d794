//! A standard output that was closed at the start, as by `>&-`.
//!
//! Rust replaces it by `/dev/null` before `main`, where every write succeeds. Afterwards nothing
//! distinguishes it from a `/dev/null` that the parent process chose.

use std::fs::File;
use std::os::fd::{AsRawFd, IntoRawFd};
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::io::Errno;

static WAS_CLOSED: AtomicBool = AtomicBool::new(false);

/// Whether standard output is closed, or was when the process started.
pub(crate) fn stdout_is_closed() -> bool {
    WAS_CLOSED.load(Ordering::Relaxed)
        || rustix::io::fcntl_getfd(rustix::stdio::stdout()) == Err(Errno::BADF)
}

/// Opens `/dev/null` as each standard stream that is closed: the next file would become that stream
/// and receive its text. Rust's `main` has done so, but not Python's.
pub(crate) fn fill_standard_streams() {
    while let Ok(null) = File::open("/dev/null")
        && null.as_raw_fd() <= 2
    {
        let _ = null.into_raw_fd();
    }
}

/// Runs before `main`, so it calls nothing of the standard library.
#[ctor::ctor]
fn record_closed_stdout() {
    WAS_CLOSED.store(stdout_is_closed(), Ordering::Relaxed);
}
