//! The command `digicert-contacts` as a library: [`main`] uses the streams of the process, [`run`] any
//! others.
//!
//! ```
//! use contacts_cli::{CancelToken, Exit, Io, run};
//!
//! let mut io = Io::for_tests();
//! let args = ["digicert-contacts", "get", "100000001", "--sandbox"];
//! let exit = run(args, &mut io, &CancelToken::default());
//! assert_eq!(exit, Exit::Done);
//! assert!(io.stdout_text().starts_with("order 100000001  www.example.com  issued"));
//! ```

/// Tests the Rust blocks of the documentation.
#[cfg(doctest)]
mod pages {
    macro_rules! page {
        ($name:ident, $path:literal) => {
            #[doc = include_str!(concat!("../../../", $path))]
            mod $name {}
        };
    }
    page!(readme, "README.md");
    page!(rust, "docs/rust.md");
}

mod args;
mod cancel;
#[cfg(unix)]
mod closed;
mod command;
mod connection;
mod error;
mod exit;
mod io;
mod logging;
mod profile;
mod progress;
mod session;
mod shell;
mod view;

use std::ffi::OsString;

pub use cancel::CancelToken;
pub use exit::Exit;
pub use io::Io;

use crate::session::Session;

/// Runs the command with the standard streams and the environment of this process.
pub fn main(args: impl IntoIterator<Item = OsString>, cancel: &CancelToken) -> Exit {
    run(args, &mut Io::of_process(), cancel)
}

/// Runs the command. The first of `args` is the name of the program.
///
/// After `cancel`, the current request finishes and no other one is sent.
pub fn run<A>(args: A, io: &mut Io<'_>, cancel: &CancelToken) -> Exit
where
    A: IntoIterator,
    A::Item: Into<OsString> + Clone,
{
    let exit = match args::parse(args) {
        Ok(args) => {
            let json = args.json;
            let mut session = Session {
                io,
                cancel,
                json,
                ended_run: None,
                is_document: false,
            };
            command::run(args.command, &args.log, &mut session)
        }
        Err(error) => print_clap(&error, io),
    };
    io.finish(exit)
}

/// Prints clap's help, version or usage error.
fn print_clap(error: &clap::Error, io: &mut Io<'_>) -> Exit {
    let text = error.render().to_string();
    if error.use_stderr() {
        io.err(&text);
        Exit::Usage
    } else {
        io.out(&text);
        Exit::Done
    }
}
