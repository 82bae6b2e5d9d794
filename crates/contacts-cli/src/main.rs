//! The command `digicert-contacts`, implemented in the library.

mod signals;

use std::io::Write;
use std::process::ExitCode;

use contacts_cli::{CancelToken, Exit};

fn main() -> ExitCode {
    let cancel = CancelToken::default();
    let on_interrupt = cancel.clone();
    // Without a handler, Ctrl-C ends the process at once.
    let _ = signals::handle(move || interrupt(&on_interrupt));
    contacts_cli::main(std::env::args_os(), &cancel).into()
}

#[expect(clippy::exit, reason = "the second Ctrl-C ends the process at once")]
fn interrupt(cancel: &CancelToken) {
    if cancel.is_cancelled() {
        std::process::exit(i32::from(Exit::Interrupted.code()));
    }
    cancel.cancel();
    let _ = writeln!(std::io::stderr(), "{}", CancelToken::NOTICE);
}
