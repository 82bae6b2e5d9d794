use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::Path;

use fs4::{FileExt, TryLockError};

use crate::file::create_private;
use crate::journal::storage::JournalStorage;

/// A journal on disk. Only its owner can read it, it is locked while it is open, and it is never
/// opened through a symbolic link.
#[derive(Debug)]
pub struct JournalFile(File);

impl JournalFile {
    /// Creates a journal that survives a power failure.
    ///
    /// # Errors
    /// Returns [`ErrorKind::AlreadyExists`] if the path exists, even as a symbolic link, or why the
    /// file cannot be created or locked.
    pub fn create(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref();
        let file = create_private(path)?;
        let locked = lock(&file).and_then(|()| sync_folder(path));
        if let Err(error) = locked {
            // The empty file would block the next attempt.
            let _ = fs::remove_file(path);
            return Err(error);
        }
        Ok(Self(file))
    }

    /// Opens the journal of an earlier run. Returns its content as well.
    ///
    /// # Errors
    /// Returns [`ErrorKind::InvalidInput`] if it is a symbolic link or not a regular file,
    /// [`ErrorKind::WouldBlock`] if another run uses it, or why it cannot be read.
    pub fn open(path: impl AsRef<Path>) -> io::Result<(Self, Vec<u8>)> {
        let path = path.as_ref();
        require_file(&fs::symlink_metadata(path)?)?;
        let mut file = OpenOptions::new().read(true).write(true).open(path)?;
        same_file(path, &file)?;
        lock(&file)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok((Self(file), bytes))
    }
}

impl JournalStorage for JournalFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.0.sync_data()
    }

    fn truncate(&mut self, length: u64) -> io::Result<()> {
        self.0.set_len(length)?;
        self.0.seek(SeekFrom::Start(length))?;
        self.0.sync_all()
    }
}

fn lock(file: &File) -> io::Result<()> {
    FileExt::try_lock(file).map_err(|error| match error {
        TryLockError::WouldBlock => io::Error::new(ErrorKind::WouldBlock, "another run uses it"),
        TryLockError::Error(error) => error,
    })
}

fn require_file(found: &fs::Metadata) -> io::Result<()> {
    let what = if found.file_type().is_symlink() {
        "it is a symbolic link; use the path of the file itself"
    } else if found.is_file() {
        return Ok(());
    } else {
        "it is not a regular file"
    };
    Err(io::Error::new(ErrorKind::InvalidInput, what))
}

/// Checks that the path still is the opened file: a symbolic link may have replaced it.
#[cfg(unix)]
fn same_file(path: &Path, opened: &File) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt;
    let (current, opened) = (fs::symlink_metadata(path)?, opened.metadata()?);
    require_file(&current)?;
    if (current.dev(), current.ino()) == (opened.dev(), opened.ino()) {
        return Ok(());
    }
    Err(io::Error::other(
        "it was replaced while it was being opened",
    ))
}

#[cfg(not(unix))]
fn same_file(path: &Path, _: &File) -> io::Result<()> {
    require_file(&fs::symlink_metadata(path)?)
}

#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

/// Windows cannot open a folder as a file.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn sync_reports_the_error_of_the_system() {
        let (_reader, writer) = io::pipe().unwrap();
        let mut pipe = JournalFile(std::os::fd::OwnedFd::from(writer).into());
        pipe.write(b"entry").unwrap();
        assert!(pipe.sync().is_err(), "a pipe cannot be synced");
    }

    #[test]
    fn syncing_a_missing_folder_fails() {
        let folder = tempfile::tempdir().unwrap();
        sync_folder(&folder.path().join("run.jsonl")).unwrap();
        sync_folder(Path::new("run.jsonl")).unwrap();
        let error = sync_folder(&folder.path().join("none/run.jsonl")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound);
    }

    #[test]
    fn a_file_that_replaced_the_opened_one_is_detected() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run.jsonl");
        let opened = File::create(&path).unwrap();
        same_file(&path, &opened).unwrap();
        fs::rename(&path, folder.path().join("moved.jsonl")).unwrap();
        File::create(&path).unwrap();
        let error = same_file(&path, &opened).unwrap_err().to_string();
        insta::assert_snapshot!(error, @"it was replaced while it was being opened");
        fs::remove_file(&path).unwrap();
        std::os::unix::fs::symlink(folder.path().join("moved.jsonl"), &path).unwrap();
        let error = same_file(&path, &opened).unwrap_err().to_string();
        insta::assert_snapshot!(error, @"it is a symbolic link; use the path of the file itself");
    }
}
