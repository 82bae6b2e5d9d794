//! Runs the command within the test, on streams in memory.

use contacts_cli::{Exit, Io, Stop};
use contacts_sandbox::{Account, Sandbox};

/// How a run ended and what it wrote.
pub(crate) struct Ran {
    pub(crate) exit: Exit,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

pub(crate) fn run_on(mut io: Io<'_>, args: &[&str]) -> Ran {
    let args = std::iter::once("digicert-contacts").chain(args.iter().copied());
    let exit = contacts_cli::run(args, &mut io, &Stop::default());
    Ran {
        exit,
        stdout: io.stdout_text(),
        stderr: io.stderr_text(),
    }
}

pub(crate) fn run(args: &[&str]) -> Ran {
    run_on(Io::for_tests(), args)
}

/// Runs against a sandbox, with a key in the environment.
pub(crate) fn run_with_key(sandbox: &Sandbox, key: &str, args: &[&str]) -> Ran {
    let io = Io::for_tests()
        .with_environment(|name| (name == "DIGICERT_API_KEY").then(|| key.to_owned()));
    let base_url = sandbox.base_url();
    run_on(io, &[args, &["--base-url", &base_url]].concat())
}

pub(crate) fn run_against(sandbox: &Sandbox, args: &[&str]) -> Ran {
    run_with_key(sandbox, Account::DEMO_KEY, args)
}

/// A file of the folder `examples`.
pub(crate) fn example(name: &str) -> String {
    format!("{}/../../examples/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// Exit code, standard output and standard error, for a snapshot.
impl std::fmt::Display for Ran {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "exit code: {}", self.exit.code())?;
        for (name, text) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !text.is_empty() {
                write!(f, "\n----- {name}\n{text}")?;
            }
        }
        Ok(())
    }
}

/// `text` with the sandbox's address, which changes from run to run, replaced.
pub(crate) fn without_address(text: &str, sandbox: &Sandbox) -> String {
    text.replace(&sandbox.address().to_string(), "[sandbox]")
}
