//! The command `digicert-contacts`. Everything is in the library.

mod signals;

use std::io::Write;
use std::process::ExitCode;

use contacts_cli::{Exit, Stop};

fn main() -> ExitCode {
    let stop = Stop::default();
    let for_signal = stop.clone();
    // Without a handler Ctrl-C still ends the process, only less gently.
    let _ = signals::handle(move || on_signal(&for_signal));
    contacts_cli::main(std::env::args_os(), &stop).into()
}

#[expect(clippy::exit, reason = "the second Ctrl-C asks for it")]
fn on_signal(stop: &Stop) {
    if stop.requested() {
        std::process::exit(i32::from(Exit::Interrupted.code()));
    }
    stop.request();
    let _ = writeln!(std::io::stderr(), "{}", Stop::NOTICE);
}
