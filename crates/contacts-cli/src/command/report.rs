use contacts_bulk::journal::Timeline;
use contacts_bulk::report::html_report;
use contacts_bulk::{Failure, Replay};
use contacts_core::printable;

use crate::args::Report;
use crate::command::new_file::NewFile;
use crate::command::{input, journal};
use crate::connection;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::session::Session;
use crate::view;

pub(crate) fn run(args: &Report, session: &mut Session<'_, '_>) -> Result<Exit, CommandError> {
    let file = NewFile::create(&args.output_file)?;
    let path = journal::path(&args.journal, session)?;
    let bytes = input::read_bytes(&path, session)?;
    let replay = Replay::read(&bytes).map_err(|error| CommandError::bad_file(&path, error))?;
    let timeline = Timeline::read(&bytes);
    let run_by = if args.whoami {
        Some(run_by(args, &replay, session)?)
    } else {
        None
    };
    let page = html_report(&replay, &timeline, run_by.as_deref());
    let name = file.name();
    file.write(|writer| writer.write_all(page.as_bytes()))?;
    let orders = replay.plan().plan().orders().len();
    session.print(
        &view::text::reported(&name, orders),
        &view::json::reported(&name, orders),
    );
    Ok(Exit::Done)
}

/// The user of the API key, which must be the key of the run.
fn run_by(
    args: &Report,
    replay: &Replay,
    session: &mut Session<'_, '_>,
) -> Result<String, CommandError> {
    let connected = connection::open(&args.connection, session)?;
    replay
        .check(&connected.account)
        .map_err(CommandError::usage)?;
    let user = connected.client.whoami().map_err(Failure::from)?;
    let name = user.username.as_deref().unwrap_or(view::text::UNKNOWN);
    let account = user
        .account_id
        .map_or(view::text::UNKNOWN.to_owned(), |id| id.to_string());
    Ok(format!("{}, account {account}", printable(name)))
}
