use contacts_core::{Blocked, Change, OrderId, Outcome};
use serde::Serialize;

use crate::failure::Failure;

/// What became of each order of a plan.
#[derive(Clone, Debug)]
pub struct Report {
    orders: Vec<OrderResult>,
    stopped: Option<Failure>,
}

/// What became of one order.
#[derive(Clone, Debug)]
pub struct OrderResult {
    order: OrderId,
    verdict: Verdict,
}

/// What became of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing was sent: every value was as wanted.
    AlreadyRight,
    /// Nothing was sent: it would have been refused.
    Blocked(Blocked),
    /// Nothing was sent: the order could not be read.
    NotRead(Failure),
    /// The server accepted the change; then, what reading it back told.
    Changed(ReadBack),
    /// The request failed; its [`outcome`](Failure::outcome) says whether it may have been applied.
    Failed(Failure),
    /// Nothing was sent: the order's contacts are no longer those that the plan saw.
    Outdated,
    /// Nothing was sent: the run had been stopped before.
    NotTried,
}

/// What reading an order again told about a change that the server accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadBack {
    /// It was not asked for.
    NotAsked,
    /// Every value that can be read is as it was sent.
    Confirmed,
    /// Something is not as it was sent.
    Differs(Change),
    /// The order could not be read again.
    Failed(Failure),
}

/// How many orders came to which end. `already_right`, `blocked`, `not_read`, `outdated`,
/// `changed`, `failed` and `not_tried` add up to `orders`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Summary {
    /// All of them.
    pub orders: usize,
    /// Nothing was sent, every value was as wanted.
    pub already_right: usize,
    /// Nothing was sent, it would have been refused.
    pub blocked: usize,
    /// Nothing was sent, the order could not be read.
    pub not_read: usize,
    /// Nothing was sent, somebody else had changed the order since the plan was made.
    pub outdated: usize,
    /// The server accepted the change.
    pub changed: usize,
    /// Of those changed: read back, and every value is as it was sent.
    pub confirmed: usize,
    /// Of those changed: read back, and something is not as it was sent.
    pub differing: usize,
    /// Of those changed: could not be read back.
    pub unconfirmed: usize,
    /// The request failed.
    pub failed: usize,
    /// Of those failed: may have been applied all the same.
    pub unknown: usize,
    /// The run had been stopped before.
    pub not_tried: usize,
}

impl Report {
    pub(crate) const fn new(orders: Vec<OrderResult>, stopped: Option<Failure>) -> Self {
        Self { orders, stopped }
    }

    /// The orders, as the plan has them.
    #[must_use]
    pub fn orders(&self) -> &[OrderResult] {
        &self.orders
    }

    /// What stopped the run before its end, if anything did.
    #[must_use]
    pub const fn stopped(&self) -> Option<&Failure> {
        self.stopped.as_ref()
    }

    /// How many orders came to which end.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let mut summary = Summary::default();
        for order in &self.orders {
            summary.count(&order.verdict);
        }
        summary
    }
}

impl Summary {
    fn count(&mut self, verdict: &Verdict) {
        self.orders += 1;
        match verdict {
            Verdict::AlreadyRight => self.already_right += 1,
            Verdict::Blocked(_) => self.blocked += 1,
            Verdict::NotRead(_) => self.not_read += 1,
            Verdict::Outdated => self.outdated += 1,
            Verdict::NotTried => self.not_tried += 1,
            Verdict::Failed(failure) => {
                self.failed += 1;
                self.unknown += usize::from(failure.outcome() == Outcome::Unknown);
            }
            Verdict::Changed(read_back) => {
                self.changed += 1;
                match read_back {
                    ReadBack::NotAsked => {}
                    ReadBack::Confirmed => self.confirmed += 1,
                    ReadBack::Differs(_) => self.differing += 1,
                    ReadBack::Failed(_) => self.unconfirmed += 1,
                }
            }
        }
    }

    /// Whether no order that was tried, or looked at, ended otherwise than it was wanted.
    #[must_use]
    pub const fn nothing_failed(&self) -> bool {
        self.already_right + self.changed + self.not_tried == self.orders
            && self.differing == 0
            && self.unconfirmed == 0
    }

    /// Whether every order ended as it was wanted, or was so already.
    #[must_use]
    pub const fn all_done(&self) -> bool {
        self.nothing_failed() && self.not_tried == 0
    }
}

impl OrderResult {
    pub(crate) const fn new(order: OrderId, verdict: Verdict) -> Self {
        Self { order, verdict }
    }

    pub(crate) fn into_verdict(self) -> Verdict {
        self.verdict
    }

    /// The order.
    #[must_use]
    pub const fn order(&self) -> OrderId {
        self.order
    }

    /// What became of it.
    #[must_use]
    pub const fn verdict(&self) -> &Verdict {
        &self.verdict
    }
}

impl Verdict {
    /// What [`Verdict::Outdated`] means, for people.
    pub const OUTDATED: &str =
        "somebody changed the order since the plan was made; nothing is sent for it";

    /// What went wrong with a call, if anything did.
    #[must_use]
    pub const fn failure(&self) -> Option<&Failure> {
        match self {
            Self::NotRead(failure)
            | Self::Failed(failure)
            | Self::Changed(ReadBack::Failed(failure)) => Some(failure),
            _ => None,
        }
    }
}
