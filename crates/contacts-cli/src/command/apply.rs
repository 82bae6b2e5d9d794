use std::path::Path;

use contacts_bulk::policy::{MaxChanges, Policy};
use contacts_bulk::{Input, Plan, PlanFile};

use crate::args::{Apply, Connection, GuardOptions, RunOptions};
use crate::command::journal::NewJournal;
use crate::command::new_file::NewFile;
use crate::command::run::{self, Resumption};
use crate::command::{input, plan, policy};
use crate::connection::{self, Connected};
use crate::error::CommandError;
use crate::exit::Exit;
use crate::session::Session;
use crate::view;
use crate::view::json::Origin;

pub(crate) fn run(args: &Apply, session: &mut Session<'_, '_>) -> Result<Exit, CommandError> {
    session.require_yes_for_json(args.run.yes)?;
    let source = Source::read(args, session)?;
    let connected = connection::open(&args.connection, session)?;
    let guards = Guards {
        run: &args.run,
        guard: &args.guard,
        connection: &args.connection,
    };
    let prepared = Prepared::create(guards, session)?;
    // Without a question and a guard, nothing depends on the whole plan.
    let at_once = args.run.yes && !args.guard.needs_plan();
    let plan = source.into_plan(&args.file, at_once, &connected, session)?;
    prepared.apply(plan, Origin::File, &connected, session)
}

/// How a plan is applied.
#[derive(Clone, Copy)]
pub(crate) struct Guards<'a> {
    pub(crate) run: &'a RunOptions,
    pub(crate) guard: &'a GuardOptions,
    pub(crate) connection: &'a Connection,
}

/// A run whose files are created.
pub(crate) struct Prepared<'a> {
    guards: Guards<'a>,
    policy: Option<Policy>,
    journal: NewJournal,
    rejects: Option<NewFile>,
}

impl<'a> Prepared<'a> {
    pub(crate) fn create(
        guards: Guards<'a>,
        session: &mut Session<'_, '_>,
    ) -> Result<Self, CommandError> {
        let rejects = guards.run.rejects.as_deref();
        let journal = guards.guard.journal.as_deref();
        Ok(Self {
            guards,
            policy: policy::read(guards.guard.policy.as_deref(), session)?,
            journal: NewJournal::create(journal, guards.connection, session)?,
            rejects: rejects.map(NewFile::create).transpose()?,
        })
    }

    /// Applies a plan that was shown, after the guards and the confirmation.
    pub(crate) fn apply(
        mut self,
        plan: PlanFile,
        origin: Origin<'_>,
        connected: &Connected,
        session: &mut Session<'_, '_>,
    ) -> Result<Exit, CommandError> {
        let options = self.guards.run;
        let summary = plan.plan().summary();
        session.text(&view::text::plan_summary(&summary));
        let changes = summary.changes + summary.unread;
        check_max_changes(self.guards.guard.max_changes, changes, summary.orders)?;
        policy::check(self.policy.as_ref(), plan.plan(), Some(&connected.client))?;
        let changes = options.limit.unwrap_or(usize::MAX).min(changes);
        let requests = options.settings().requests(&summary);
        session.text(&plan::estimate("apply", requests, &connected.rate_limits));
        session.confirm(changes, options.yes)?;

        let resumption = self.journal.path().filter(|_| changes > 0);
        let resumption =
            resumption.map(|path| Resumption::new(path, self.guards.connection, session));
        if let Some(resumption) = &resumption {
            session.text(&format!("journal: {}\n", resumption.journal));
        }
        let clock = session.io.clock();
        let account = &connected.account;
        let mut run = self
            .journal
            .start(plan, account, move || clock(), changes > 0)?;
        let sources = run::Sources {
            resumption: resumption.as_ref(),
            origin,
            discards_journal: true,
        };
        let (exit, result) = run::apply(
            &mut run,
            options,
            self.rejects,
            sources,
            &connected.client,
            session,
        );
        drop(run);
        if result.unchanged == result.orders {
            self.journal.discard();
        }
        Ok(exit)
    }
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
            if args.expect_digest.is_some() {
                let message = "--expect-digest needs a plan, which `plan -o` writes";
                return Err(CommandError::usage(message));
            }
            let options = args.input.read_options();
            return input::parse(file, &options).map(Self::Input);
        }
        let plan = PlanFile::read(&file.bytes);
        let plan = plan.map_err(|error| CommandError::bad_file(&args.file, error))?;
        match &args.expect_digest {
            Some(expected) if plan.digest() != *expected => {
                let message = "the plan has another digest than --expect-digest; nothing was sent";
                Err(CommandError::new(Exit::BadInput, message))
            }
            _ => Ok(Self::Plan(plan)),
        }
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
                plan::show(plan.plan(), session);
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
