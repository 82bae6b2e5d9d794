use contacts_bulk::{AccountMismatch, Input, Plan, PlanFile};

use crate::abort::Abort;
use crate::args::{Apply, MaxChanges};
use crate::command::journal::Claimed;
use crate::command::running::{self, Kept};
use crate::command::{consent, input, planning};
use crate::connection::{self, Connected};
use crate::exit::Exit;
use crate::io::Io;
use crate::stop::Stop;
use crate::view;

pub(crate) fn run(args: &Apply, io: &mut Io<'_>, stop: &Stop) -> Result<Exit, Abort> {
    let text = !args.output.json;
    consent::possible(args.output.json, args.running.yes)?;
    let given = read(args, io, stop)?;
    let connected = connection::open(&args.connection, io, stop)?;
    let mut journal = Claimed::new(args, io)?;
    let rejects = running::claim_rejects(&args.running)?;
    let plan = given.plan(&connected, text, io)?;

    let summary = plan.plan().summary();
    if text {
        io.out(&view::text::plan_summary(&summary));
    }
    guard(args.max_changes, summary.changes, summary.orders)?;
    let changes = args
        .running
        .limit
        .unwrap_or(usize::MAX)
        .min(summary.changes);
    consent::permit(changes, args.running.yes, io, stop)?;

    let clock = io.clock();
    let kept = journal.path().filter(|_| changes > 0);
    let kept = kept.map(|path| Kept::new(path, &args.connection));
    if let (true, Some(kept)) = (text, &kept) {
        io.out(&view::text::journal(&kept.journal));
    }
    let mut run = journal.start(plan, &connected.account, move || clock(), changes > 0)?;
    let (client, json) = (&connected.client, args.output.json);
    Ok(running::apply(
        &mut run,
        &args.running,
        rejects,
        kept.as_ref(),
        client,
        json,
        io,
    ))
}

/// What a file holds.
enum Given {
    Input(Input),
    Plan { name: String, plan: PlanFile },
}

fn read(args: &Apply, io: &mut Io<'_>, stop: &Stop) -> Result<Given, Abort> {
    let file = input::open(&args.file, io, stop)?;
    if !PlanFile::is_meant(&file.bytes) {
        return input::parse(file, args.reading.trim).map(Given::Input);
    }
    let name = file.name;
    let plan = PlanFile::read(&file.bytes).map_err(|error| running::unreadable(&name, &error))?;
    Ok(Given::Plan { name, plan })
}

impl Given {
    /// The plan, made now from what is wanted or as it was kept.
    fn plan(self, connected: &Connected, text: bool, io: &mut Io<'_>) -> Result<PlanFile, Abort> {
        let account = &connected.account;
        match self {
            Self::Input(input) => {
                let created = io.now();
                let plan = planning::read(input.orders().len(), text, io, |progress| {
                    Plan::new(input, &connected.client, progress)
                })?;
                Ok(PlanFile::new(plan, account.base_url(), created))
            }
            Self::Plan { name, plan } => {
                plan.check(account)
                    .map_err(|refused: AccountMismatch| running::refused(&name, &refused))?;
                if text {
                    planning::show(plan.plan(), io);
                }
                Ok(plan)
            }
        }
    }
}

fn guard(most: Option<MaxChanges>, changes: usize, orders: usize) -> Result<(), Abort> {
    if most.is_none_or(|most| most.permits(changes, orders)) {
        return Ok(());
    }
    let message = format!(
        "nothing was changed: {changes} of {orders} orders would be, more than --max-changes permits"
    );
    Err(Abort::new(Exit::Failed, message))
}
