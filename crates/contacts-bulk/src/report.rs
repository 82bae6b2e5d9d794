pub(crate) mod chart;
pub(crate) mod document;
pub(crate) mod html;
pub(crate) mod row;

use contacts_core::{Blocked, Change, OrderId, Outcome};
use serde::Serialize;

use crate::failure::Failure;

/// What became of each order of a plan.
#[derive(Clone, Debug)]
pub struct Report {
    orders: Vec<ReportedOrder>,
    stopped: Option<Failure>,
}

/// What became of one order.
#[derive(Clone, Debug)]
pub struct ReportedOrder {
    order: OrderId,
    result: OrderResult,
}

/// What became of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrderResult {
    /// Nothing was sent: every value was as wanted.
    Unchanged,
    /// Nothing was sent: it would have been refused.
    Blocked(Blocked),
    /// Nothing was sent: the order could not be read.
    ReadFailed(Failure),
    /// The server accepted the change; then, what reading it back told.
    Changed(Verification),
    /// The request failed; its [`outcome`](Failure::outcome) says whether it may have been applied.
    Failed(Failure),
    /// Nothing was sent: the order's contacts are no longer those that the plan saw.
    Conflict,
    /// Nothing was sent: the run had been stopped before.
    Skipped,
}

/// What reading an order again told about a change that the server accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verification {
    /// It was not asked for.
    NotRequested,
    /// Every value that can be read is as it was sent.
    Verified,
    /// Something is not as it was sent.
    Mismatch(Change),
    /// The order could not be read again.
    Failed(Failure),
}

/// How many orders came to which end. `unchanged`, `blocked`, `read_failed`, `conflict`,
/// `changed`, `failed` and `skipped` add up to `orders`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RunSummary {
    /// All of them.
    pub orders: usize,
    /// Nothing was sent, every value was as wanted.
    pub unchanged: usize,
    /// Nothing was sent, it would have been refused.
    pub blocked: usize,
    /// Nothing was sent, the order could not be read.
    pub read_failed: usize,
    /// Nothing was sent, somebody else had changed the order since the plan was made.
    pub conflict: usize,
    /// The server accepted the change.
    pub changed: usize,
    /// Of those changed: read back, and every value is as it was sent.
    pub verified: usize,
    /// Of those changed: read back, and something is not as it was sent.
    pub mismatch: usize,
    /// Of those changed: could not be read back.
    pub verify_failed: usize,
    /// The request failed.
    pub failed: usize,
    /// Of those failed: may have been applied all the same.
    pub unknown: usize,
    /// The run had been stopped before.
    pub skipped: usize,
}

impl Report {
    pub(crate) const fn new(orders: Vec<ReportedOrder>, stopped: Option<Failure>) -> Self {
        Self { orders, stopped }
    }

    /// The orders, as the plan has them.
    #[must_use]
    pub fn orders(&self) -> &[ReportedOrder] {
        &self.orders
    }

    /// What stopped the run before its end, if anything did.
    #[must_use]
    pub const fn stopped(&self) -> Option<&Failure> {
        self.stopped.as_ref()
    }

    /// How many orders came to which end.
    #[must_use]
    pub fn summary(&self) -> RunSummary {
        let mut summary = RunSummary::default();
        for order in &self.orders {
            summary.count(&order.result);
        }
        summary
    }
}

impl RunSummary {
    fn count(&mut self, result: &OrderResult) {
        self.orders += 1;
        match result {
            OrderResult::Unchanged => self.unchanged += 1,
            OrderResult::Blocked(_) => self.blocked += 1,
            OrderResult::ReadFailed(_) => self.read_failed += 1,
            OrderResult::Conflict => self.conflict += 1,
            OrderResult::Skipped => self.skipped += 1,
            OrderResult::Failed(failure) => {
                self.failed += 1;
                self.unknown += usize::from(failure.outcome() == Outcome::Unknown);
            }
            OrderResult::Changed(verification) => {
                self.changed += 1;
                match verification {
                    Verification::NotRequested => {}
                    Verification::Verified => self.verified += 1,
                    Verification::Mismatch(_) => self.mismatch += 1,
                    Verification::Failed(_) => self.verify_failed += 1,
                }
            }
        }
    }

    /// Whether no order that was tried, or looked at, ended otherwise than it was wanted.
    #[must_use]
    pub const fn nothing_failed(&self) -> bool {
        self.unchanged + self.changed + self.skipped == self.orders
            && self.mismatch == 0
            && self.verify_failed == 0
    }

    /// Whether every order ended as it was wanted, or was so already.
    #[must_use]
    pub const fn all_done(&self) -> bool {
        self.nothing_failed() && self.skipped == 0
    }
}

impl ReportedOrder {
    pub(crate) const fn new(order: OrderId, result: OrderResult) -> Self {
        Self { order, result }
    }

    pub(crate) fn into_result(self) -> OrderResult {
        self.result
    }

    /// The order.
    #[must_use]
    pub const fn order(&self) -> OrderId {
        self.order
    }

    /// What became of it.
    #[must_use]
    pub const fn result(&self) -> &OrderResult {
        &self.result
    }
}

impl Verification {
    /// Its name in JSON; `None` if no verification was requested.
    #[must_use]
    pub const fn name(&self) -> Option<&'static str> {
        match self {
            Self::NotRequested => None,
            Self::Verified => Some("verified"),
            Self::Mismatch(_) => Some("mismatch"),
            Self::Failed(_) => Some("failed"),
        }
    }
}

impl OrderResult {
    /// Its name in JSON.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Unchanged => "unchanged",
            Self::Blocked(_) => "blocked",
            Self::ReadFailed(_) => "read-failed",
            Self::Changed(_) => "changed",
            Self::Failed(_) => "failed",
            Self::Conflict => "conflict",
            Self::Skipped => "skipped",
        }
    }

    /// What [`OrderResult::Conflict`] means, for people.
    pub const CONFLICT: &str = "the order changed since the plan was made; nothing was sent for it";

    /// What went wrong with a call, if anything did.
    #[must_use]
    pub const fn failure(&self) -> Option<&Failure> {
        match self {
            Self::ReadFailed(failure)
            | Self::Failed(failure)
            | Self::Changed(Verification::Failed(failure)) => Some(failure),
            _ => None,
        }
    }
}
