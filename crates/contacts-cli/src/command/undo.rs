use contacts_bulk::report::PlanDocument;
use contacts_bulk::{PlanFile, Replay, UndoPlan};

use crate::args;
use crate::command::new_file::NewFile;
use crate::command::{input, journal, plan};
use crate::connection;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::session::Session;
use crate::view;

pub(crate) fn run(args: &args::Undo, session: &mut Session<'_, '_>) -> Result<Exit, CommandError> {
    let path = journal::path(&args.journal, session)?;
    let bytes = input::read_bytes(&path, session)?;
    let replay = Replay::read(&bytes).map_err(|error| CommandError::bad_file(&path, error))?;
    drop(bytes);
    let file = NewFile::create(&args.output_file)?;
    let connected = connection::open(&args.connection, session)?;
    journal::check(&replay, args.other_key, &path, &connected)?;
    let created = session.io.now();
    let undo = plan::with_progress(replay.changed(), session, |progress| {
        UndoPlan::fetch(&replay, &connected.client, progress)
    })?;
    if replay.not_refreshed() > 0 {
        session.warn(view::text::not_refreshed(replay.not_refreshed()));
    }
    drop(replay);
    let not_restorable = undo.not_restorable().to_vec();
    let undo = PlanFile::new(undo.into_plan(), connected.account.base_url(), created);
    let name = file.name();
    file.write(|writer| undo.write(writer))?;
    let digest = undo.digest();
    let saved = Some((name.as_str(), digest.as_str()));
    let summary = undo.plan().summary();
    let text = view::text::not_restorable(&not_restorable)
        + &view::text::plan_summary(&summary)
        + &view::text::saved(saved);
    let document = PlanDocument::of_undo(undo.plan(), saved, &not_restorable);
    session.print(&text, &document);
    Ok(if not_restorable.is_empty() {
        plan::exit(&summary)
    } else {
        Exit::SomeFailed
    })
}
