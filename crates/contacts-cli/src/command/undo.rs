use contacts_bulk::{PlanDocument, PlanFile, UndoPlan};

use crate::abort::Abort;
use crate::args;
use crate::command::new_file::NewFile;
use crate::command::{planning, running};
use crate::connection;
use crate::exit::Exit;
use crate::io::Io;
use crate::source;
use crate::stop::Stop;
use crate::view;

pub(crate) fn run(args: &args::Undo, io: &mut Io<'_>, stop: &Stop) -> Result<Exit, Abort> {
    let text = !args.output.json;
    let name = source::name(&args.journal);
    let bytes = source::read(&args.journal, io, stop)?;
    let bytes = bytes.map_err(|error| running::unreadable(&name, &error))?;
    let replay = running::replay(&name, &bytes)?;
    drop(bytes);
    let file = NewFile::claim(&args.output_file)?;
    let connected = connection::open(&args.connection, io, stop)?;
    replay
        .check(&connected.account, args.other_key)
        .map_err(|refused| running::refused(&name, &refused))?;
    let created = io.now();
    let orders = replay.changed();
    let undo = planning::read(orders, text, io, |progress| {
        UndoPlan::new(&replay, &connected.client, progress)
    })?;
    drop(replay);
    let left = undo.left().to_vec();
    let plan = PlanFile::new(undo.into_plan(), connected.account.base_url(), created);
    file.fill(|to| plan.write(to))?;
    let kept = source::name(&args.output_file);
    let summary = plan.plan().summary();
    if text {
        io.out(
            &(view::text::left(&left)
                + &view::text::plan_summary(&summary)
                + &view::text::kept(Some(&kept))),
        );
    } else {
        let document = PlanDocument::new(plan.plan(), Some(&kept)).with_not_restorable(&left);
        view::json::long_document(&document, io);
    }
    Ok(
        if summary.read_failed + summary.blocked > 0 || !left.is_empty() {
            Exit::SomeFailed
        } else {
            Exit::Done
        },
    )
}
