use std::process::ExitCode;

use contacts_bulk::{Failure, FailureKind};

/// The result of a command, as its exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
#[non_exhaustive]
pub enum Exit {
    /// Finished, or nothing to do.
    Done = 0,
    /// Failed: no connection, output cannot be written, or not confirmed.
    Failed = 1,
    /// With `--detailed-exitcode`: orders would change, or contacts look wrong.
    ChangesPending = 2,
    /// Some orders were not changed, read, verified or restorable.
    SomeFailed = 3,
    /// The API key was rejected.
    KeyRejected = 4,
    /// The account's rate limit is exhausted.
    RateLimited = 5,
    /// More changes than `--max-changes` allows; nothing was changed.
    TooManyChanges = 6,
    /// The plan violates the policy of `--policy`; nothing was changed.
    PolicyViolated = 7,
    /// Usage error, or no API key.
    Usage = 64,
    /// Invalid or unreadable input.
    BadInput = 65,
    /// Interrupted by Ctrl-C, SIGTERM or SIGHUP.
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
