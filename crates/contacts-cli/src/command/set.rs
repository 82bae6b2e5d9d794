mod options;

use contacts_bulk::{Failure, Input, Plan, PlanFile};
use contacts_core::{ContactsUpdate, Order, OrderId};

use self::options::Fields;
use crate::args::Set;
use crate::command::journal::NewJournal;
use crate::command::run::{self, Resumption};
use crate::command::{input, plan};
use crate::connection::{self, Connected};
use crate::error::CommandError;
use crate::exit::Exit;
use crate::session::Session;

const CONTACTS: &str = concat!(
    r#"contacts as a JSON object, such as {"technical_contact": "#,
    r#"{"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com"}}"#,
);

pub(crate) fn run(args: &Set, session: &mut Session<'_, '_>) -> Result<Exit, CommandError> {
    session.require_yes_for_json(args.yes)?;
    let order = OrderId::parse(&args.order).map_err(CommandError::usage)?;
    let given = match &args.from_json {
        Some(file) => Given::Update(input::read_json(
            file,
            CONTACTS,
            ContactsUpdate::from_json,
            session,
        )?),
        None => Given::Fields(options::parse(args)?),
    };
    let connected = connection::open(&args.connection, session)?;
    let mut journal = NewJournal::create(args.journal.as_deref(), &args.connection, session)?;
    let created = session.io.now();
    let plan = given.plan(order, &connected, session)?;
    let changes = plan.summary().changes;
    if changes > 0 {
        session.text("\n");
    }
    session.confirm(changes, args.yes)?;
    let resumption = journal.path().filter(|_| changes > 0);
    let resumption = resumption.map(|path| Resumption::new(path, &args.connection, session));
    let plan = PlanFile::new(plan, connected.account.base_url(), created);
    let clock = session.io.clock();
    let mut run = journal.start(plan, &connected.account, move || clock(), changes > 0)?;
    Ok(run::apply_one(
        &mut run,
        resumption.as_ref(),
        &connected.client,
        session,
    ))
}

/// What the command line holds.
enum Given<'a> {
    Update(ContactsUpdate),
    Fields(Fields<'a>),
}

impl Given<'_> {
    /// Reads the order, once, and shows what would change.
    fn plan(
        self,
        order: OrderId,
        connected: &Connected,
        session: &mut Session<'_, '_>,
    ) -> Result<Plan, CommandError> {
        match self {
            Self::Fields(fields) if !fields.is_complete() => {
                let now = connected.client.order(order).map_err(Failure::from)?;
                let plan = Plan::of_order(order, fields.complete(&now)?, now);
                plan::show(&plan, session);
                Ok(plan)
            }
            Self::Fields(fields) => {
                let update = fields.complete(&Order::default())?;
                Self::Update(update).plan(order, connected, session)
            }
            Self::Update(update) => plan::with_progress(1, session, |progress| {
                Plan::fetch(Input::single(order, update), &connected.client, progress)
            }),
        }
    }
}
