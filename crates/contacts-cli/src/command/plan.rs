use contacts_bulk::{Plan, PlanFile, PlanSummary};

use crate::abort::Abort;
use crate::args;
use crate::command::new_file::NewFile;
use crate::command::{input, planning};
use crate::connection;
use crate::exit::Exit;
use crate::io::Io;
use crate::source;
use crate::stop::Stop;
use crate::view;

pub(crate) fn run(args: &args::Plan, io: &mut Io<'_>, stop: &Stop) -> Result<Exit, Abort> {
    let text = !args.output.json;
    let input = input::read(&args.file, args.reading.trim, io, stop)?;
    let file = args
        .output_file
        .as_deref()
        .map(NewFile::claim)
        .transpose()?;
    let connected = connection::open(&args.connection, io, stop)?;
    let created = io.now();
    let plan = planning::read(input.orders().len(), text, io, |progress| {
        Plan::new(input, &connected.client, progress)
    })?;
    let plan = PlanFile::new(plan, connected.account.base_url(), created);
    if let Some(file) = file {
        file.fill(|to| plan.write(to))?;
    }
    let name = args.output_file.as_deref().map(source::name);
    let summary = plan.plan().summary();
    io.out(&if text {
        let mut told = view::text::plan_summary(&summary);
        told += &view::text::kept(name.as_deref());
        told
    } else {
        view::json::plan(plan.plan(), name.as_deref(), None)
    });
    Ok(exit(&summary, args.detailed_exitcode))
}

fn exit(plan: &PlanSummary, detailed: bool) -> Exit {
    if plan.blocked + plan.not_read > 0 {
        Exit::SomeFailed
    } else if detailed && plan.changes > 0 {
        Exit::ChangesPending
    } else {
        Exit::Done
    }
}
