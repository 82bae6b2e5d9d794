use contacts_bulk::{JournalFile, Replay, Run};

use crate::args::Resume;
use crate::command::journal;
use crate::command::new_file::{self, NewFile};
use crate::command::plan;
use crate::command::run::{self, Resumption, Sources};
use crate::connection;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::session::Session;
use crate::view;

pub(crate) fn run(args: &Resume, session: &mut Session<'_, '_>) -> Result<Exit, CommandError> {
    session.require_yes_for_json(args.run.yes)?;
    let path = journal::path(&args.journal, session)?;
    let (file, bytes) =
        JournalFile::open(&path).map_err(|error| CommandError::bad_file(&path, error))?;
    let replay = Replay::read(&bytes).map_err(|error| CommandError::bad_file(&path, error))?;
    drop(bytes);
    let rejects = args
        .run
        .rejects
        .as_deref()
        .map(NewFile::create)
        .transpose()?;
    let connected = connection::open(&args.connection, session)?;
    journal::check(&replay, args.other_key, &path, &connected)?;
    let remaining = replay.remaining();
    let resumption = Resumption::new(&path, &args.connection, session);
    let orders = replay.plan().plan().orders().len();
    session.text(&view::text::resumed(&resumption.journal, orders, remaining));
    let changes = args.run.limit.unwrap_or(remaining).min(remaining);
    let requests = replay.requests(&args.run.settings());
    session.text(&plan::estimate("resume", requests, &connected.rate_limits));
    session.confirm(changes, args.run.yes)?;
    let clock = session.io.clock();
    let resumed = Run::resume(replay, &connected.account, file, move || clock());
    let mut run = resumed.map_err(|error| new_file::write_error(&path, &error))?;
    let (exit, _) = run::apply(
        &mut run,
        &args.run,
        rejects,
        Sources {
            resumption: Some(&resumption),
            ..Sources::default()
        },
        &connected.client,
        session,
    );
    Ok(exit)
}
