use std::io::{self, Write};

/// A stream that drops everything after its first error, so that a closed pipe cannot end a run that
/// is changing orders.
pub(super) struct Stream<'a> {
    sink: Sink<'a>,
    pub(super) error: Option<io::Error>,
}

pub(super) enum Sink<'a> {
    Writer(Box<dyn Write + 'a>),
    Memory(Vec<u8>),
    #[cfg(unix)]
    Closed,
}

impl<'a> Stream<'a> {
    pub(super) const fn new(sink: Sink<'a>) -> Self {
        Self { sink, error: None }
    }

    pub(super) fn write(&mut self, text: &str) {
        // The write below never fails.
        let _ = self.write_all(text.as_bytes());
    }

    pub(super) fn flush(&mut self) {
        if let (Sink::Writer(writer), None) = (&mut self.sink, &self.error) {
            self.error = writer.flush().err();
        }
    }

    pub(super) fn text(&self) -> String {
        match &self.sink {
            Sink::Memory(memory) => String::from_utf8_lossy(memory).into_owned(),
            _ => String::new(),
        }
    }
}

impl Write for Stream<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.error.is_none() {
            let written = match &mut self.sink {
                Sink::Writer(writer) => writer.write_all(bytes),
                Sink::Memory(memory) => memory.write_all(bytes),
                #[cfg(unix)]
                Sink::Closed => Err(io::Error::other("standard output is closed")),
            };
            self.error = written.err();
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
