//! The files that this crate writes and reads again. Each names its format and version at its start.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

use serde::Deserialize;
use serde_json::error::Category;

use crate::account::AccountMismatch;

/// The format of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::Display)]
#[strum(serialize_all = "lowercase")]
#[non_exhaustive]
pub enum FileFormat {
    /// A [`PlanFile`](crate::PlanFile).
    Plan,
    /// The journal of a [`Run`](crate::Run).
    Journal,
    /// The file of an unfinished [`Export`](crate::export::Export).
    #[strum(to_string = "partial export")]
    PartialExport,
}

/// Why a file cannot be used. It holds no contact's values.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileError {
    /// The format that was expected.
    pub format: FileFormat,
    /// What is wrong.
    pub kind: FileErrorKind,
}

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FileErrorKind {
    /// It has another format.
    Format,
    /// This program does not read its version.
    Version(u32),
    /// A part of it is not what this program writes: where, and what is wrong.
    Damaged(String),
    /// It was edited: the digest does not match the content.
    Digest,
    /// The journal ends before the first request, so the run changed nothing.
    NothingSent,
    /// The export was started with another filter.
    Filter,
    /// It belongs to another account.
    Account(AccountMismatch),
}

/// The members that all formats share.
#[derive(Deserialize)]
struct Head {
    format: Option<String>,
    version: Option<u32>,
}

impl FileFormat {
    /// Version 1 has other names for states and results; serde aliases read them.
    pub(crate) const VERSION: u32 = 2;

    /// The name of the format, as in the file.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Plan => "digicert-contacts-plan",
            Self::Journal => "digicert-contacts-journal",
            Self::PartialExport => "digicert-contacts-export",
        }
    }

    /// Checks the format and version of a JSON object. Returns the version.
    pub(crate) fn check(self, json: &[u8]) -> Result<u32, FileError> {
        let head: Head = serde_json::from_slice(json).map_err(|error| {
            if self.is_claimed_by(json) {
                self.damaged(1, &error)
            } else {
                self.error(FileErrorKind::Format)
            }
        })?;
        match head.version {
            Some(version) if head.format.as_deref() == Some(self.name()) => {
                let known = (1..=Self::VERSION).contains(&version);
                let error = self.error(FileErrorKind::Version(version));
                known.then_some(version).ok_or(error)
            }
            _ => Err(self.error(FileErrorKind::Format)),
        }
    }

    /// Whether a file claims to have this format. A formatter may have moved the name, but not far
    /// from the start, where no input file has such a thing.
    pub(crate) fn is_claimed_by(self, bytes: &[u8]) -> bool {
        const SEARCHED: usize = 1024;
        let start = &bytes[..bytes.len().min(SEARCHED)];
        let name = format!("\"{}\"", self.name());
        start.trim_ascii_start().starts_with(b"{")
            && memchr::memmem::find(start, name.as_bytes()).is_some()
    }

    pub(crate) const fn error(self, kind: FileErrorKind) -> FileError {
        FileError { format: self, kind }
    }

    /// The error of a JSON text that starts on `line`. Messages of serde can hold values, so only the
    /// position is kept, and a name that a later version may have written.
    pub(crate) fn damaged(self, line: usize, error: &serde_json::Error) -> FileError {
        let what = match error.classify() {
            Category::Data => data_error(error),
            _ => "invalid JSON".to_owned(),
        };
        let line = line + error.line().saturating_sub(1);
        self.damaged_at(line, &format!("column {}: {what}", error.column()))
    }

    pub(crate) fn damaged_at(self, line: usize, what: &str) -> FileError {
        self.error(FileErrorKind::Damaged(format!("line {line}, {what}")))
    }
}

/// What is wrong with JSON of an unexpected form, without its values.
pub(crate) fn data_error(error: &serde_json::Error) -> String {
    match unknown_name(error) {
        Some(name) => {
            format!("unknown name `{name}`; if a later version wrote it, update digicert-contacts")
        }
        None => "a member is missing, unknown or of the wrong type".to_owned(),
    }
}

/// The name of a state, reason or member that no type has, if it looks like one of ours.
fn unknown_name(error: &serde_json::Error) -> Option<String> {
    let message = error.to_string();
    let name = message.strip_prefix("unknown variant `");
    let name = name.or_else(|| message.strip_prefix("unknown field `"))?;
    let name = name.split('`').next()?;
    let is_name = |b: u8| b.is_ascii_lowercase() || matches!(b, b'-' | b'_');
    name.bytes().all(is_name).then(|| name.to_owned())
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let format = self.format;
        match &self.kind {
            FileErrorKind::Format => write!(f, "not a {format}")?,
            FileErrorKind::Version(version) => {
                return write!(
                    f,
                    "a {format} of version {version}, but this program reads versions up to {}; \
                     update digicert-contacts",
                    FileFormat::VERSION
                );
            }
            FileErrorKind::Damaged(what) => write!(f, "the {format} is damaged: {what}")?,
            FileErrorKind::Digest => write!(
                f,
                "the {format} was edited after it was written: its digest does not match"
            )?,
            FileErrorKind::NothingSent => {
                return f.write_str(
                    "the journal ends before the first request, so nothing was sent; \
                     start a new run",
                );
            }
            FileErrorKind::Filter => write!(f, "the {format} was started with other options")?,
            FileErrorKind::Account(mismatch) => mismatch.fmt(f)?,
        }
        f.write_str(match format {
            FileFormat::Plan => "; make a new plan",
            FileFormat::Journal => "; use the file that the run wrote, or an unedited copy",
            FileFormat::PartialExport => "; remove it to start a new export",
        })
    }
}

impl std::error::Error for FileError {}

/// Creates a file for personal data. On Unix only its owner can read and write it. An existing file
/// or symbolic link is never replaced.
///
/// # Errors
/// Returns [`io::ErrorKind::AlreadyExists`] if the path exists, or why the file cannot be created.
pub fn create_private(path: impl AsRef<Path>) -> io::Result<File> {
    private(OpenOptions::new().create_new(true).write(true)).open(path)
}

#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600)
}

#[cfg(not(unix))]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}
