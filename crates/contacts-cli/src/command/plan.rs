use std::fs;
use std::ops::RangeInclusive;
use std::path::Path;

use contacts_bulk::input::Snapshot;
use contacts_bulk::report::PlanDocument;
use contacts_bulk::search::SearchResult;
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
use crate::session::{self, Session};
use crate::view;

pub(crate) fn run(args: &args::Plan, session: &mut Session<'_, '_>) -> Result<Exit, CommandError> {
    let options = args.input.read_options();
    let input = input::read(&args.file, &options, session)?;
    let file = args
        .output_file
        .as_deref()
        .map(NewFile::create)
        .transpose()?;
    let summary = if let Some(state) = &args.state {
        let (base_url, limits) = connection::offline(&args.connection, session)?;
        let plan = from_snapshot(input, state, base_url, session)?;
        finish(&plan, &limits, file, None, session)?
    } else {
        let connected = connection::open(&args.connection, session)?;
        let plan = read(input, &connected, session)?;
        finish(&plan, &connected.rate_limits, file, None, session)?
    };
    Ok(match exit(&summary) {
        Exit::Done if args.detailed_exitcode && summary.changes + summary.unread > 0 => {
            Exit::ChangesPending
        }
        exit => exit,
    })
}

/// Prints the end of a plan whose orders were shown, and saves it unless it is empty.
pub(crate) fn finish(
    plan: &PlanFile,
    limits: &[RateLimit],
    file: Option<NewFile>,
    search: Option<&SearchResult>,
    session: &mut Session<'_, '_>,
) -> Result<PlanSummary, CommandError> {
    let mut name = None;
    if let Some(file) = file {
        let path = file.name();
        let is_empty = plan.plan().orders().is_empty();
        let kept = file.write_if(|writer| plan.write(writer).map(|()| !is_empty))?;
        name = kept.then_some(path);
    }
    let summary = plan.plan().summary();
    let text = view::text::plan_summary(&summary)
        + &estimate("apply", RunSettings::default().requests(&summary), limits)
        + &view::text::saved(name.as_deref());
    let document = PlanDocument::new(plan.plan(), name.as_deref());
    session.print(&text, &view::json::with_search(&document, search));
    Ok(summary)
}

/// The number of requests of a run, and the time that they take; `what` is done by the run.
pub(crate) fn estimate(
    what: &str,
    requests: RangeInclusive<usize>,
    limits: &[RateLimit],
) -> String {
    let (min, max) = requests.into_inner();
    let requests = |count| (count, RateLimit::shortest_time(limits, count));
    view::text::estimate(what, requests(min), requests(max))
}

/// Makes a plan from an earlier export, and shows what would change.
fn from_snapshot(
    input: Input,
    state: &Path,
    base_url: String,
    session: &mut Session<'_, '_>,
) -> Result<PlanFile, CommandError> {
    let bytes = input::read_bytes(state, session)?;
    let snapshot = Snapshot::from_csv(&bytes)
        .map_err(|problems| input::rejected(vec![(session::name(state), problems)]))?;
    // The contacts are as old as the file.
    let modified = fs::metadata(state).and_then(|file| file.modified());
    let created = modified.unwrap_or_else(|_| session.io.now());
    let plan = Plan::from_snapshot(input, &snapshot);
    let plan = PlanFile::new(plan, base_url, created);
    show(plan.plan(), session);
    Ok(plan)
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
pub(crate) fn show(plan: &Plan, session: &mut Session<'_, '_>) {
    for order in plan.orders() {
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
