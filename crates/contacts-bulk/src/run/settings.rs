use std::num::NonZeroUsize;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::Duration;

use contacts_core::ContactType;

use crate::plan::PlanSummary;
use crate::plan::order::{PlannedOrder, ReadTime};
use crate::run::request::MAX_AGE;

/// The settings of a run. By default it sends one request at a time, for all orders, reads each order
/// immediately before its update, and verifies each changed order.
///
/// ```
/// use std::num::NonZeroUsize;
/// use contacts_bulk::RunSettings;
///
/// let canary = RunSettings::default().limit(5);
/// let fast = RunSettings::default()
///     .concurrency(NonZeroUsize::new(4).unwrap())
///     .skip_verification()
///     .stop_after_failures(NonZeroUsize::new(10).unwrap());
/// # let _ = (canary, fast);
/// ```
#[derive(Clone, Debug)]
pub struct RunSettings {
    pub(crate) concurrency: NonZeroUsize,
    pub(crate) limit: Option<usize>,
    pub(crate) max_failed: Option<NonZeroUsize>,
    pub(crate) refresh: bool,
    pub(crate) reuse_reads: Duration,
    pub(crate) verify: Verify,
}

/// How a run verifies the changed orders: which it reads again, to compare them with their updates.
///
/// ```
/// use std::num::NonZeroUsize;
/// use contacts_bulk::Verify;
///
/// assert_eq!("all".parse(), Ok(Verify::All));
/// assert_eq!("sample:500".parse(), Ok(Verify::Sample(NonZeroUsize::new(500).unwrap())));
/// assert!("500".parse::<Verify>().is_err());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verify {
    /// Each order, immediately after its update.
    #[default]
    All,
    /// This number of orders, chosen at random after all updates. If one of them has a mismatch, the
    /// others are read as well.
    Sample(NonZeroUsize),
    /// Each order that the account's reports do not prove to have its update. They are asked once,
    /// after all updates: the [order report](crate::OrderApi::report), and the [reports
    /// query](crate::OrderApi::organization_emails), which shows only the address of an organization
    /// contact.
    ///
    /// A report that is missing, cut or behind proves nothing, so more orders are read. One that is
    /// behind can show the right values for the wrong reason: if the order had them not long ago, as in
    /// an undo of a recent run.
    Report,
    /// No order.
    None,
}

/// A text is not the name of a [`Verify`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected `all`, `sample:N` with a number of orders, `report`, or `none`")]
pub struct InvalidVerify;

impl FromStr for Verify {
    type Err = InvalidVerify;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "all" => Ok(Self::All),
            "report" => Ok(Self::Report),
            "none" => Ok(Self::None),
            _ => {
                let size = text.strip_prefix("sample:").ok_or(InvalidVerify)?;
                size.parse().map(Self::Sample).map_err(|_| InvalidVerify)
            }
        }
    }
}

impl Default for RunSettings {
    fn default() -> Self {
        Self {
            concurrency: NonZeroUsize::MIN,
            limit: None,
            max_failed: None,
            refresh: true,
            reuse_reads: MAX_AGE,
            verify: Verify::All,
        }
    }
}

impl RunSettings {
    /// The number of concurrent requests; 1 by default, as DigiCert's best practices recommend. With
    /// more, orders may finish in another order than the plan has.
    #[must_use]
    pub const fn concurrency(mut self, requests: NonZeroUsize) -> Self {
        self.concurrency = requests;
        self
    }

    /// Updates at most this number of orders. The others are skipped, and the run does not count as
    /// stopped.
    #[must_use]
    pub const fn limit(mut self, orders: usize) -> Self {
        self.limit = Some(orders);
        self
    }

    /// Stops the run once this number of orders has failed. By default, failures of single orders do
    /// not stop a run.
    #[must_use]
    pub const fn stop_after_failures(mut self, orders: NonZeroUsize) -> Self {
        self.max_failed = Some(orders);
        self
    }

    /// Does not read orders before their updates: the caller vouches for the plan. A change that
    /// somebody else made since the plan is overwritten. Orders of [`Plan::unread`](crate::Plan::unread)
    /// are read nevertheless.
    ///
    /// By default, each order is read immediately before its update and compared with the plan. If a
    /// contact that the update names changed since, the result is a
    /// [conflict](crate::OrderResult::Conflict), and nothing is sent.
    #[must_use]
    pub const fn no_refresh(mut self) -> Self {
        self.refresh = false;
        self
    }

    /// The age up to which a read of this process counts as the read before the update; 30 seconds by
    /// default (our own decision). With zero, each order is read again.
    ///
    /// ```
    /// use std::time::Duration;
    /// use contacts_bulk::RunSettings;
    ///
    /// let strict = RunSettings::default().reuse_reads(Duration::ZERO);
    /// # let _ = strict;
    /// ```
    #[must_use]
    pub const fn reuse_reads(mut self, age: Duration) -> Self {
        self.reuse_reads = age;
        self
    }

    /// How changed orders are verified; by default, each is read again.
    #[must_use]
    pub const fn verify(mut self, verify: Verify) -> Self {
        self.verify = verify;
        self
    }

    /// Does not verify changed orders: [`Verify::None`].
    #[must_use]
    pub const fn skip_verification(self) -> Self {
        self.verify(Verify::None)
    }

    /// The largest number of requests of a run of a plan, without retries and without the orders that
    /// a mismatch in a sample makes it read.
    ///
    /// ```
    /// use contacts_bulk::{PlanSummary, RunSettings};
    ///
    /// let mut plan = PlanSummary::default();
    /// plan.changes = 200;
    /// assert_eq!(RunSettings::default().max_requests(&plan), 600);
    /// let sample = RunSettings::default().verify("sample:20".parse()?);
    /// assert_eq!(sample.max_requests(&plan), 420);
    /// # Ok::<(), contacts_bulk::InvalidVerify>(())
    /// ```
    #[must_use]
    pub fn max_requests(&self, plan: &PlanSummary) -> usize {
        *self.requests(plan).end()
    }

    /// The smallest and the [largest](Self::max_requests) number of requests of a run that updates
    /// every order. They differ for [`Verify::Report`]: it depends on what the reports prove.
    ///
    /// ```
    /// use contacts_bulk::{PlanSummary, RunSettings, Verify};
    ///
    /// let mut plan = PlanSummary::default();
    /// plan.changes = 200;
    /// let settings = RunSettings::default().verify(Verify::Report);
    /// assert_eq!(settings.requests(&plan), 402..=602);
    /// ```
    #[must_use]
    pub fn requests(&self, plan: &PlanSummary) -> RangeInclusive<usize> {
        self.resumed_requests(plan, 0)
    }

    /// As [`requests`](Self::requests), with orders that were changed and not verified before.
    pub(crate) fn resumed_requests(
        &self,
        plan: &PlanSummary,
        unverified: usize,
    ) -> RangeInclusive<usize> {
        let limit = self.limit.unwrap_or(usize::MAX);
        let updates = limit.min(plan.changes + plan.unread);
        let refreshed = if self.refresh {
            limit.min(plan.changes)
        } else {
            0
        };
        let changed = updates + unverified;
        let reports = if changed > 0 {
            ContactType::ALL.len()
        } else {
            0
        };
        let (min, max) = match self.verify {
            Verify::All => (changed, changed),
            Verify::Sample(size) => (size.get().min(changed), size.get().min(changed)),
            Verify::Report => (reports, reports + changed),
            Verify::None => (0, 0),
        };
        let requests = plan.unread + refreshed + updates;
        requests + min..=requests + max
    }

    /// Whether an order must be read before its update. After an update whose outcome is unknown, only a
    /// read can tell whether to send it again.
    pub(crate) fn must_refresh(&self, order: &PlannedOrder, may_be_applied: bool) -> bool {
        let is_recent = |read: ReadTime| read.age() <= self.reuse_reads;
        !order.was_read()
            || may_be_applied
            || self.refresh && !order.read_at().is_some_and(is_recent)
    }
}
