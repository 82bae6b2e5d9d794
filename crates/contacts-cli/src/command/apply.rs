use std::path::Path;

use contacts_bulk::{Input, Plan, PlanFile};

use crate::args::{Apply, MaxChanges};
use crate::command::journal::NewJournal;
use crate::command::new_file::NewFile;
use crate::command::run::{self, Resumption};
use crate::command::{input, plan};
use crate::connection::{self, Connected};
use crate::error::CommandError;
use crate::exit::Exit;
use crate::session::Session;
use crate::view;

pub(crate) fn run(args: &Apply, session: &mut Session<'_, '_>) -> Result<Exit, CommandError> {
    session.require_yes_for_json(args.run.yes)?;
    let source = Source::read(args, session)?;
    let connected = connection::open(&args.connection, session)?;
    let mut journal = NewJournal::create(args.journal.as_deref(), &args.connection, session)?;
    let rejects = args
        .run
        .rejects
        .as_deref()
        .map(NewFile::create)
        .transpose()?;
    // Without a question and a guard, nothing depends on the whole plan.
    let at_once = args.run.yes && args.max_changes.is_none();
    let plan = source.into_plan(&args.file, at_once, &connected, session)?;

    let summary = plan.plan().summary();
    session.text(&view::text::plan_summary(&summary));
    let changes = summary.changes + summary.unread;
    check_max_changes(args.max_changes, changes, summary.orders)?;
    let changes = args.run.limit.unwrap_or(usize::MAX).min(changes);
    session.text(&plan::estimate(&args.run.settings(), &summary, &connected));
    session.confirm(changes, args.run.yes)?;

    let resumption = journal.path().filter(|_| changes > 0);
    let resumption = resumption.map(|path| Resumption::new(path, &args.connection));
    if let Some(resumption) = &resumption {
        session.text(&format!("journal: {}\n", resumption.journal));
    }
    let clock = session.io.clock();
    let mut run = journal.start(plan, &connected.account, move || clock(), changes > 0)?;
    let (exit, result) = run::apply(
        &mut run,
        &args.run,
        rejects,
        resumption.as_ref(),
        &connected.client,
        session,
    );
    drop(run);
    if result.unchanged == result.orders {
        journal.discard();
    }
    Ok(exit)
}

/// What the file contains.
enum Source {
    Input(Input),
    Plan(PlanFile),
}

impl Source {
    fn read(args: &Apply, session: &mut Session<'_, '_>) -> Result<Self, CommandError> {
        let file = input::open(&args.file, session)?;
        if !PlanFile::detect(&file.bytes) {
            let options = args.input.read_options();
            return input::parse(file, &options).map(Self::Input);
        }
        let plan = PlanFile::read(&file.bytes);
        plan.map(Self::Plan)
            .map_err(|error| CommandError::bad_file(&args.file, error))
    }

    /// Makes a plan of an input; `at_once`, the run reads the orders. Checks and shows a saved plan.
    fn into_plan(
        self,
        file: &Path,
        at_once: bool,
        connected: &Connected,
        session: &mut Session<'_, '_>,
    ) -> Result<PlanFile, CommandError> {
        match self {
            Self::Input(input) if at_once => {
                let (plan, base_url) = (Plan::unread(input), connected.account.base_url());
                Ok(PlanFile::new(plan, base_url, session.io.now()))
            }
            Self::Input(input) => plan::read(input, connected, session),
            Self::Plan(plan) => {
                plan.check(&connected.account)
                    .map_err(|mismatch| CommandError::mismatch(file, &mismatch))?;
                for order in plan.plan().orders() {
                    session.text(&view::text::planned(order));
                }
                Ok(plan)
            }
        }
    }
}

fn check_max_changes(
    max: Option<MaxChanges>,
    changes: usize,
    orders: usize,
) -> Result<(), CommandError> {
    if max.is_none_or(|max| max.permits(changes, orders)) {
        return Ok(());
    }
    let message = format!(
        "{changes} of {orders} orders would change, more than --max-changes allows; \
         nothing was changed"
    );
    Err(CommandError::new(Exit::TooManyChanges, message))
}
