//! A command of the user, which a shell runs, as git runs its credential helpers, so that it can be a
//! pipeline.

use std::fmt;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use contacts_core::printable;

use crate::cancel::CancelToken;

/// Enough to enter the password of a password manager, or to send a message.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(60);
const MAX_OUTPUT: u64 = 64 * 1024;
const MAX_SHOWN: usize = 10;

/// How a command ended, and the lines that it printed.
pub(crate) struct Output {
    pub(crate) status: ExitStatus,
    pub(crate) stdout: Vec<String>,
    stderr: Vec<String>,
}

/// Why a command did not end by itself.
pub(crate) enum ShellError {
    Start(io::Error),
    Wait(io::Error),
    Timeout(Duration),
    Cancelled,
}

/// The command, to be run by the shell of the platform.
pub(crate) fn command(command: &str) -> Command {
    let (program, option) = if cfg!(windows) {
        ("cmd", "/C")
    } else {
        ("sh", "-c")
    };
    let mut shell = Command::new(program);
    shell.args([option, command]);
    shell
}

/// Runs a command, with `input` or nothing on its standard input.
pub(crate) fn run(
    mut command: Command,
    input: Option<Vec<u8>>,
    timeout: Duration,
    cancel: &CancelToken,
) -> Result<Output, ShellError> {
    let mut child = command
        .stdin(input.as_ref().map_or_else(Stdio::null, |_| Stdio::piped()))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(ShellError::Start)?;
    if let (Some(input), Some(mut stdin)) = (input, child.stdin.take()) {
        // A command may end without reading its input.
        thread::spawn(move || stdin.write_all(&input));
    }
    let stdout = read(child.stdout.take());
    let stderr = read(child.stderr.take());
    let status = wait(&mut child, timeout, cancel);
    if status.is_err() {
        let _ = child.kill();
        let _ = child.wait();
    }
    Ok(Output {
        status: status?,
        stdout: lines(&stdout),
        stderr: lines(&stderr),
    })
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

/// Waits for the end of the command.
fn wait(
    child: &mut Child,
    timeout: Duration,
    cancel: &CancelToken,
) -> Result<ExitStatus, ShellError> {
    const POLL: Duration = Duration::from_millis(2);
    let deadline = Instant::now() + timeout;
    loop {
        if let Some(status) = child.try_wait().map_err(ShellError::Wait)? {
            return Ok(status);
        }
        if cancel.is_cancelled() {
            return Err(ShellError::Cancelled);
        }
        if Instant::now() >= deadline {
            return Err(ShellError::Timeout(timeout));
        }
        thread::sleep(POLL);
    }
}

impl Output {
    /// The exit status and the standard error, without `secrets`.
    pub(crate) fn failure(&self, secrets: &[String]) -> String {
        let mut text = self.status.to_string();
        for line in self.stderr.iter().take(MAX_SHOWN) {
            let secrets = secrets.iter().map(|secret| secret.trim());
            let secrets = secrets.filter(|secret| !secret.is_empty());
            let line = secrets.fold(line.clone(), |line, secret| {
                line.replace(secret, "[redacted]")
            });
            text += "\n  ";
            text += &printable(&line);
        }
        text
    }
}

impl fmt::Display for ShellError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start(error) => write!(f, "cannot start a shell: {error}"),
            Self::Wait(error) => error.fmt(f),
            Self::Timeout(timeout) => {
                let timeout = humantime::format_duration(*timeout);
                write!(f, "it did not end within {timeout}")
            }
            Self::Cancelled => f.write_str("interrupted"),
        }
    }
}
