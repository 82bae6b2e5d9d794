use contacts_bulk::input::Problem;
use contacts_bulk::{Failure, FailureKind};

use crate::exit::Exit;

/// Why a command ends before its time.
#[derive(Debug)]
pub(crate) struct Abort {
    pub(crate) exit: Exit,
    pub(crate) message: String,
    /// What is wrong in the input, for programs; the message tells people.
    pub(crate) problems: Vec<(String, Problem)>,
}

impl Abort {
    pub(crate) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self {
            exit,
            message: message.into(),
            problems: Vec::new(),
        }
    }

    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// A request failed that the command cannot do without.
    pub(crate) fn request(failure: &Failure) -> Self {
        Self::new(exit_of(failure), failure.to_string())
    }
}

/// The exit code of a run that a failure ended.
pub(crate) const fn exit_of(failure: &Failure) -> Exit {
    match failure.kind() {
        FailureKind::KeyRejected => Exit::KeyRejected,
        FailureKind::RateLimited => Exit::RateLimited,
        FailureKind::Cancelled => Exit::Interrupted,
        _ => Exit::Failed,
    }
}
