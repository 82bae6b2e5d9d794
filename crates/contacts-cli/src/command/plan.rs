use std::fs;
use std::mem;
use std::ops::RangeInclusive;
use std::path::Path;

use contacts_bulk::input::Snapshot;
use contacts_bulk::report::{PlanDocument, Values, plan_as_junit, plan_as_markdown};
use contacts_bulk::rules::{RuledOrders, Rules};
use contacts_bulk::{
    Input, Plan, PlanFile, PlanStopped, PlanSummary, PlannedOrder, RunSettings, State,
};
use contacts_http::{Client, RateLimit};

use crate::args::{self, PlanFormat};
use crate::command::new_file::NewFile;
use crate::command::{input, policy};
use crate::connection::{self, Connected};
use crate::error::CommandError;
use crate::exit::Exit;
use crate::progress::Progress;
use crate::session::{self, Session};
use crate::view;
use crate::view::json::Origin;

pub(crate) fn run(args: &args::Plan, session: &mut Session<'_, '_>) -> Result<Exit, CommandError> {
    if args.redact && args.output != PlanFormat::Markdown {
        let message = "--redact leaves out the values of Markdown: add --output markdown";
        return Err(CommandError::usage(message));
    }
    session.json |= args.output == PlanFormat::Json;
    session.is_document = matches!(args.output, PlanFormat::Markdown | PlanFormat::Junit);
    let desired = Desired::read(args, session)?;
    let policy = policy::read(args.policy.as_deref(), session)?;
    let file = args
        .output_file
        .as_deref()
        .map(NewFile::create)
        .transpose()?;
    let (plan, ruled, limits, connected) = if let Some(state) = &args.state {
        let (base_url, limits) = connection::offline(&args.connection, session)?;
        let (plan, ruled) = from_snapshot(desired, state, base_url, session)?;
        (plan, ruled, limits, None)
    } else {
        let connected = connection::open(&args.connection, session)?;
        let (input, ruled) = desired.list(&connected.client)?;
        let plan = read(input, &connected, session)?;
        (plan, ruled, connected.rate_limits.clone(), Some(connected))
    };
    let notes = ruled.as_ref().map(view::text::unused_rules);
    let notes = notes.unwrap_or_default();
    if let Some(ruled) = &ruled {
        session.text(&view::text::ruled(ruled, &notes));
    }
    let client = connected.as_ref().map(|connected| &connected.client);
    let origin = ruled.as_ref().map_or(Origin::File, Origin::Rules);
    let finished = policy::check(policy.as_ref(), plan.plan(), client)
        .and_then(|()| finish(&plan, &limits, file, origin, session));
    if session.is_document {
        print_document(args, &plan, notes, finished.as_ref().err(), session);
    }
    let summary = finished?;
    let is_incomplete = ruled.is_some_and(|ruled| ruled.without_id > 0);
    Ok(match exit(&summary) {
        Exit::Done if is_incomplete => Exit::SomeFailed,
        Exit::Done if args.detailed_exitcode && has_visible_changes(plan.plan()) => {
            Exit::ChangesPending
        }
        exit => exit,
    })
}

/// Prints the plan as Markdown or as `JUnit`, also one that violates the policy.
fn print_document(
    args: &args::Plan,
    plan: &PlanFile,
    mut notes: Vec<String>,
    error: Option<&CommandError>,
    session: &mut Session<'_, '_>,
) {
    for note in &notes {
        session.warn(note);
    }
    if args.output == PlanFormat::Junit {
        return session.io.out(&plan_as_junit(plan.plan()));
    }
    let values = if args.redact {
        Values::Redacted
    } else {
        Values::Shown
    };
    let saved = args.output_file.as_ref().filter(|_| error.is_none());
    let digest = saved.map(|_| plan.digest());
    let lines = error.into_iter().flat_map(|error| error.message.lines());
    notes.splice(..0, lines.map(|line| line.trim().to_owned()));
    let document = plan_as_markdown(plan.plan(), values, digest.as_deref(), &notes);
    session.io.out(&document);
}

/// The updates to plan.
enum Desired {
    Input(Input),
    Rules(Rules),
}

impl Desired {
    fn read(args: &args::Plan, session: &mut Session<'_, '_>) -> Result<Self, CommandError> {
        if let Some(file) = &args.rules {
            let rules = Rules::parse(&input::read_text(file, session)?);
            return rules
                .map(Self::Rules)
                .map_err(|error| CommandError::bad_file(file, error));
        }
        let file = args.file.as_deref().unwrap_or(Path::new("-"));
        input::read(file, &args.input.read_options(), session).map(Self::Input)
    }

    fn list(self, client: &Client) -> Result<(Input, Option<RuledOrders>), CommandError> {
        match self {
            Self::Input(input) => Ok((input, None)),
            Self::Rules(rules) => Ok(taken(rules.list(client)?)),
        }
    }

    fn of_snapshot(self, snapshot: &Snapshot) -> (Input, Option<RuledOrders>) {
        match self {
            Self::Input(input) => (input, None),
            Self::Rules(rules) => taken(rules.of_snapshot(snapshot)),
        }
    }
}

fn taken(mut orders: RuledOrders) -> (Input, Option<RuledOrders>) {
    (mem::take(&mut orders.input), Some(orders))
}

/// Whether a difference can be seen, or an order has to be read for that.
fn has_visible_changes(plan: &Plan) -> bool {
    plan.orders().iter().any(PlannedOrder::is_drift)
}

/// Prints the end of a plan whose orders were shown, and saves it unless it is empty.
pub(crate) fn finish(
    plan: &PlanFile,
    limits: &[RateLimit],
    file: Option<NewFile>,
    origin: Origin<'_>,
    session: &mut Session<'_, '_>,
) -> Result<PlanSummary, CommandError> {
    let mut name = None;
    if let Some(file) = file {
        let path = file.name();
        let is_empty = plan.plan().orders().is_empty();
        let kept = file.write_if(|writer| plan.write(writer).map(|()| !is_empty))?;
        name = kept.then_some(path);
    }
    let digest = name.as_ref().map(|_| plan.digest());
    let saved = name.as_deref().zip(digest.as_deref());
    let summary = plan.plan().summary();
    let text = view::text::plan_summary(&summary)
        + &estimate("apply", RunSettings::default().requests(&summary), limits)
        + &view::text::saved(saved);
    let document = PlanDocument::new(plan.plan(), saved);
    session.print(&text, &view::json::with_origin(&document, origin));
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

/// Reads the file of an export.
pub(crate) fn snapshot(
    file: &Path,
    session: &mut Session<'_, '_>,
) -> Result<Snapshot, CommandError> {
    let bytes = input::read_bytes(file, session)?;
    Snapshot::from_bytes(&bytes)
        .map_err(|problems| input::rejected(vec![(session::name(file), problems)]))
}

/// Makes a plan from an earlier export, and shows what would change.
fn from_snapshot(
    desired: Desired,
    state: &Path,
    base_url: String,
    session: &mut Session<'_, '_>,
) -> Result<(PlanFile, Option<RuledOrders>), CommandError> {
    let snapshot = snapshot(state, session)?;
    // The contacts are as old as the file.
    let modified = fs::metadata(state).and_then(|file| file.modified());
    let created = modified.unwrap_or_else(|_| session.io.now());
    let (input, ruled) = desired.of_snapshot(&snapshot);
    let plan = Plan::from_snapshot(input, &snapshot);
    let plan = PlanFile::new(plan, base_url, created);
    show(plan.plan(), session);
    Ok((plan, ruled))
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
