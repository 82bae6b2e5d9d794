use std::fmt::Display;
use std::path::Path;

use contacts_bulk::input::Problem;
use contacts_bulk::{AccountMismatch, Failure};

use crate::exit::Exit;
use crate::session;

/// An error that ends a command.
#[derive(Debug)]
pub(crate) struct CommandError {
    pub(crate) exit: Exit,
    pub(crate) message: String,
    /// The problems of the input, each with its file, for `--json`; `message` shows them as text.
    pub(crate) problems: Vec<(String, Problem)>,
}

impl CommandError {
    pub(crate) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self {
            exit,
            message: message.into(),
            problems: Vec::new(),
        }
    }

    pub(crate) fn usage(error: impl Display) -> Self {
        Self::new(Exit::Usage, error.to_string())
    }

    pub(crate) fn failed(message: impl Into<String>) -> Self {
        Self::new(Exit::Failed, message)
    }

    /// A file of the user is unreadable or invalid.
    pub(crate) fn bad_file(file: &Path, error: impl Display) -> Self {
        Self::new(
            Exit::BadInput,
            format!("cannot read `{}`: {error}", session::name(file)),
        )
    }

    /// A journal or plan belongs to another account or key.
    pub(crate) fn mismatch(file: &Path, mismatch: &AccountMismatch) -> Self {
        let hint = match mismatch {
            AccountMismatch::Key => "; if the key belongs to the same account, add --other-key",
            _ => "",
        };
        let name = session::name(file);
        Self::new(
            Exit::BadInput,
            format!("`{name}`: {mismatch}{hint}; nothing was sent"),
        )
    }

    pub(crate) fn with_hint(mut self, hint: &str) -> Self {
        self.message += hint;
        self
    }
}

impl From<Failure> for CommandError {
    fn from(failure: Failure) -> Self {
        Self::new(Exit::after(&failure), failure.to_string())
    }
}
