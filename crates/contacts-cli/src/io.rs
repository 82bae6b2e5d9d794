mod folders;
mod stream;

use std::fmt;
use std::io::{self, ErrorKind, IsTerminal, Read, Write};
use std::path::PathBuf;
use std::rc::Rc;
use std::time::SystemTime;

use anstream::adapter::strip_str;

use crate::exit::Exit;
use folders::Folders;
use stream::{Sink, Stream};

/// The streams, the environment and the clock of a command.
pub struct Io<'a> {
    stdin: Option<Box<dyn Read + Send>>,
    stdout: Stream<'a>,
    stderr: Stream<'a>,
    interactive: bool,
    environment: Environment<'a>,
    /// `None` in tests, which must not depend on the settings of a user.
    folders: Option<Folders>,
    clock: Clock,
    /// The columns of the terminal on standard error; `None` without a terminal.
    columns: Option<usize>,
    /// The progress line at the end of standard error.
    status: String,
    colour: bool,
}

pub(crate) type Clock = Rc<dyn Fn() -> SystemTime>;

type Environment<'a> = Box<dyn Fn(&str) -> Option<String> + 'a>;

impl<'a> Io<'a> {
    /// Uses the standard streams and the environment of this process.
    #[must_use]
    pub fn of_process() -> Self {
        let io = Self {
            stdin: Some(Box::new(io::stdin())),
            stdout: Stream::new(process_stdout()),
            stderr: Stream::new(Sink::Writer(Box::new(io::stderr()))),
            interactive: io::stdin().is_terminal() && io::stderr().is_terminal(),
            environment: Box::new(|name| {
                // Invalid UTF-8 stays visible, so that it is reported and not taken for absent.
                std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
            }),
            folders: Folders::of_user(),
            ..Self::for_tests()
        };
        io.on_terminal(terminal_columns(), io::stdout().is_terminal())
    }

    /// Uses memory: empty standard input, no terminal, an empty environment.
    #[must_use]
    pub fn for_tests() -> Self {
        Self {
            stdin: Some(Box::new(io::empty())),
            stdout: Stream::new(Sink::Memory(Vec::new())),
            stderr: Stream::new(Sink::Memory(Vec::new())),
            interactive: false,
            environment: Box::new(|_| None),
            folders: None,
            clock: Rc::new(SystemTime::now),
            columns: None,
            status: String::new(),
            colour: false,
        }
    }

    /// Replaces standard input; `interactive` says that a person types it.
    #[must_use]
    pub fn with_stdin(mut self, stdin: impl Read + Send + 'static, interactive: bool) -> Self {
        self.stdin = Some(Box::new(stdin));
        self.interactive = interactive;
        self
    }

    /// Replaces standard output.
    #[must_use]
    pub fn with_stdout(mut self, stdout: impl Write + 'a) -> Self {
        self.stdout = Stream::new(Sink::Writer(Box::new(stdout)));
        self
    }

    /// Replaces the environment by a function from a name to its value.
    #[must_use]
    pub fn with_environment(mut self, variable: impl Fn(&str) -> Option<String> + 'a) -> Self {
        self.environment = Box::new(variable);
        self
    }

    /// Adds a terminal of that many columns. The environment set so far decides what it can show:
    /// `NO_COLOR` turns colours off, and `TERM=dumb` everything but lines of text.
    #[must_use]
    pub fn with_terminal(self, columns: usize) -> Self {
        self.on_terminal(Some(columns), true)
    }

    /// Uses the columns of a terminal on standard error, and colours on standard output if that is
    /// a terminal, as far as the environment permits.
    fn on_terminal(mut self, columns: Option<usize>, stdout_is_terminal: bool) -> Self {
        let understands_control = match self.environment("TERM").as_deref() {
            Some("" | "dumb" | "unknown") => false,
            Some(_) => true,
            // Windows has no TERM.
            None => cfg!(windows),
        };
        let no_colour = self.environment("NO_COLOR");
        self.columns = columns.filter(|_| understands_control);
        self.colour = stdout_is_terminal
            && understands_control
            && no_colour.is_none_or(|value| value.is_empty());
        self
    }

    /// Replaces the clock.
    #[must_use]
    pub fn with_clock(mut self, clock: impl Fn() -> SystemTime + 'static) -> Self {
        self.clock = Rc::new(clock);
        self
    }

    /// Standard output, where it is in memory.
    #[must_use]
    pub fn stdout_text(&self) -> String {
        self.stdout.text()
    }

    /// Standard error, where it is in memory.
    #[must_use]
    pub fn stderr_text(&self) -> String {
        self.stderr.text()
    }

    /// Writes to standard output above the progress line, without colours where there are none.
    pub(crate) fn out(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        let status = std::mem::take(&mut self.status);
        if !status.is_empty() {
            self.stderr.write(CLEAR_LINE);
        }
        if self.colour {
            self.stdout.write(text);
        } else {
            self.stdout.write(&strip_str(text).to_string());
        }
        if !status.is_empty() {
            self.stdout.flush();
            self.stderr.write(&status);
            self.status = status;
        }
    }

    /// Standard output for a document written in pieces. Errors appear in `finish`.
    pub(crate) fn stdout(&mut self) -> impl Write + use<'_, 'a> {
        &mut self.stdout
    }

    /// Replaces the progress line at the end of standard error, if that is a terminal.
    pub(crate) fn status(&mut self, line: &str) {
        if self.columns.is_some() && line != self.status {
            self.stderr.write(CLEAR_LINE);
            self.stderr.write(line);
            self.stderr.flush();
            line.clone_into(&mut self.status);
        }
    }

    /// Draws no progress line from now on.
    pub(crate) const fn without_status(&mut self) {
        self.columns = None;
    }

    pub(crate) fn clear_status(&mut self) {
        self.status("");
    }

    /// The columns for the progress line; `None` without a terminal.
    pub(crate) const fn columns(&self) -> Option<usize> {
        self.columns
    }

    pub(crate) fn now(&self) -> SystemTime {
        (self.clock)()
    }

    pub(crate) fn clock(&self) -> Clock {
        Rc::clone(&self.clock)
    }

    /// Flushes standard output; `false` if that failed.
    pub(crate) fn flush(&mut self) -> bool {
        self.stdout.flush();
        self.stdout.error.is_none()
    }

    pub(crate) fn err(&mut self, text: &str) {
        self.stderr.write(text);
    }

    /// Standard input; `None` after the first call.
    pub(crate) fn take_stdin(&mut self) -> Option<Box<dyn Read + Send>> {
        self.stdin.take()
    }

    /// Whether a person can answer a question.
    pub(crate) const fn is_interactive(&self) -> bool {
        self.interactive && self.stdin.is_some()
    }

    pub(crate) fn environment(&self, name: &str) -> Option<String> {
        (self.environment)(name)
    }

    /// The file with the profiles, where the platform has a place for it.
    pub(crate) fn config_file(&self) -> Option<PathBuf> {
        let folders = self.folders.as_ref();
        folders.map(|folders| folders.config.join("config.toml"))
    }

    /// The folder for the journals of runs, where the platform has a place for it.
    pub(crate) fn state_folder(&self) -> Option<PathBuf> {
        let named = self.environment("DIGICERT_STATE_DIR");
        let named = named.filter(|name| !name.is_empty()).map(PathBuf::from);
        named.or_else(|| self.folders.as_ref().map(|folders| folders.state.clone()))
    }

    /// Flushes. Lost output turns success into failure, unless the reader closed the pipe.
    pub(crate) fn finish(&mut self, exit: Exit) -> Exit {
        self.stdout.flush();
        let error = self.stdout.error.take();
        let Some(error) = error.filter(|error| error.kind() != ErrorKind::BrokenPipe) else {
            return exit;
        };
        self.err(&format!("error: cannot write the output: {error}\n"));
        if exit == Exit::Done {
            Exit::Failed
        } else {
            exit
        }
    }
}

impl fmt::Debug for Io<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Io")
            .field("interactive", &self.interactive)
            .finish_non_exhaustive()
    }
}

/// Moves to the first column and erases the line.
const CLEAR_LINE: &str = "\r\u{1b}[K";

fn process_stdout() -> Sink<'static> {
    #[cfg(unix)]
    {
        let closed = crate::closed::stdout_is_closed();
        crate::closed::fill_standard_streams();
        if closed {
            return Sink::Closed;
        }
    }
    Sink::Writer(Box::new(io::stdout()))
}

fn terminal_columns() -> Option<usize> {
    let stderr = io::stderr();
    let size = terminal_size::terminal_size_of(&stderr);
    // Some terminals do not report their size.
    stderr
        .is_terminal()
        .then(|| size.map_or(80, |(width, _)| width.0.into()))
}
