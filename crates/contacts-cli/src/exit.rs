use std::process::ExitCode;

use contacts_bulk::{Failure, FailureKind};

/// The result of a command, as its exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
#[non_exhaustive]
pub enum Exit {
    /// Finished, or nothing to do.
    Done = 0,
    /// Failed: the server is unreachable, output cannot be written, or the plan was declined.
    Failed = 1,
    /// With `plan --detailed-exitcode`: orders would change.
    ChangesPending = 2,
    /// Finished, but some orders were not changed, read or verified.
    SomeFailed = 3,
    /// The API key was rejected.
    KeyRejected = 4,
    /// The account's rate limit is used up.
    RateLimited = 5,
    /// More orders would change than `--max-changes` allows; nothing was changed.
    TooManyChanges = 6,
    /// The command line is invalid, or the API key is missing.
    Usage = 64,
    /// The input is invalid or unreadable.
    BadInput = 65,
    /// Interrupted by Ctrl-C or a signal.
    Interrupted = 130,
}

impl Exit {
    /// The exit code of the process.
    #[must_use]
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// The exit code of a command that stopped after `failure`.
    pub(crate) const fn after(failure: &Failure) -> Self {
        match failure.kind() {
            FailureKind::KeyRejected => Self::KeyRejected,
            FailureKind::RateLimited => Self::RateLimited,
            FailureKind::Cancelled => Self::Interrupted,
            _ => Self::Failed,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        exit.code().into()
    }
}
