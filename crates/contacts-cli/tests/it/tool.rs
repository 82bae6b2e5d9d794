//! Programs that a test needs and a machine may lack.

use std::io::Write;
use std::process::{Command, Stdio};

/// A program; `None` if the machine lacks it. `make test` installs all of them and sets
/// `CONTACTS_TOOLS=required`, so that no test is skipped there.
pub(crate) fn tool(name: &str) -> Option<Command> {
    let mut version = Command::new(name);
    version.arg("--version").stdout(Stdio::null());
    if version.stderr(Stdio::null()).status().is_ok() {
        return Some(Command::new(name));
    }
    let message = format!("{name} is not installed: `make tools` installs it");
    assert!(
        std::env::var_os("CONTACTS_TOOLS").is_none_or(|value| value != "required"),
        "{message}"
    );
    // Not captured, unlike the output of a macro.
    let _ = writeln!(std::io::stderr(), "test skipped: {message}");
    None
}
