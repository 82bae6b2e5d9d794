//! The command `digicert-contacts`. Everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    let stop = contacts_cli::Stop::default();
    let for_signal = stop.clone();
    // Without a handler Ctrl-C still ends the process, only less gently.
    let _ = ctrlc::set_handler(move || for_signal.request());
    contacts_cli::main(std::env::args_os(), &stop).into()
}
