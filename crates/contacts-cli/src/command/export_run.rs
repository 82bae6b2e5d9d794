//! Exports contacts to a file.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use contacts_bulk::export::{Export, ExportEvent, ExportFilter, ExportStopped, ExportSummary};
use contacts_bulk::file::create_private;
use contacts_bulk::search::SearchResult;
use contacts_bulk::{AccountIdentity, Failure};
use contacts_core::OrderId;
use fs4::{FileExt, TryLockError};

use crate::command::new_file::NewFile;
use crate::connection::Connected;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::progress::Progress;
use crate::session::{self, Session};
use crate::view;

/// The result of an export.
pub(crate) struct Exported {
    /// The file; `None` if there was no contact to replace.
    pub(crate) file: Option<String>,
    pub(crate) summary: ExportSummary,
    pub(crate) missing: Missing,
}

/// The listed orders whose contacts are missing.
#[derive(Default)]
pub(crate) struct Missing {
    /// Those that could not be read.
    pub(crate) failed: Vec<(OrderId, Failure)>,
    /// The number of those without a readable id.
    pub(crate) without_id: usize,
}

impl Exported {
    pub(crate) fn print(&self, session: &mut Session<'_, '_>) {
        session.print(&view::text::exported(self), &view::json::exported(self));
    }

    /// Prints it with the search that it comes from.
    pub(crate) fn print_found(&self, found: &SearchResult, session: &mut Session<'_, '_>) {
        let document = view::json::exported(self);
        let document = view::json::with_search(&document, Some(found));
        session.print(&view::text::exported(self), &document);
    }

    pub(crate) const fn exit(&self) -> Exit {
        if self.missing.failed.is_empty() && self.missing.without_id == 0 {
            Exit::Done
        } else {
            Exit::SomeFailed
        }
    }
}

/// The snapshot that an export writes while it runs, and resumes from.
struct Partial {
    path: PathBuf,
    file: File,
}

impl Partial {
    fn error(path: &Path, error: impl std::fmt::Display) -> CommandError {
        CommandError::failed(format!("`{}`: {error}", session::name(path)))
    }

    /// Starts an export, or resumes the one that `FILE.partial` belongs to.
    fn open(
        output: &Path,
        filter: ExportFilter,
        account: &AccountIdentity,
    ) -> Result<(Self, Export), CommandError> {
        let mut path = output.as_os_str().to_owned();
        path.push(".partial");
        let path = PathBuf::from(path);
        let opened = open_locked(&path).and_then(|(bytes, mut file)| {
            // Without a complete line, the previous export had not started.
            if !bytes.contains(&b'\n') {
                file.set_len(0)?;
                let export = Export::start(account, filter, &mut file)?;
                return Ok((file, export));
            }
            let resumed = Export::resume(&bytes, account, &filter);
            let (export, length) = resumed.map_err(io::Error::other)?;
            file.set_len(length)?;
            Ok((file, export))
        });
        let (file, export) = opened.map_err(|error| Self::error(&path, error))?;
        Ok((Self { path, file }, export))
    }

    fn remove(self) {
        drop(self.file);
        let _ = fs::remove_file(&self.path);
    }
}

/// Exports to `output`, which is created at the end.
pub(crate) fn export(
    output: &Path,
    filter: ExportFilter,
    connected: &Connected,
    session: &mut Session<'_, '_>,
) -> Result<Exported, CommandError> {
    let (mut partial, mut export) = Partial::open(output, filter, &connected.account)?;
    let (result, missing) = read(&mut export, &mut partial.file, connected, session);
    if let Err(stopped) = result {
        let error = stopped_error(stopped, export.read(), &partial.path);
        if export.read() == 0 {
            partial.remove();
        }
        return Err(error);
    }
    let bytes = fs::read(&partial.path).map_err(|error| Partial::error(&partial.path, error))?;
    let mut summary = ExportSummary::default();
    NewFile::create(output)?.write(|writer| {
        summary = Export::write(&bytes, writer)?;
        Ok(())
    })?;
    partial.remove();
    Ok(Exported {
        file: Some(session::name(output)),
        summary,
        missing,
    })
}

/// Reads the orders. Returns those that are missing as well.
fn read(
    export: &mut Export,
    partial: &mut File,
    connected: &Connected,
    session: &mut Session<'_, '_>,
) -> (Result<(), ExportStopped>, Missing) {
    let mut missing = Missing::default();
    let mut progress = Progress::new("reading", 0, session.io);
    let is_resumed = export.read() > 0;
    let result = export.run(&connected.client, partial, |event| match event {
        ExportEvent::Listed { orders, exported } => {
            if !session.json && exported > 0 {
                session.io.err(&if is_resumed {
                    format!("resuming: {exported} of {orders} orders are read\n")
                } else {
                    format!("the order report has {exported} of {orders} orders\n")
                });
            }
            progress = Progress::new("reading", orders - exported, session.io);
        }
        ExportEvent::ReadFailed(order, failure) => {
            session.io.clear_status();
            session.error(failure);
            progress.advance(true, session.io);
            missing.failed.push((order, failure.clone()));
        }
        ExportEvent::WithoutId(orders) => {
            session.io.err(&view::text::without_id(orders));
            missing.without_id = orders;
        }
        ExportEvent::Read(_) => progress.advance(false, session.io),
        _ => {}
    });
    session.io.clear_status();
    (result, missing)
}

fn stopped_error(stopped: ExportStopped, read: usize, partial: &Path) -> CommandError {
    match stopped {
        ExportStopped::Failure(failure) if read == 0 => failure.into(),
        ExportStopped::Failure(failure) => {
            let name = session::name(partial);
            let hint = format!("; progress is saved in `{name}`; to resume, run the same command");
            CommandError::from(failure).with_hint(&hint)
        }
        ExportStopped::Io(error) => Partial::error(partial, error),
        _ => Partial::error(partial, "the export stopped"),
    }
}

/// Opens or creates the file for this process alone, never through a symbolic link.
fn open_locked(path: &Path) -> io::Result<(Vec<u8>, File)> {
    let file = match create_private(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            if !fs::symlink_metadata(path)?.is_file() {
                return Err(io::Error::other("not a regular file"));
            }
            OpenOptions::new().append(true).open(path)?
        }
        created => created?,
    };
    FileExt::try_lock(&file).map_err(|error| match error {
        TryLockError::WouldBlock => io::Error::other("another export is writing this file"),
        TryLockError::Error(error) => error,
    })?;
    Ok((fs::read(path)?, file))
}
