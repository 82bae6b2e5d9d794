//! The command of `--api-key-command`, which prints the API key.
//!
//! A shell runs it, as git runs its credential helpers, so that it can be a pipeline.

use std::io::{self, BufRead, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use contacts_core::printable;

use crate::cancel::CancelToken;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::session::Session;

/// Enough to enter the password of a password manager.
const TIMEOUT: Duration = Duration::from_secs(60);
const MAX_OUTPUT: u64 = 64 * 1024;
const MAX_SHOWN: usize = 10;

/// Runs the command and returns the first line of its output.
pub(super) fn run(command: &str, session: &Session<'_, '_>) -> Result<String, CommandError> {
    run_within(command, TIMEOUT, session.cancel)
}

fn run_within(
    command: &str,
    timeout: Duration,
    cancel: &CancelToken,
) -> Result<String, CommandError> {
    let mut child = shell(command)
        // The input file may come from standard input.
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| failed(&format_args!("cannot start a shell: {error}")))?;
    let stdout = read(child.stdout.take());
    let stderr = read(child.stderr.take());
    let status = wait(&mut child, timeout, cancel);
    if !matches!(status, Ok(Some(_))) {
        let _ = child.kill();
        let _ = child.wait();
    }
    match status {
        Ok(Some(status)) if status.success() => key(&lines(&stdout)),
        Ok(Some(status)) => Err(failed(&exited(status, &lines(&stdout), &lines(&stderr)))),
        Ok(None) if cancel.is_cancelled() => Err(CommandError::new(
            Exit::Interrupted,
            "interrupted, nothing was sent",
        )),
        Ok(None) => {
            let timeout = humantime::format_duration(timeout);
            Err(failed(&format_args!("it did not end within {timeout}")))
        }
        Err(error) => Err(failed(&error)),
    }
}

fn shell(command: &str) -> Command {
    let (program, option) = if cfg!(windows) {
        ("cmd", "/C")
    } else {
        ("sh", "-c")
    };
    let mut shell = Command::new(program);
    shell.args([option, command]);
    shell
}

/// Reads the lines of a stream on a thread, so that a full pipe cannot block the command.
fn read(stream: Option<impl Read + Send + 'static>) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let lines = stream.into_iter().flat_map(|stream| {
            let lines = BufReader::new(stream.take(MAX_OUTPUT)).split(b'\n');
            lines.map_while(Result::ok)
        });
        for line in lines {
            // Nobody waits for a background process.
            let _ = sender.send(String::from_utf8_lossy(&line).into_owned());
        }
    });
    receiver
}

/// The lines of a command that has ended. A background process may keep the stream open.
fn lines(stream: &Receiver<String>) -> Vec<String> {
    std::iter::from_fn(|| stream.recv_timeout(CancelToken::POLL).ok()).collect()
}

/// Waits for the end of the command; `None` after the timeout or cancellation.
fn wait(
    child: &mut Child,
    timeout: Duration,
    cancel: &CancelToken,
) -> io::Result<Option<ExitStatus>> {
    const POLL: Duration = Duration::from_millis(2);
    let deadline = Instant::now() + timeout;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if cancel.is_cancelled() || Instant::now() >= deadline {
            return Ok(None);
        }
        thread::sleep(POLL);
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

/// The exit status and the standard error, without what the command printed as the key.
fn exited(status: ExitStatus, stdout: &[String], stderr: &[String]) -> String {
    let mut text = status.to_string();
    for line in stderr.iter().take(MAX_SHOWN) {
        let secrets = stdout.iter().map(|secret| secret.trim());
        let secrets = secrets.filter(|secret| !secret.is_empty());
        let line = secrets.fold(line.clone(), |line, secret| {
            line.replace(secret, "[redacted]")
        });
        text += "\n  ";
        text += &printable(&line);
    }
    text
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
