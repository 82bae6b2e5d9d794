//! The command of `--api-key-command`, which prints the API key.

use std::time::Duration;

use crate::cancel::CancelToken;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::session::Session;
use crate::shell::{self, ShellError};

/// Runs the command and returns the first line of its output.
pub(super) fn run(command: &str, session: &Session<'_, '_>) -> Result<String, CommandError> {
    run_within(command, shell::TIMEOUT, session.cancel)
}

fn run_within(
    command: &str,
    timeout: Duration,
    cancel: &CancelToken,
) -> Result<String, CommandError> {
    // The input file may come from standard input.
    match shell::run(shell::command(command), None, timeout, cancel) {
        Ok(output) if output.status.success() => key(&output.stdout),
        // Without what the command printed as the key.
        Ok(output) => Err(failed(&output.failure(&output.stdout))),
        Err(ShellError::Cancelled) => Err(CommandError::new(
            Exit::Interrupted,
            "interrupted, nothing was sent",
        )),
        Err(error) => Err(failed(&error)),
    }
}

fn key(stdout: &[String]) -> Result<String, CommandError> {
    let line = stdout
        .first()
        .map_or("", |line| line.trim_end_matches('\r'));
    if line.is_empty() {
        return Err(failed(&"the first line of its output is empty"));
    }
    Ok(line.to_owned())
}

fn failed(reason: &dyn std::fmt::Display) -> CommandError {
    CommandError::usage(format!("the API key command failed: {reason}"))
}

#[cfg(all(test, unix))]
mod tests {
    use super::{CancelToken, Duration, run_within};

    fn key(command: &str, seconds: u64) -> Result<String, String> {
        let key = run_within(
            command,
            Duration::from_secs(seconds),
            &CancelToken::default(),
        );
        key.map_err(|error| error.message)
    }

    #[test]
    fn the_key_is_the_first_line_of_the_output() {
        assert_eq!(key("echo key-1; echo more", 10), Ok("key-1".to_owned()));
        assert_eq!(
            key("printf 'key-1\\r\\n' | cat", 10),
            Ok("key-1".to_owned())
        );
        assert_eq!(key("echo key-1; sleep 5 &", 10), Ok("key-1".to_owned()));
    }

    #[test]
    fn a_failure_shows_the_status_and_the_errors_but_no_key() {
        let errors = [
            key("echo Marker-4711; echo locked: Marker-4711 >&2; exit 3", 10),
            key("no-such-program-4f1c 2> /dev/null", 10),
            key("kill -9 $$", 10),
            key("true", 10),
            key("echo; echo key", 10),
            key("sleep 60", 1),
        ];
        let errors = errors.map(Result::unwrap_err).join("\n");
        insta::assert_snapshot!(errors, @"
        the API key command failed: exit status: 3
          locked: [redacted]
        the API key command failed: exit status: 127
        the API key command failed: signal: 9 (SIGKILL)
        the API key command failed: the first line of its output is empty
        the API key command failed: the first line of its output is empty
        the API key command failed: it did not end within 1s
        ");
    }

    #[test]
    fn cancellation_ends_the_command() {
        let cancel = CancelToken::default();
        cancel.cancel();
        let error = run_within("sleep 60", Duration::from_secs(60), &cancel).unwrap_err();
        assert_eq!(error.message, "interrupted, nothing was sent");
    }
}
