use std::fmt;
use std::io::{self, ErrorKind, IsTerminal, Read, Write};

use crate::exit::Exit;

/// The streams and the environment that a command works on.
pub struct Io<'a> {
    stdin: Option<Box<dyn Read + Send>>,
    stdout: Stream<'a>,
    stderr: Stream<'a>,
    interactive: bool,
    environment: LookUp<'a>,
}

type LookUp<'a> = Box<dyn Fn(&str) -> Option<String> + 'a>;

/// A stream that goes silent after its first error, so that a closed pipe can't stop a run that is
/// changing orders.
struct Stream<'a> {
    to: To<'a>,
    broken: Option<io::Error>,
}

enum To<'a> {
    Stream(Box<dyn Write + 'a>),
    Memory(Vec<u8>),
}

impl<'a> Io<'a> {
    /// The standard streams and the environment of this process.
    #[must_use]
    pub fn of_process() -> Self {
        Self {
            stdin: Some(Box::new(io::stdin())),
            stdout: Stream::new(To::Stream(Box::new(io::stdout()))),
            stderr: Stream::new(To::Stream(Box::new(io::stderr()))),
            interactive: io::stdin().is_terminal() && io::stderr().is_terminal(),
            environment: Box::new(|name| {
                // What is no text is kept visible, so that it is told and not taken for absent.
                std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
            }),
        }
    }

    /// Streams in memory: nothing to read, nobody to answer, an empty environment.
    #[must_use]
    pub fn for_tests() -> Self {
        Self {
            stdin: Some(Box::new(io::empty())),
            stdout: Stream::new(To::Memory(Vec::new())),
            stderr: Stream::new(To::Memory(Vec::new())),
            interactive: false,
            environment: Box::new(|_| None),
        }
    }

    /// The same with something to read; where `interactive`, it is what a person types.
    #[must_use]
    pub fn with_stdin(mut self, stdin: impl Read + Send + 'static, interactive: bool) -> Self {
        self.stdin = Some(Box::new(stdin));
        self.interactive = interactive;
        self
    }

    /// The same with another standard output.
    #[must_use]
    pub fn with_stdout(mut self, stdout: impl Write + 'a) -> Self {
        self.stdout = Stream::new(To::Stream(Box::new(stdout)));
        self
    }

    /// The same with another environment.
    #[must_use]
    pub fn with_environment(mut self, look_up: impl Fn(&str) -> Option<String> + 'a) -> Self {
        self.environment = Box::new(look_up);
        self
    }

    /// What was written to standard output in memory.
    #[must_use]
    pub fn stdout_text(&self) -> String {
        self.stdout.text()
    }

    /// What was written to standard error in memory.
    #[must_use]
    pub fn stderr_text(&self) -> String {
        self.stderr.text()
    }

    pub(crate) fn out(&mut self, text: &str) {
        self.stdout.write(text);
    }

    /// Hands on what was written, for a reader that is waiting for it; says whether it arrived.
    pub(crate) fn flush(&mut self) -> bool {
        self.stdout.flush();
        self.stdout.broken.is_none()
    }

    pub(crate) fn err(&mut self, text: &str) {
        self.stderr.write(text);
    }

    /// Standard input, the first time it is asked for.
    pub(crate) fn take_stdin(&mut self) -> Option<Box<dyn Read + Send>> {
        self.stdin.take()
    }

    /// Whether somebody is there to answer a question.
    pub(crate) const fn interactive(&self) -> bool {
        self.interactive && self.stdin.is_some()
    }

    pub(crate) fn environment(&self, name: &str) -> Option<String> {
        (self.environment)(name)
    }

    /// Flushes; output that could not be written spoils a success, unless its reader just left.
    pub(crate) fn finish(&mut self, exit: Exit) -> Exit {
        self.stdout.flush();
        let lost = self.stdout.broken.take();
        let lost = lost.filter(|error| error.kind() != ErrorKind::BrokenPipe);
        let Some(error) = lost else { return exit };
        self.err(&format!(
            "error: the output could not be written: {error}\n"
        ));
        if exit == Exit::Done {
            Exit::Failed
        } else {
            exit
        }
    }
}

impl Stream<'_> {
    const fn new(to: To<'_>) -> Stream<'_> {
        Stream { to, broken: None }
    }

    fn write(&mut self, text: &str) {
        self.keep_error(|to| match to {
            To::Stream(stream) => stream.write_all(text.as_bytes()),
            To::Memory(memory) => memory.write_all(text.as_bytes()),
        });
    }

    fn flush(&mut self) {
        self.keep_error(|to| match to {
            To::Stream(stream) => stream.flush(),
            To::Memory(_) => Ok(()),
        });
    }

    fn keep_error(&mut self, act: impl FnOnce(&mut To<'_>) -> io::Result<()>) {
        if self.broken.is_none() {
            self.broken = act(&mut self.to).err();
        }
    }

    fn text(&self) -> String {
        match &self.to {
            To::Memory(memory) => String::from_utf8_lossy(memory).into_owned(),
            To::Stream(_) => String::new(),
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
