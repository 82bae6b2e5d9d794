use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::Path;

use fs4::{FileExt, TryLockError};

use crate::journal::storage::JournalStorage;
use crate::private_file::create_private;

/// A journal on disk: for its owner alone, locked while it is open, and never reached through a
/// symbolic link.
#[derive(Debug)]
pub struct JournalFile(File);

impl JournalFile {
    /// Creates a journal, and sees to it that its name survives a loss of power.
    ///
    /// # Errors
    /// [`ErrorKind::AlreadyExists`] where something of this name is there, a link included, or why
    /// it can't be created or locked.
    pub fn create(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref();
        let file = create_private(path)?;
        let claimed = lock(&file).and_then(|()| sync_folder(path));
        if let Err(error) = claimed {
            // Empty as it is, it would only be in the way of the next try.
            let _ = fs::remove_file(path);
            return Err(error);
        }
        Ok(Self(file))
    }

    /// Opens the journal of an earlier run, and reads it.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] where it is a link or no file, [`ErrorKind::WouldBlock`] where
    /// another run uses it, or why it can't be read.
    pub fn open(path: impl AsRef<Path>) -> io::Result<(Self, Vec<u8>)> {
        let path = path.as_ref();
        refuse_unless_file(&fs::symlink_metadata(path)?)?;
        let mut file = OpenOptions::new().read(true).write(true).open(path)?;
        same_file(path, &file)?;
        lock(&file)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok((Self(file), bytes))
    }

    /// Cuts off what a run that died did not write to its end: all but the first `length` bytes,
    /// as [`Replay::length`](crate::Replay::length) tells them.
    ///
    /// # Errors
    /// Where the file can't be changed.
    pub fn cut(&mut self, length: u64) -> io::Result<()> {
        self.0.set_len(length)?;
        self.0.seek(SeekFrom::Start(length))?;
        self.0.sync_all()
    }
}

impl JournalStorage for JournalFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.0.sync_data()
    }
}

fn lock(file: &File) -> io::Result<()> {
    FileExt::try_lock(file).map_err(|error| match error {
        TryLockError::WouldBlock => {
            io::Error::new(ErrorKind::WouldBlock, "another run is using it")
        }
        TryLockError::Error(error) => error,
    })
}

fn refuse_unless_file(found: &fs::Metadata) -> io::Result<()> {
    let what = if found.file_type().is_symlink() {
        "it is a symbolic link; name the file itself"
    } else if found.is_file() {
        return Ok(());
    } else {
        "it is not a file"
    };
    Err(io::Error::new(ErrorKind::InvalidInput, what))
}

/// Whether what was opened is what stands there: a link may have been put in its place meanwhile.
#[cfg(unix)]
fn same_file(path: &Path, opened: &File) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt;
    let (there, opened) = (fs::symlink_metadata(path)?, opened.metadata()?);
    refuse_unless_file(&there)?;
    if (there.dev(), there.ino()) == (opened.dev(), opened.ino()) {
        return Ok(());
    }
    Err(io::Error::other("it was replaced while it was opened"))
}

#[cfg(not(unix))]
fn same_file(path: &Path, _: &File) -> io::Result<()> {
    refuse_unless_file(&fs::symlink_metadata(path)?)
}

#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

/// Elsewhere a folder can't be opened.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn to_sync_is_to_ask_the_system() {
        let (_reader, writer) = io::pipe().unwrap();
        let mut pipe = JournalFile(std::os::fd::OwnedFd::from(writer).into());
        pipe.write(b"taken").unwrap();
        assert!(pipe.sync().is_err(), "the system can't sync a pipe");
    }

    #[test]
    fn a_folder_that_is_not_there_can_not_be_synced() {
        let folder = tempfile::tempdir().unwrap();
        sync_folder(&folder.path().join("run.jsonl")).unwrap();
        sync_folder(Path::new("run.jsonl")).unwrap();
        let error = sync_folder(&folder.path().join("none/run.jsonl")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound);
    }

    #[test]
    fn a_file_that_took_the_place_of_the_opened_one_is_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run.jsonl");
        let opened = File::create(&path).unwrap();
        same_file(&path, &opened).unwrap();
        fs::rename(&path, folder.path().join("moved.jsonl")).unwrap();
        File::create(&path).unwrap();
        let told = same_file(&path, &opened).unwrap_err().to_string();
        insta::assert_snapshot!(told, @"it was replaced while it was opened");
        fs::remove_file(&path).unwrap();
        std::os::unix::fs::symlink(folder.path().join("moved.jsonl"), &path).unwrap();
        let told = same_file(&path, &opened).unwrap_err().to_string();
        insta::assert_snapshot!(told, @"it is a symbolic link; name the file itself");
    }
}
