use std::ffi::OsString;
use std::io::Write;
use std::thread;
use std::time::Duration;

use contacts_cli::{CancelToken, Exit};
use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;

use crate::call;

/// The interval between checks for signals.
const POLL: Duration = Duration::from_millis(5);

// The command runs in another thread, while this thread runs Python's signal handlers. The first
// exception of a handler interrupts the command as a signal interrupts the binary; the second ends it
// immediately.
#[doc = doc!("run_cli")]
#[pyfunction]
pub(crate) fn run_cli(py: Python<'_>, args: Vec<OsString>, signals: Vec<i32>) -> u8 {
    let cancel = CancelToken::default();
    let for_command = cancel.clone();
    let run = || {
        let command = thread::spawn(move || contacts_cli::main(args, &for_command));
        while !command.is_finished() {
            if call::interrupted() {
                call::take_raised();
                if cancel.is_cancelled() {
                    return Exit::Interrupted.code();
                }
                cancel.cancel();
                let _ = writeln!(std::io::stderr(), "{}", CancelToken::NOTICE);
            }
            thread::park_timeout(POLL);
        }
        command.join().map_or(Exit::Failed.code(), Exit::code)
    };
    call::detached_without_log(py, run, move |code| {
        // A later signal must not change the exit code. Each attempt consumes a pending one.
        while ignore(py, &signals).is_err_and(|e| e.is_instance_of::<PyKeyboardInterrupt>(py)) {}
        code
    })
}

fn ignore(py: Python<'_>, signals: &[i32]) -> PyResult<()> {
    let module = py.import("signal")?;
    let handler = module.getattr("SIG_IGN")?;
    for number in signals {
        module.call_method1("signal", (number, &handler))?;
    }
    Ok(())
}
