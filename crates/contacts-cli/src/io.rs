use std::borrow::Cow;
use std::fmt;
use std::io::{self, ErrorKind, IsTerminal, Read, Write};
use std::rc::Rc;
use std::time::SystemTime;

use crate::exit::Exit;

/// The streams and the environment that a command works on.
pub struct Io<'a> {
    stdin: Option<Box<dyn Read + Send>>,
    stdout: Stream<'a>,
    stderr: Stream<'a>,
    interactive: bool,
    environment: LookUp<'a>,
    clock: Clock,
    /// The width of the terminal that standard error is, if it is one.
    status_width: Option<usize>,
    /// The line at the end of standard error that is drawn anew again and again.
    status: String,
    colour: bool,
}

pub(crate) type Clock = Rc<dyn Fn() -> SystemTime>;

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
            clock: Rc::new(SystemTime::now),
            status_width: status_width(),
            status: String::new(),
            colour: io::stdout().is_terminal() && is_colour_wanted(),
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
            clock: Rc::new(SystemTime::now),
            status_width: None,
            status: String::new(),
            colour: false,
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

    /// The same on a terminal so many columns wide, in colour unless the environment set so far has
    /// `NO_COLOR`.
    #[must_use]
    pub fn with_terminal(mut self, columns: usize) -> Self {
        self.status_width = Some(columns);
        let no_colour = self.environment("NO_COLOR");
        self.colour = no_colour.is_none_or(|value| value.is_empty());
        self
    }

    /// The same with another time of day.
    #[must_use]
    pub fn with_clock(mut self, clock: impl Fn() -> SystemTime + 'static) -> Self {
        self.clock = Rc::new(clock);
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

    /// Writes to standard output; colours are left out where they are not wanted.
    pub(crate) fn out(&mut self, text: &str) {
        let text = if self.colour {
            text.into()
        } else {
            without_colour(text)
        };
        if self.status.is_empty() || text.is_empty() {
            self.stdout.write(&text);
            return;
        }
        self.stderr.write(CLEAR);
        self.stdout.write(&text);
        self.stdout.flush();
        self.stderr.write(&self.status);
    }

    /// Standard output for a document that comes in pieces, which has no colours.
    pub(crate) fn stdout(&mut self) -> impl Write + use<'_, 'a> {
        Pieces(&mut self.stdout)
    }

    /// Replaces the line that is drawn anew at the end of standard error; nothing where that is no
    /// terminal.
    pub(crate) fn status(&mut self, line: &str) {
        if self.status_width.is_some() && line != self.status {
            self.stderr.write(CLEAR);
            self.stderr.write(line);
            self.stderr.flush();
            line.clone_into(&mut self.status);
        }
    }

    /// How wide that line may be, where there is a terminal.
    pub(crate) const fn status_width(&self) -> Option<usize> {
        self.status_width
    }

    pub(crate) fn now(&self) -> SystemTime {
        (self.clock)()
    }

    pub(crate) fn clock(&self) -> Clock {
        Rc::clone(&self.clock)
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

/// To the first column, and nothing behind it.
const CLEAR: &str = "\r\u{1b}[K";

fn status_width() -> Option<usize> {
    let stderr = io::stderr();
    let width = terminal_size::terminal_size_of(&stderr).map(|(width, _)| width.0.into());
    // A terminal that does not tell how wide it is.
    stderr.is_terminal().then(|| width.unwrap_or(80))
}

/// As <https://no-color.org> asks.
fn is_colour_wanted() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Without the colours of `view::paint`; text from elsewhere holds no escapes.
fn without_colour(text: &str) -> Cow<'_, str> {
    if !text.contains('\u{1b}') {
        return text.into();
    }
    let mut pieces = text.split('\u{1b}');
    let first = pieces.next().unwrap_or_default().to_owned();
    let behind = |piece: &str| {
        piece
            .split_once('m')
            .map_or("", |(_, behind)| behind)
            .to_owned()
    };
    pieces
        .fold(first, |text, piece| text + &behind(piece))
        .into()
}

/// A stream as others write to it; what goes wrong is kept for the end.
struct Pieces<'s, 'a>(&'s mut Stream<'a>);

impl Write for Pieces<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write_bytes(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Stream<'_> {
    const fn new(to: To<'_>) -> Stream<'_> {
        Stream { to, broken: None }
    }

    fn write(&mut self, text: &str) {
        self.write_bytes(text.as_bytes());
    }

    fn write_bytes(&mut self, bytes: &[u8]) {
        self.keep_error(|to| match to {
            To::Stream(stream) => stream.write_all(bytes),
            To::Memory(memory) => memory.write_all(bytes),
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
