//! The files that a command writes. They are created before the first request, so that a folder
//! without write permission is reported at once, and removed again if nothing is written.

use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use contacts_bulk::file::create_private;

use crate::error::CommandError;
use crate::session;

pub(crate) struct NewFile {
    path: PathBuf,
    file: File,
    keep: bool,
}

impl NewFile {
    pub(crate) fn create(path: &Path) -> Result<Self, CommandError> {
        let file = create_private(path).map_err(|error| write_error(path, &error))?;
        Ok(Self {
            path: path.to_owned(),
            file,
            keep: false,
        })
    }

    pub(crate) fn name(&self) -> String {
        session::name(&self.path)
    }

    /// Writes and keeps the file.
    pub(crate) fn write(
        self,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), CommandError> {
        self.write_if(|writer| write(writer).map(|()| true))
            .map(drop)
    }

    /// Writes the file, and keeps it if `write` returns `true`. Returns whether it is kept.
    pub(crate) fn write_if(
        mut self,
        write: impl FnOnce(&mut dyn Write) -> io::Result<bool>,
    ) -> Result<bool, CommandError> {
        let mut writer = BufWriter::new(&self.file);
        let written = write(&mut writer).and_then(|keep| writer.flush().map(|()| keep));
        drop(writer);
        self.keep = written
            .and_then(|keep| self.file.sync_all().map(|()| keep))
            .map_err(|error| write_error(&self.path, &error))?;
        Ok(self.keep)
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if !self.keep {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Fails if the file exists.
pub(crate) fn require_absent(path: &Path) -> Result<(), CommandError> {
    if fs::symlink_metadata(path).is_ok() {
        return Err(write_error(path, &ErrorKind::AlreadyExists.into()));
    }
    Ok(())
}

pub(crate) fn write_error(path: &Path, error: &io::Error) -> CommandError {
    let name = session::name(path);
    CommandError::failed(match error.kind() {
        ErrorKind::AlreadyExists => format!("`{name}` exists; name a new file, or remove it"),
        _ => format!("cannot write `{name}`: {error}"),
    })
}
