use std::fmt;

/// Why a file is no journal that can be used. It holds no contact's values.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum JournalError {
    /// It is not a journal.
    NotAJournal,
    /// It is a journal of another version of this program.
    Version(u32),
    /// It ends before the first request could be sent: the run that began it changed nothing.
    NothingSent,
    /// A line that can't be.
    Line {
        /// The line, counted from 1.
        line: usize,
        /// What is wrong with it.
        what: String,
    },
    /// The plan in it is not the one that the run was begun with.
    Digest,
}

impl fmt::Display for JournalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAJournal => f.write_str("it is not a journal that `apply` wrote"),
            Self::Version(version) => write!(
                f,
                "it is a journal of version {version}, and this program reads versions 1 and 2; \
                 update digicert-contacts"
            ),
            Self::NothingSent => f.write_str(
                "it ends before the first request, so its run changed nothing; \
                 begin the run again",
            ),
            Self::Line { line, what } => write!(f, "line {line} is damaged: {what}"),
            Self::Digest => f.write_str(
                "the plan in it is not the one that the run was begun with, \
                 since its digest does not fit",
            ),
        }
    }
}

impl std::error::Error for JournalError {}
