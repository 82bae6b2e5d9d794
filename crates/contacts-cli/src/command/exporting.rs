//! Taking down contacts into a file, whether it is kept as it is or names a successor.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use contacts_bulk::{
    AccountIdentity, Export, ExportEvent, ExportFilter, ExportStopped, ExportSummary, Failure,
    create_private,
};
use contacts_core::Contact;
use fs4::{FileExt, TryLockError};

use crate::abort::{Abort, exit_of};
use crate::command::new_file::{self, NewFile};
use crate::connection::Connected;
use crate::exit::Exit;
use crate::io::Io;
use crate::progress::Progress;
use crate::source;
use crate::view::{self, ExportDone};

pub(crate) fn tell(done: &ExportDone, json: bool, io: &mut Io<'_>) -> Exit {
    io.out(&if json {
        view::json::exported(done)
    } else {
        view::text::exported(done)
    });
    exit(done)
}

pub(crate) const fn exit(done: &ExportDone) -> Exit {
    if done.failed.is_empty() {
        Exit::Done
    } else {
        Exit::SomeFailed
    }
}

/// A file that is there may have been worked on since; it is never replaced. It is made at the end
/// only, so that what ends in between can be gone on with by the same command.
pub(crate) fn free(file: &Path) -> Result<(), Abort> {
    if fs::symlink_metadata(file).is_ok() {
        return Err(new_file::unusable(file, &ErrorKind::AlreadyExists.into()));
    }
    Ok(())
}

/// Exports into `file`: the contacts as they are, or with a successor in their place. A file in which
/// nobody gets a successor can't be used for anything, so there is none then.
pub(crate) fn export(
    file: &Path,
    wanted: ExportFilter,
    successor: Option<&Contact>,
    connected: &Connected,
    json: bool,
    io: &mut Io<'_>,
) -> Result<ExportDone, Abort> {
    let path = partial(file);
    let name = source::name(&path);
    let unusable = |error: &dyn std::fmt::Display| {
        Abort::new(Exit::Failed, format!("`{name}` can't be used: {error}"))
    };
    let (mut export, mut notes) = open(&path, wanted, &connected.account, &unusable)?;
    let mut failed = Vec::new();
    let mut progress: Option<Progress> = None;
    let ran = export.run(&connected.client, &mut notes, |event| match event {
        ExportEvent::Listed {
            orders,
            read_before,
        } => {
            if !json && read_before > 0 {
                io.err(&format!(
                    "going on: {read_before} of {orders} orders were read before\n"
                ));
            }
            progress = Some(Progress::new("reading", orders - read_before, io));
        }
        ExportEvent::ReadFailed(order, failure) => {
            if let Some(progress) = &mut progress {
                progress.clear(io);
                io.err(&format!("error: {failure}\n"));
                progress.ended(true, io);
            }
            failed.push((order, failure.clone()));
        }
        ExportEvent::Read(_) => {
            if let Some(progress) = &mut progress {
                progress.ended(false, io);
            }
        }
        _ => {}
    });
    if let Some(progress) = &mut progress {
        progress.clear(io);
    }
    if let Err(stopped) = ran {
        let read = export.read();
        if read == 0 {
            // Without anything in them they would only be in the way.
            drop(notes);
            let _ = fs::remove_file(&path);
        }
        return Err(match stopped {
            ExportStopped::Failure(failure) => ended_early(&failure, read, &name),
            ExportStopped::Notes(error) => unusable(&error),
            _ => unusable(&"the export was stopped"),
        });
    }
    let bytes = fs::read(&path).map_err(|error| unusable(&error))?;
    let mut exported = ExportSummary::default();
    let kept = NewFile::claim(file)?.fill_and_keep_if(|to| {
        exported = match successor {
            Some(successor) => Export::write_with(&bytes, successor, to)?,
            None => Export::write(&bytes, to)?,
        };
        Ok(successor.is_none() || exported.contacts > 0)
    })?;
    // The result is safe; notes that stay behind are refused or gone on with, never wrong.
    drop(notes);
    let _ = fs::remove_file(&path);
    Ok(ExportDone {
        file: kept.then(|| source::name(file)),
        exported,
        failed,
    })
}

fn ended_early(failure: &Failure, read: usize, notes: &str) -> Abort {
    let message = match read {
        0 => failure.to_string(),
        _ => format!("{failure}; what was read is in `{notes}`, and the same command goes on"),
    };
    Abort::new(exit_of(failure), message)
}

/// Where the notes of an export are kept until its file can be written.
fn partial(file: &Path) -> PathBuf {
    let mut path = file.as_os_str().to_owned();
    path.push(".partial");
    path.into()
}

/// Begins an export, or goes on with the one whose notes are there.
fn open(
    path: &Path,
    wanted: ExportFilter,
    account: &AccountIdentity,
    unusable: &impl Fn(&dyn std::fmt::Display) -> Abort,
) -> Result<(Export, File), Abort> {
    let (bytes, mut notes) = notes(path).map_err(|error| unusable(&error))?;
    // Without a whole line, nothing had been begun.
    if !bytes.contains(&b'\n') {
        let begun = notes.set_len(0);
        let begun = begun.and_then(|()| Export::begin(account, wanted, &mut notes));
        return Ok((begun.map_err(|error| unusable(&error))?, notes));
    }
    let resumed = Export::resume(&bytes, account, &wanted);
    let (export, length) =
        resumed.map_err(|error| unusable(&format!("{error}; move it away to begin anew")))?;
    let cut = notes.set_len(length);
    cut.map_err(|error| unusable(&error))?;
    Ok((export, notes))
}

/// The notes, new or with what is in them, for this process alone; never through a symbolic link.
fn notes(path: &Path) -> io::Result<(Vec<u8>, File)> {
    let file = match create_private(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            if !fs::symlink_metadata(path)?.is_file() {
                return Err(io::Error::other("it is not a regular file"));
            }
            OpenOptions::new().append(true).open(path)?
        }
        created => created?,
    };
    FileExt::try_lock(&file).map_err(|error| match error {
        TryLockError::WouldBlock => io::Error::other("another export is writing it"),
        TryLockError::Error(error) => error,
    })?;
    Ok((fs::read(path)?, file))
}
