//! Asking before anything is changed.

use std::io::{BufRead, BufReader};

use crate::abort::Abort;
use crate::exit::Exit;
use crate::io::Io;
use crate::source;
use crate::stop::Stop;

/// `--json` asks nobody, since its output is for a program.
pub(crate) fn possible(json: bool, yes: bool) -> Result<(), Abort> {
    if json && !yes {
        return Err(Abort::usage(
            "--json asks nobody, so --yes is needed; nothing was changed",
        ));
    }
    Ok(())
}

/// Whether orders may be changed: there are none to change, `--yes` was given, or somebody says so.
pub(crate) fn permit(changes: usize, yes: bool, io: &mut Io<'_>, stop: &Stop) -> Result<(), Abort> {
    if changes == 0 || yes {
        return Ok(());
    }
    if !io.interactive() {
        let message = "nothing was changed: where nobody can be asked, --yes is needed";
        return Err(Abort::usage(message));
    }
    let question = match changes {
        1 => "Change 1 order? This can't be undone by DigiCert. [y/N] ".to_owned(),
        n => format!("Change {n} orders? This can't be undone by DigiCert. [y/N] "),
    };
    io.err(&question);
    match answer(io, stop).as_deref() {
        Some("y" | "yes") => Ok(()),
        Some(_) => Err(Abort::new(Exit::Failed, "nothing was changed")),
        None => Err(Abort::new(
            Exit::Interrupted,
            "stopped, nothing was changed",
        )),
    }
}

/// A line of standard input in lower case; `None` when a stop was requested first.
fn answer(io: &mut Io<'_>, stop: &Stop) -> Option<String> {
    let stdin = io.take_stdin()?;
    let line = move || {
        let mut line = String::new();
        // What can't be read is no yes.
        let _ = BufReader::new(stdin).read_line(&mut line);
        line.trim().to_ascii_lowercase()
    };
    source::until_stopped(line, stop)
}
