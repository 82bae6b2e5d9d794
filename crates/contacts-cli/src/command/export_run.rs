//! Exports contacts to a file.

use std::fmt::Display;
use std::path::Path;

use contacts_bulk::Failure;
use contacts_bulk::export::{ExportEvent, ExportFile, ExportFilter, ExportStopped, ExportSummary};
use contacts_bulk::search::SearchResult;
use contacts_core::OrderId;

use crate::command::new_file::NewFile;
use crate::connection::Connected;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::progress::Progress;
use crate::session::{self, Session};
use crate::view;
use crate::view::json::Origin;

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
        let document = view::json::with_origin(&document, Origin::Search(found));
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

/// Exports to `output`, which is created at the end.
pub(crate) fn export(
    output: &Path,
    filter: ExportFilter,
    connected: &Connected,
    session: &mut Session<'_, '_>,
) -> Result<Exported, CommandError> {
    let partial = ExportFile::partial_path(output);
    let opened = ExportFile::open(output, filter, &connected.account);
    let mut export = opened.map_err(|error| partial_error(&partial, error))?;
    let (result, missing) = read(&mut export, connected, session);
    result.map_err(|stopped| stopped_error(stopped, export.read(), &partial))?;
    let mut summary = ExportSummary::default();
    NewFile::create(output)?.write(|writer| {
        summary = export.write(writer)?;
        Ok(())
    })?;
    export.remove();
    Ok(Exported {
        file: Some(session::name(output)),
        summary,
        missing,
    })
}

/// Reads the orders. Returns those that are missing as well.
fn read(
    export: &mut ExportFile,
    connected: &Connected,
    session: &mut Session<'_, '_>,
) -> (Result<(), ExportStopped>, Missing) {
    let mut missing = Missing::default();
    let mut progress = Progress::new("reading", 0, session.io);
    let is_resumed = export.read() > 0;
    let result = export.run(&connected.client, |event| match event {
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
        ExportStopped::Io(error) => partial_error(partial, error),
        _ => partial_error(partial, "the export stopped"),
    }
}

fn partial_error(path: &Path, error: impl Display) -> CommandError {
    CommandError::failed(format!("`{}`: {error}", session::name(path)))
}
