use std::fmt;

/// Why an export can't be gone on with.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExportError {
    /// This is no file of notes.
    NotNotes,
    /// The notes are of another version of this program.
    Version(u32),
    /// The notes are of an export from another address, or of other contacts.
    Other,
    /// The notes were begun with another key, which may open another account.
    Key,
    /// A line of the notes can't be read.
    Line(u64),
}

impl fmt::Display for ExportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotNotes => f.write_str("these are no notes of an export"),
            Self::Version(version) => {
                write!(
                    f,
                    "the notes are of version {version}, which this program can't read"
                )
            }
            Self::Other => {
                f.write_str("the notes are of an export from another address or of other contacts")
            }
            Self::Key => f.write_str("the notes were begun with another key"),
            Self::Line(line) => write!(f, "line {line} of the notes can't be read"),
        }
    }
}

impl std::error::Error for ExportError {}
