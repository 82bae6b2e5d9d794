use contacts_bulk::{JournalFile, Replay, Run};

use crate::args::Resume;
use crate::command::new_file::{self, NewFile};
use crate::command::run::{self, Resumption};
use crate::connection;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::session::Session;
use crate::view;

pub(crate) fn run(args: &Resume, session: &mut Session<'_, '_>) -> Result<Exit, CommandError> {
    session.require_yes_for_json(args.run.yes)?;
    let (mut file, bytes) = JournalFile::open(&args.journal)
        .map_err(|error| CommandError::bad_file(&args.journal, error))?;
    let replay =
        Replay::read(&bytes).map_err(|error| CommandError::bad_file(&args.journal, error))?;
    drop(bytes);
    let rejects = args
        .run
        .rejects
        .as_deref()
        .map(NewFile::create)
        .transpose()?;
    let connected = connection::open(&args.connection, session)?;
    replay
        .check(&connected.account, args.other_key)
        .map_err(|mismatch| CommandError::mismatch(&args.journal, &mismatch))?;
    let open = replay.open();
    let resumption = Resumption::new(&args.journal, &args.connection);
    let orders = replay.plan().plan().orders().len();
    session.text(&view::text::resumed(&resumption.journal, orders, open));
    let changes = args.run.limit.unwrap_or(open).min(open);
    session.confirm(changes, args.run.yes)?;
    let length = u64::try_from(replay.length()).unwrap_or(u64::MAX);
    let clock = session.io.clock();
    let resumed = file
        .cut(length)
        .and_then(|()| Run::resume(replay, &connected.account, file, move || clock()));
    let mut run = resumed.map_err(|error| new_file::write_error(&args.journal, &error))?;
    Ok(run::apply(
        &mut run,
        &args.run,
        rejects,
        Some(&resumption),
        &connected.client,
        session,
    ))
}
