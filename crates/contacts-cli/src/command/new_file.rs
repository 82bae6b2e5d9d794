//! Files that a command leaves behind: claimed before it begins, so that a folder that can't be
//! written is told before hours of reading, and gone again if there is nothing to put into them.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use contacts_bulk::create_private;

use crate::abort::Abort;
use crate::exit::Exit;
use crate::source;

pub(crate) struct NewFile {
    path: PathBuf,
    file: File,
    kept: bool,
}

impl NewFile {
    pub(crate) fn claim(path: &Path) -> Result<Self, Abort> {
        let file = create_private(path).map_err(|error| unusable(path, &error))?;
        Ok(Self {
            path: path.to_owned(),
            file,
            kept: false,
        })
    }

    /// Fills and keeps it.
    pub(crate) fn fill(
        self,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Abort> {
        self.fill_and_keep_if(|to| write(to).map(|()| true))
            .map(drop)
    }

    /// The same where only what is written tells whether it is worth keeping; says whether it is.
    pub(crate) fn fill_and_keep_if(
        mut self,
        write: impl FnOnce(&mut dyn Write) -> io::Result<bool>,
    ) -> Result<bool, Abort> {
        let mut to = io::BufWriter::new(&self.file);
        let written = write(&mut to).and_then(|keep| to.flush().map(|()| keep));
        drop(to);
        self.kept = written
            .and_then(|keep| self.file.sync_all().map(|()| keep))
            .map_err(|error| unusable(&self.path, &error))?;
        Ok(self.kept)
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if !self.kept {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Why a file can't be written, and that nothing came of the command.
pub(crate) fn unusable(path: &Path, error: &io::Error) -> Abort {
    let name = source::name(path);
    let message = match error.kind() {
        io::ErrorKind::AlreadyExists => {
            format!("`{name}` is there already; name a new file, or remove it")
        }
        _ => format!("`{name}` can't be written: {error}"),
    };
    Abort::new(Exit::Failed, message)
}
