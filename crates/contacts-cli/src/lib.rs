//! The command `digicert-contacts`, as a library: [`main`] on the process's own streams, [`run`] on
//! any.
//!
//! ```
//! use contacts_cli::{Exit, Io, Stop, run};
//!
//! let mut io = Io::for_tests();
//! let exit = run(["digicert-contacts", "get", "100000001", "--sandbox"], &mut io, &Stop::default());
//! assert_eq!(exit, Exit::Done);
//! assert!(io.stdout_text().starts_with("order 100000001  www.example.com  issued"));
//! ```

/// The Rust blocks of the documentation run as tests of their own.
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

mod abort;
mod args;
mod command;
mod connection;
mod exit;
mod io;
mod progress;
mod source;
mod stop;
mod view;

use std::ffi::OsString;

use clap::Parser;

pub use exit::Exit;
pub use io::Io;
pub use stop::Stop;

use crate::args::Args;

/// Runs the command on the standard streams and the environment of this process.
pub fn main(args: impl IntoIterator<Item = OsString>, stop: &Stop) -> Exit {
    let mut io = Io::of_process();
    run(args, &mut io, stop)
}

/// Runs the command. `args` begins with the name of the program.
///
/// Once `stop` was requested, no further request is sent; one under way is finished.
pub fn run<A>(args: A, io: &mut Io<'_>, stop: &Stop) -> Exit
where
    A: IntoIterator,
    A::Item: Into<OsString> + Clone,
{
    let exit = match Args::try_parse_from(args) {
        Ok(args) => command::run(args.command, io, stop),
        Err(told) => usage(&told, io),
    };
    io.finish(exit)
}

/// clap's help, version and usage errors.
fn usage(told: &clap::Error, io: &mut Io<'_>) -> Exit {
    let text = told.render().to_string();
    if told.use_stderr() {
        io.err(&text);
        Exit::Usage
    } else {
        io.out(&text);
        Exit::Done
    }
}
