use std::process::ExitCode;

/// How a run of the command ended: its exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
#[non_exhaustive]
pub enum Exit {
    /// All done, or nothing to do.
    Done = 0,
    /// It failed: a server that can't be reached, output that can't be written, a plan declined.
    Failed = 1,
    /// There is something to change, and `plan --detailed-exitcode` asked.
    ChangesPending = 2,
    /// It ran to its end, but some orders were not changed.
    SomeFailed = 3,
    /// The API key was refused.
    KeyRejected = 4,
    /// The account's rate limit is used up.
    RateLimited = 5,
    /// The command line is wrong, or the API key is missing.
    Usage = 64,
    /// The input is wrong, or can't be read.
    BadInput = 65,
    /// Stopped by Ctrl-C or a signal.
    Interrupted = 130,
}

impl Exit {
    /// The number that the shell sees.
    #[must_use]
    pub const fn code(self) -> u8 {
        self as u8
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        exit.code().into()
    }
}
