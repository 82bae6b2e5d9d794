//! Runs the command within the test, on streams in memory.

use contacts_cli::{CancelToken, Exit, Io};
use contacts_sandbox::{Account, Sandbox};

/// The exit code and the output of a command.
pub(crate) struct Ran {
    pub(crate) exit: Exit,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs `args`. A command that writes a journal gets one in a temporary folder, which the output shows
/// as `[folder]`.
pub(crate) fn run_on(mut io: Io<'_>, args: &[&str]) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    let exit = contacts_cli::run(
        with_journal(args, &folder),
        &mut io,
        &CancelToken::default(),
    );
    let folder = folder.path().to_str().unwrap();
    Ran {
        exit,
        stdout: io.stdout_text().replace(folder, "[folder]"),
        stderr: io.stderr_text().replace(folder, "[folder]"),
    }
}

/// The full command line; an `apply`, `set` or `replace` without a journal gets one in `folder`.
pub(crate) fn with_journal(args: &[&str], folder: &tempfile::TempDir) -> Vec<String> {
    let mut all = vec!["digicert-contacts".to_owned()];
    all.extend(args.iter().map(ToString::to_string));
    let has_none = ["--journal", "--sandbox", "--help", "-o", "--plan"];
    let has_none = args.iter().any(|arg| has_none.contains(arg));
    let applies = args
        .first()
        .is_some_and(|arg| ["apply", "set", "replace"].contains(arg));
    if applies && args.len() > 1 && !has_none {
        let journal = folder.path().join("run.jsonl");
        all.extend(["--journal".to_owned(), journal.to_str().unwrap().to_owned()]);
    }
    all
}

pub(crate) fn run(args: &[&str]) -> Ran {
    run_on(Io::for_tests(), args)
}

/// Runs against a sandbox with a key in the environment.
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
                write!(f, "\n----- {name}\n{}", without_addresses(text))?;
            }
        }
        Ok(())
    }
}

/// Replaces the address of every sandbox.
fn without_addresses(text: &str) -> String {
    let mut parts = text.split("127.0.0.1:");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        text + "[sandbox]" + part.trim_start_matches(|c: char| c.is_ascii_digit())
    })
}

/// Replaces the address of the sandbox, which differs between runs.
pub(crate) fn without_address(text: &str, sandbox: &Sandbox) -> String {
    text.replace(&sandbox.address().to_string(), "[sandbox]")
}

/// The number of PUT requests.
pub(crate) fn puts(sandbox: &Sandbox) -> usize {
    let requests = sandbox.requests();
    requests.iter().filter(|r| r.method == "PUT").count()
}
