//! Carrying out a plan.

mod apply;
mod dispatch;
pub(crate) mod record;
pub(crate) mod rejects;
mod send;
pub(crate) mod settings;

use std::fmt;
use std::io;
use std::time::{Duration, SystemTime};

use contacts_core::OrderId;

use crate::account::AccountIdentity;
use crate::failure::Failure;
use crate::journal::Journal;
use crate::journal::replay::Replay;
use crate::journal::storage::JournalStorage;
use crate::known::{self, Known};
use crate::orders::OrderApi;
use crate::plan::Plan;
use crate::plan::file::PlanFile;
use crate::report::{OrderResult, Report, Verification};
use crate::run::record::{Record, RunEvent};
use crate::run::settings::RunSettings;

/// A plan younger than this needs no second look before its orders are changed (our own decision).
const FRESH: Duration = Duration::from_secs(3600);

/// A plan that is carried out, with a journal that outlives this process.
///
/// ```
/// use std::time::SystemTime;
/// use contacts_bulk::{AccountIdentity, Failure, Input, OrderApi, Plan, PlanFile, Replay, Run, RunSettings};
/// # use contacts_core::{ContactsUpdate, Order, OrderId};
/// # struct Api;
/// # impl OrderApi for Api {
/// #     fn read(&self, _: OrderId) -> Result<Order, Failure> { Ok(Order::default()) }
/// #     fn update(&self, _: OrderId, _: &ContactsUpdate) -> Result<(), Failure> { Ok(()) }
/// # }
///
/// let file = "order_id,contact_type,first_name,last_name,email\n7,technical_contact,A,B,a@example.com\n";
/// let plan = Plan::new(Input::from_csv(&file)?, &Api, |_| {}).unwrap();
/// let account = AccountIdentity::new("https://www.digicert.com/services/v2", "A1B2C3");
/// let plan = PlanFile::new(plan, account.base_url(), SystemTime::now());
///
/// // In a program the journal is a `JournalFile`.
/// let mut journal = Vec::new();
/// let mut run = Run::start(plan, &account, &mut journal, SystemTime::now)?;
/// run.apply(&RunSettings::default().limit(0), &Api, |_| {});
///
/// let replay = Replay::read(&journal).unwrap();
/// replay.check(&account, false).unwrap();
/// let mut run = Run::resume(replay, &account, &mut journal, SystemTime::now)?;
/// let report = run.apply(&RunSettings::default().verify(false), &Api, |_| {});
/// assert_eq!(report.summary().changed, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Run<S, C> {
    plan: PlanFile,
    known: Vec<Known>,
    journal: Journal<S>,
    clock: C,
}

impl<S: JournalStorage, C: Fn() -> SystemTime> Run<S, C> {
    /// Begins a run: its plan is in the journal when this returns, and nothing was sent. `clock`
    /// tells the time of day.
    ///
    /// # Errors
    /// Where the journal can't be written.
    pub fn start(
        plan: PlanFile,
        account: &AccountIdentity,
        journal: S,
        clock: C,
    ) -> io::Result<Self> {
        Ok(Self {
            known: vec![Known::default(); plan.plan().orders().len()],
            journal: Journal::start(&plan, account, journal, clock())?,
            plan,
            clock,
        })
    }

    /// Goes on with a run whose account was [checked](Replay::check). `journal` must stand behind
    /// the [last whole line](Replay::length).
    ///
    /// Orders that came to their end get no request. Those whose request was begun while nobody
    /// knows how it ended get it again; so do those whose failure had nothing to do with them, such
    /// as a refused key.
    ///
    /// # Errors
    /// Where the journal can't be written.
    pub fn resume(
        replay: Replay,
        account: &AccountIdentity,
        journal: S,
        clock: C,
    ) -> io::Result<Self> {
        let mut journal = Journal::on(journal);
        journal.resumed(&replay.fingerprint(account), clock())?;
        Ok(Self {
            plan: replay.plan,
            known: replay.known,
            journal,
            clock,
        })
    }

    /// Sends one request for each order that needs it.
    ///
    /// `progress` is called on this thread with each order that ends now, and many times a
    /// second while none does. The run stops where the rest can't be expected to fare better, as
    /// [`Plan::new`] does; when the journal can't be written, since nobody could tell any more what
    /// was sent; and where the settings say so. The report covers all orders of the plan.
    ///
    /// Called again, it goes on where it ended.
    pub fn apply(
        &mut self,
        settings: &RunSettings,
        api: &impl OrderApi,
        progress: impl FnMut(RunEvent<'_>),
    ) -> Report {
        let orders = self.plan.plan().orders();
        let mut recorder = Recorder {
            plan: &self.plan,
            known: &mut self.known,
            journal: &mut self.journal,
            clock: &self.clock,
        };
        apply::run(orders, settings, api, &mut recorder, progress)
    }

    /// How many orders need a request.
    #[must_use]
    pub fn open(&self) -> usize {
        known::open(self.plan.plan(), &self.known)
    }

    /// Returns the plan, without copying it.
    #[must_use]
    pub fn into_plan(self) -> PlanFile {
        self.plan
    }

    /// The plan.
    #[must_use]
    pub const fn plan(&self) -> &Plan {
        self.plan.plan()
    }
}

struct Recorder<'a, S, C> {
    plan: &'a PlanFile,
    known: &'a mut [Known],
    journal: &'a mut Journal<S>,
    clock: &'a C,
}

impl<S, C> Recorder<'_, S, C> {
    fn order(&self, at: usize) -> OrderId {
        self.plan.plan().orders()[at].order()
    }
}

impl<S: JournalStorage, C: Fn() -> SystemTime> Record for Recorder<'_, S, C> {
    fn known(&self, at: usize) -> Known {
        self.known[at].clone()
    }

    fn is_old(&self) -> bool {
        // A plan of the future is one whose age nobody knows.
        let age = self.plan.age((self.clock)());
        age.is_none_or(|age| age > FRESH)
    }

    fn begin(&mut self, at: usize) -> Result<(), Failure> {
        self.journal.begin(self.order(at), (self.clock)())?;
        self.known[at].begin();
        Ok(())
    }

    fn end(&mut self, at: usize, result: &OrderResult) -> Result<(), Failure> {
        self.known[at].end(result.clone());
        self.journal.end(self.order(at), result, (self.clock)())
    }

    fn verification(&mut self, at: usize, verification: &Verification) -> Result<(), Failure> {
        let order = self.order(at);
        self.known[at].end(OrderResult::Changed(verification.clone()));
        self.journal
            .verification(order, verification, (self.clock)())
    }
}

impl<S, C> fmt::Debug for Run<S, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run")
            .field("orders", &self.known.len())
            .finish_non_exhaustive()
    }
}
