use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::Path;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;

use contacts_core::printable;
use serde::Serialize;

use crate::args::{OutputFormat, TableOptions};
use crate::cancel::CancelToken;
use crate::command::notify::EndedRun;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::io::Io;

/// What every command works with: streams, cancellation and the output format.
pub(crate) struct Session<'s, 'a> {
    pub(crate) io: &'s mut Io<'a>,
    pub(crate) cancel: &'s CancelToken,
    /// Whether results are printed as JSON documents.
    pub(crate) json: bool,
    /// The run of the command, for `--notify`.
    pub(crate) ended_run: Option<EndedRun>,
    /// Whether the result is one document, so that nothing is printed before it.
    pub(crate) is_document: bool,
}

impl Session<'_, '_> {
    /// Prints text, unless the output is a document.
    pub(crate) fn text(&mut self, text: &str) {
        if !self.json && !self.is_document {
            self.io.out(text);
        }
    }

    /// Prints the result of a command, as text or as a JSON document.
    pub(crate) fn print(&mut self, text: &str, document: &impl Serialize) {
        if self.json {
            self.document(document);
        } else {
            self.text(text);
        }
    }

    /// Prints a JSON document in pieces: as one string, that of a large run would need more memory
    /// than the run.
    pub(crate) fn document(&mut self, document: &impl Serialize) {
        let mut writer = BufWriter::new(self.io.stdout());
        // `Io::finish` reports output that cannot be written.
        let _ = serde_json::to_writer_pretty(&mut writer, document);
        let _ = writer.write_all(b"\n").and_then(|()| writer.flush());
    }

    /// The format of a table; `None` if no option names one. `--output json` is `--json`.
    pub(crate) fn table_format(
        &mut self,
        options: &TableOptions,
    ) -> Result<Option<OutputFormat>, CommandError> {
        let has_columns = !options.columns.is_empty();
        self.json |= options.output == Some(OutputFormat::Json);
        if self.json && has_columns {
            return Err(CommandError::usage(
                "--columns selects from a table, JSON Lines or CSV; JSON has everything",
            ));
        }
        Ok(options
            .output
            .or(has_columns.then_some(OutputFormat::Table)))
    }

    pub(crate) fn error(&mut self, message: impl std::fmt::Display) {
        self.io.err(&format!("error: {message}\n"));
    }

    pub(crate) fn warn(&mut self, message: impl std::fmt::Display) {
        self.io.err(&format!("warning: {message}\n"));
    }

    /// Reads a file, or standard input for `-`.
    pub(crate) fn read(&mut self, file: &Path) -> Result<io::Result<Vec<u8>>, CommandError> {
        let open: Box<dyn FnOnce() -> io::Result<Box<dyn Read>> + Send> = if file == Path::new("-")
        {
            let stdin = self.io.take_stdin();
            let stdin = stdin.ok_or_else(|| {
                CommandError::usage("`-` is given twice; standard input can be read only once")
            })?;
            Box::new(|| Ok(stdin))
        } else {
            let file = file.to_owned();
            // Opening a named pipe blocks as well.
            Box::new(|| Ok(Box::new(File::open(file)?)))
        };
        let read = move || {
            let mut bytes = Vec::new();
            open()?.read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        self.unless_cancelled(read)
            .ok_or_else(|| CommandError::new(Exit::Interrupted, "interrupted, nothing was sent"))
    }

    /// Rejects `--json` without `--yes`: a program cannot answer the question.
    pub(crate) fn require_yes_for_json(&self, yes: bool) -> Result<(), CommandError> {
        if self.json && !yes {
            return Err(CommandError::usage(
                "--json cannot ask for confirmation: add --yes; nothing was changed",
            ));
        }
        Ok(())
    }

    /// Asks whether to change orders, unless there are none or `--yes` was given.
    pub(crate) fn confirm(&mut self, changes: usize, yes: bool) -> Result<(), CommandError> {
        if changes == 0 || yes {
            return Ok(());
        }
        if !self.io.is_interactive() {
            return Err(CommandError::usage(
                "no terminal to ask for confirmation: add --yes; nothing was changed",
            ));
        }
        let s = if changes == 1 { "" } else { "s" };
        self.io.err(&format!(
            "Change {changes} order{s}? DigiCert cannot undo this. [y/N] "
        ));
        match self.answer().as_deref() {
            Some("y" | "yes") => Ok(()),
            Some(_) => Err(CommandError::failed("declined, nothing was changed")),
            None => Err(CommandError::new(
                Exit::Interrupted,
                "interrupted, nothing was changed",
            )),
        }
    }

    /// A line of standard input in lower case; `None` after cancellation.
    fn answer(&mut self) -> Option<String> {
        let stdin = self.io.take_stdin()?;
        self.unless_cancelled(move || {
            let mut line = String::new();
            // An unreadable answer is not a yes.
            let _ = BufReader::new(stdin).read_line(&mut line);
            line.trim().to_ascii_lowercase()
        })
    }

    /// Runs a blocking action on its own thread, which is abandoned after cancellation.
    fn unless_cancelled<T: Send + 'static>(
        &self,
        action: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || {
            // After cancellation the receiver is gone.
            let _ = sender.send(action());
        });
        loop {
            match receiver.recv_timeout(CancelToken::POLL) {
                Ok(result) => return Some(result),
                Err(RecvTimeoutError::Timeout) if !self.cancel.is_cancelled() => {}
                Err(_) => return None,
            }
        }
    }
}

/// The name of a file in messages.
pub(crate) fn name(file: &Path) -> String {
    if file == Path::new("-") {
        return "<stdin>".to_owned();
    }
    printable(&file.display().to_string()).into_owned()
}
