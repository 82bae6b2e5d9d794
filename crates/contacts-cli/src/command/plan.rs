use contacts_bulk::report::PlanDocument;
use contacts_bulk::{
    Input, Plan, PlanFile, PlanStopped, PlanSummary, PlannedOrder, RunSettings, State,
};
use contacts_http::RateLimit;

use crate::args;
use crate::command::input;
use crate::command::new_file::NewFile;
use crate::connection::{self, Connected};
use crate::error::CommandError;
use crate::exit::Exit;
use crate::progress::Progress;
use crate::session::Session;
use crate::view;

pub(crate) fn run(args: &args::Plan, session: &mut Session<'_, '_>) -> Result<Exit, CommandError> {
    let options = args.input.read_options();
    let input = input::read(&args.file, &options, session)?;
    let file = args
        .output_file
        .as_deref()
        .map(NewFile::create)
        .transpose()?;
    let connected = connection::open(&args.connection, session)?;
    let summary = make(input, &connected, file, session)?;
    Ok(match exit(&summary) {
        Exit::Done if args.detailed_exitcode && summary.changes > 0 => Exit::ChangesPending,
        exit => exit,
    })
}

/// Makes a plan, shows it, and saves it to `file`.
pub(crate) fn make(
    input: Input,
    connected: &Connected,
    file: Option<NewFile>,
    session: &mut Session<'_, '_>,
) -> Result<PlanSummary, CommandError> {
    let plan = read(input, connected, session)?;
    let name = file.as_ref().map(NewFile::name);
    if let Some(file) = file {
        file.write(|writer| plan.write(writer))?;
    }
    let summary = plan.plan().summary();
    let text = view::text::plan_summary(&summary)
        + &estimate(&RunSettings::default(), &summary, connected)
        + &view::text::saved(name.as_deref());
    session.print(&text, &PlanDocument::new(plan.plan(), name.as_deref()));
    Ok(summary)
}

/// The number of requests that applying a plan takes, and the time.
pub(crate) fn estimate(
    settings: &RunSettings,
    plan: &PlanSummary,
    connected: &Connected,
) -> String {
    let requests = settings.max_requests(plan);
    let time = RateLimit::shortest_time(&connected.rate_limits, requests);
    view::text::estimate(requests, time)
}

/// Reads the orders of an input, and shows what would change.
pub(crate) fn read(
    input: Input,
    connected: &Connected,
    session: &mut Session<'_, '_>,
) -> Result<PlanFile, CommandError> {
    let created = session.io.now();
    let orders = input.orders().len();
    let plan = with_progress(orders, session, |progress| {
        Plan::fetch(input, &connected.client, progress)
    })?;
    Ok(PlanFile::new(plan, connected.account.base_url(), created))
}

/// Shows the orders of a plan that exists already.
pub(crate) fn show(plan: &PlanFile, session: &mut Session<'_, '_>) {
    for order in plan.plan().orders() {
        session.text(&view::text::planned(order));
    }
}

/// Shows each order that `plan` reads, and the progress.
pub(crate) fn with_progress<T>(
    orders: usize,
    session: &mut Session<'_, '_>,
    plan: impl FnOnce(&mut dyn FnMut(&PlannedOrder)) -> Result<T, PlanStopped>,
) -> Result<T, CommandError> {
    let mut progress = Progress::new("reading", orders, session.io);
    let result = plan(&mut |order| {
        session.text(&view::text::planned(order));
        let failed = matches!(order.state(), State::ReadFailed(_));
        progress.advance(failed, session.io);
    });
    session.io.clear_status();
    result.map_err(|stopped| CommandError::new(Exit::after(stopped.failure()), stopped.to_string()))
}

pub(crate) const fn exit(plan: &PlanSummary) -> Exit {
    if plan.blocked + plan.read_failed > 0 {
        Exit::SomeFailed
    } else {
        Exit::Done
    }
}
