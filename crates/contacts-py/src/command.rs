use std::ffi::OsString;
use std::io::Write;
use std::thread;
use std::time::Duration;

use contacts_cli::{Exit, Stop};
use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;

use crate::call;

/// How soon Ctrl-C is noticed: sooner than a request of DigiCert's is answered.
const POLL: Duration = Duration::from_millis(5);

// It runs on a thread of its own, while this one lets Python's signal handlers run; the first one
// that raises stops the command as gently as the Rust binary stops, the second at once.
#[doc = doc!("run_cli")]
#[pyfunction]
pub(crate) fn run_cli(py: Python<'_>, args: Vec<OsString>, signals: Vec<i32>) -> u8 {
    let stop = Stop::default();
    let for_command = stop.clone();
    let run = || {
        let command = thread::spawn(move || contacts_cli::main(args, &for_command));
        while !command.is_finished() {
            if call::interrupted() {
                call::raised();
                if stop.requested() {
                    return Exit::Interrupted.code();
                }
                stop.request();
                let _ = writeln!(std::io::stderr(), "{}", Stop::NOTICE);
            }
            thread::park_timeout(POLL);
        }
        command.join().map_or(Exit::Failed.code(), Exit::code)
    };
    call::outside(py, run, move |code| {
        // Who asks to stop from here on comes too late, and would only spoil the exit code. Each try
        // takes one that came before it.
        while ignore(py, &signals).is_err_and(|e| e.is_instance_of::<PyKeyboardInterrupt>(py)) {}
        code
    })
}

fn ignore(py: Python<'_>, signals: &[i32]) -> PyResult<()> {
    let module = py.import("signal")?;
    let ignored = module.getattr("SIG_IGN")?;
    for number in signals {
        module.call_method1("signal", (number, &ignored))?;
    }
    Ok(())
}
