//! Applies a plan.

mod dispatch;
pub(crate) mod progress;
mod proof;
mod recorder;
pub(crate) mod request;
pub(crate) mod sample;
pub(crate) mod settings;
pub(crate) mod stop_policy;
mod verification;
mod workers;

use std::fmt;
use std::io;
use std::time::SystemTime;

use crate::account::AccountIdentity;
use crate::journal::replay::Replay;
use crate::journal::{Journal, JournalStorage};
use crate::order_api::OrderApi;
use crate::plan::Plan;
use crate::plan::file::PlanFile;
use crate::plan::order::PlannedOrder;
use crate::report::{Report, ReportedOrder};
use crate::run::progress::OrderProgress;
use crate::run::recorder::Recorder;
use crate::run::settings::RunSettings;
use crate::search::SourceUse;

/// A plan that is applied, with a journal that outlives the process.
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
/// let plan = Plan::fetch(Input::from_csv(&file)?, &Api, |_| {}).unwrap();
/// let account = AccountIdentity::new("https://www.digicert.com/services/v2", "A1B2C3");
/// let plan = PlanFile::new(plan, account.base_url(), SystemTime::now());
///
/// // A program uses a `JournalFile`.
/// let mut journal = Vec::new();
/// let mut run = Run::start(plan, &account, &mut journal, SystemTime::now)?;
/// run.apply(&RunSettings::default().limit(0), &Api, |_| {});
///
/// let replay = Replay::read(&journal).unwrap();
/// replay.check(&account).unwrap();
/// let mut run = Run::resume(replay, &account, &mut journal, SystemTime::now)?;
/// let report = run.apply(&RunSettings::default().skip_verification(), &Api, |_| {});
/// assert_eq!(report.summary().changed, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Run<S, C> {
    plan: PlanFile,
    progress: Vec<OrderProgress>,
    journal: Journal<S>,
    clock: C,
}

/// The progress of a run.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum RunEvent<'a> {
    /// An order of a plan that has not read it was read and compared with its update.
    Read(&'a PlannedOrder),
    /// An order is finished.
    Finished(&'a ReportedOrder),
    /// A report was asked for the `changed` orders that are not verified yet, after all updates.
    Asked {
        /// The report, and how many of the orders it covers.
        source: &'a SourceUse,
        /// The number of orders.
        changed: usize,
    },
    /// A changed order was verified after all updates.
    Verified(&'a ReportedOrder),
    /// A request is still under way; sent about 25 times a second, so that a progress bar can move.
    Waiting,
}

impl<S: JournalStorage, C: Fn() -> SystemTime> Run<S, C> {
    /// Writes the plan to the journal. Sends nothing. `clock` returns the time of day.
    ///
    /// # Errors
    /// Returns an error if the journal cannot be written.
    pub fn start(
        plan: PlanFile,
        account: &AccountIdentity,
        journal: S,
        clock: C,
    ) -> io::Result<Self> {
        Ok(Self {
            progress: vec![OrderProgress::default(); plan.plan().orders().len()],
            journal: Journal::start(&plan, account, journal, clock())?,
            plan,
            clock,
        })
    }

    /// Resumes an interrupted run after its account was [checked](Replay::check). `journal` is the one
    /// that was replayed; a line that a killed process left incomplete is removed.
    ///
    /// Finished orders get no request. An update without a recorded result is sent again unless the
    /// order shows that it was applied, and so is one that failed for a reason other than its order, such
    /// as a rejected key.
    ///
    /// # Errors
    /// Returns an error if the journal cannot be written.
    pub fn resume(
        replay: Replay,
        account: &AccountIdentity,
        mut journal: S,
        clock: C,
    ) -> io::Result<Self> {
        journal.truncate(replay.length() as u64)?;
        let mut journal = Journal::new(journal);
        journal.resumed(&replay.fingerprint(account), clock())?;
        let mut progress = replay.progress;
        progress::interrupt(&mut progress);
        Ok(Self {
            plan: replay.plan,
            progress,
            journal,
            clock,
        })
    }

    /// Sends the remaining updates. Called again, it continues where it stopped.
    ///
    /// Calls `progress` on this thread. The run stops for the reasons of [`Plan::fetch`], when the
    /// journal cannot be written, and as the settings say. The report covers all orders of the plan.
    pub fn apply(
        &mut self,
        settings: &RunSettings,
        api: &impl OrderApi,
        progress: impl FnMut(RunEvent<'_>),
    ) -> Report {
        let recorder = Recorder {
            orders: self.plan.plan().orders(),
            progress: &mut self.progress,
            journal: &mut self.journal,
            clock: &self.clock,
        };
        workers::run(recorder, settings, api, progress)
    }

    /// The number of orders that still need an update.
    #[must_use]
    pub fn remaining(&self) -> usize {
        progress::remaining(self.plan.plan().orders(), &self.progress)
    }

    /// The number of orders that the run changed, or may have changed.
    #[must_use]
    pub fn changed(&self) -> usize {
        progress::changed(&self.progress)
    }

    /// Returns the plan without copying it.
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

impl Plan {
    /// Applies the plan without a journal, so it cannot be resumed or undone. Otherwise like
    /// [`Run::apply`].
    pub fn apply(
        &self,
        settings: &RunSettings,
        api: &impl OrderApi,
        progress: impl FnMut(RunEvent<'_>),
    ) -> Report {
        let recorder = Recorder {
            orders: self.orders(),
            progress: &mut vec![OrderProgress::default(); self.orders().len()],
            journal: &mut Journal::new(io::sink()),
            clock: &SystemTime::now,
        };
        workers::run(recorder, settings, api, progress)
    }
}

impl<S, C> fmt::Debug for Run<S, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run")
            .field("orders", &self.progress.len())
            .finish_non_exhaustive()
    }
}
