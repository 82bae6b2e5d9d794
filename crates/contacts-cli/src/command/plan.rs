use contacts_bulk::{Input, Plan, PlanDocument, PlanFile, PlanSummary};

use crate::abort::Abort;
use crate::args;
use crate::command::new_file::NewFile;
use crate::command::{input, planning};
use crate::connection::{self, Connected};
use crate::exit::Exit;
use crate::io::Io;
use crate::source;
use crate::stop::Stop;
use crate::view;

pub(crate) fn run(args: &args::Plan, io: &mut Io<'_>, stop: &Stop) -> Result<Exit, Abort> {
    let input = input::read(&args.file, args.reading.trim, io, stop)?;
    let file = args
        .output_file
        .as_deref()
        .map(NewFile::claim)
        .transpose()?;
    let connected = connection::open(&args.connection, io, stop)?;
    let name = args.output_file.as_deref().map(source::name);
    let summary = make(
        input,
        &connected,
        file,
        name.as_deref(),
        args.output.json,
        io,
    )?;
    Ok(exit(&summary, args.detailed_exitcode))
}

/// Makes a plan, shows it, and keeps it in `file`, which is called `name`.
pub(crate) fn make(
    input: Input,
    connected: &Connected,
    file: Option<NewFile>,
    name: Option<&str>,
    json: bool,
    io: &mut Io<'_>,
) -> Result<PlanSummary, Abort> {
    let created = io.now();
    let plan = planning::read(input.orders().len(), !json, io, |progress| {
        Plan::new(input, &connected.client, progress)
    })?;
    let plan = PlanFile::new(plan, connected.account.base_url(), created);
    if let Some(file) = file {
        file.fill(|to| plan.write(to))?;
    }
    let summary = plan.plan().summary();
    if json {
        view::json::long_document(&PlanDocument::new(plan.plan(), name), io);
    } else {
        io.out(&(view::text::plan_summary(&summary) + &view::text::kept(name)));
    }
    Ok(summary)
}

pub(crate) fn exit(plan: &PlanSummary, detailed: bool) -> Exit {
    if plan.blocked + plan.read_failed > 0 {
        Exit::SomeFailed
    } else if detailed && plan.changes > 0 {
        Exit::ChangesPending
    } else {
        Exit::Done
    }
}
