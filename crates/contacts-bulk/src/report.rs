//! The results of a run, as Rust values, JSON documents, an HTML page and a file of rejects.

mod audit;
mod conflict;
mod document;
mod html;
mod junit;
mod markdown;
mod rejects;

use contacts_core::{Blocked, Change, OrderId, Outcome};
use serde::Serialize;
use strum::{EnumDiscriminants, IntoStaticStr};

use crate::failure::Failure;

pub use crate::report::audit::audit_page;
pub use crate::report::conflict::FieldConflict;
pub use crate::report::document::{PlanDocument, PlannedRecord, ResultRecord, RunDocument};
pub use crate::report::html::html_report;
pub use crate::report::junit::plan_as_junit;
pub use crate::report::markdown::{Values, plan_as_markdown};
pub use crate::report::rejects::write_rejects;

/// The result of each order of a plan.
#[derive(Clone, Debug)]
pub struct Report {
    orders: Vec<ReportedOrder>,
    stopped: Option<Failure>,
    sampled: usize,
}

/// The result of one order.
#[derive(Clone, Debug)]
pub struct ReportedOrder {
    pub(crate) order: OrderId,
    pub(crate) result: OrderResult,
}

/// The result of an order.
#[derive(Clone, Debug, PartialEq, Eq, IntoStaticStr, EnumDiscriminants)]
#[strum(serialize_all = "kebab-case")]
#[strum_discriminants(
    name(ResultKind),
    vis(pub(crate)),
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "kebab-case")
)]
#[non_exhaustive]
pub enum OrderResult {
    /// Nothing was sent: the order already had every value.
    #[strum_discriminants(serde(alias = "already-right"))]
    Unchanged,
    /// Nothing was sent: DigiCert would have rejected it.
    Blocked(Blocked),
    /// Nothing was sent: the order could not be read.
    #[strum_discriminants(serde(alias = "not-read"))]
    ReadFailed(Failure),
    /// DigiCert accepted the update.
    Changed(Verification),
    /// The update failed. Its [`outcome`](Failure::outcome) says whether it may have been applied.
    Failed(Failure),
    /// Nothing was sent: these fields of the order are no longer as in the plan. A journal of version
    /// 1 does not name them.
    #[strum_discriminants(serde(alias = "outdated"))]
    Conflict(Vec<FieldConflict>),
    /// Nothing was sent: the run stopped before, or reached its limit.
    Skipped,
}

/// The result of comparing a changed order with its update.
#[derive(Clone, Debug, PartialEq, Eq, IntoStaticStr, EnumDiscriminants)]
#[strum(serialize_all = "kebab-case")]
#[strum_discriminants(
    name(VerificationKind),
    vis(pub(crate)),
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "kebab-case")
)]
#[non_exhaustive]
pub enum Verification {
    /// The order was not compared.
    NotRequested,
    /// Every readable value is as sent.
    #[strum_discriminants(serde(alias = "confirmed"))]
    Verified,
    /// The account's reports show every value as sent, as far as they are readable. The order was not
    /// read.
    VerifiedByReport,
    /// No update was answered as accepted, but a read showed every readable value as sent.
    VerifiedWithoutAnswer,
    /// A value is not as sent.
    #[strum_discriminants(serde(alias = "differs"))]
    Mismatch(Change),
    /// The order could not be read.
    Failed(Failure),
}

/// The number of orders with each result. `unchanged`, `blocked`, `read_failed`, `conflict`,
/// `changed`, `failed` and `skipped` add up to `orders`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RunSummary {
    /// All orders.
    pub orders: usize,
    /// Nothing was sent, the order already had every value.
    pub unchanged: usize,
    /// Nothing was sent, DigiCert would have rejected it.
    pub blocked: usize,
    /// Nothing was sent, the order could not be read.
    pub read_failed: usize,
    /// Nothing was sent, the order's contacts are no longer those of the plan.
    pub conflict: usize,
    /// DigiCert accepted the update.
    pub changed: usize,
    /// Of `changed`: every readable value is as sent.
    pub verified: usize,
    /// Of `verified`: the account's reports show it. The others were read.
    pub verified_by_report: usize,
    /// Of `changed`: a value is not as sent.
    pub mismatch: usize,
    /// Of `changed`: the order could not be read.
    pub verify_failed: usize,
    /// Of `changed`: the size of the random sample that was verified; 0 without a sample.
    pub sampled: usize,
    /// The update failed.
    pub failed: usize,
    /// Of `failed`: the update may have been applied.
    pub unknown: usize,
    /// Nothing was sent, the run stopped before or reached its limit.
    pub skipped: usize,
}

impl Report {
    pub(crate) const fn new(
        orders: Vec<ReportedOrder>,
        stopped: Option<Failure>,
        sampled: usize,
    ) -> Self {
        Self {
            orders,
            stopped,
            sampled,
        }
    }

    /// The orders, in the order of the plan.
    #[must_use]
    pub fn orders(&self) -> &[ReportedOrder] {
        &self.orders
    }

    /// Why the run stopped early, if it did.
    #[must_use]
    pub const fn stopped(&self) -> Option<&Failure> {
        self.stopped.as_ref()
    }

    /// The number of orders with each result.
    #[must_use]
    pub fn summary(&self) -> RunSummary {
        let mut summary = RunSummary {
            sampled: self.sampled,
            ..RunSummary::default()
        };
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
            OrderResult::Conflict(_) => self.conflict += 1,
            OrderResult::Skipped => self.skipped += 1,
            OrderResult::Failed(failure) => {
                self.failed += 1;
                self.unknown += usize::from(failure.outcome() == Outcome::Unknown);
            }
            OrderResult::Changed(verification) => {
                self.changed += 1;
                match verification {
                    Verification::NotRequested => {}
                    Verification::Verified | Verification::VerifiedWithoutAnswer => {
                        self.verified += 1;
                    }
                    Verification::VerifiedByReport => {
                        self.verified += 1;
                        self.verified_by_report += 1;
                    }
                    Verification::Mismatch(_) => self.mismatch += 1,
                    Verification::Failed(_) => self.verify_failed += 1,
                }
            }
        }
    }

    /// Of `changed`: the orders that were not compared with their updates.
    #[must_use]
    pub const fn unverified(&self) -> usize {
        self.changed - self.verified - self.mismatch - self.verify_failed
    }

    /// Whether every order that was not skipped has its update, as far as it was verified.
    #[must_use]
    pub const fn nothing_failed(&self) -> bool {
        self.unchanged + self.changed + self.skipped == self.orders
            && self.mismatch == 0
            && self.verify_failed == 0
    }

    /// Whether every order has its update, as far as it was verified.
    #[must_use]
    pub const fn all_done(&self) -> bool {
        self.nothing_failed() && self.skipped == 0
    }
}

impl ReportedOrder {
    /// The order.
    #[must_use]
    pub const fn order(&self) -> OrderId {
        self.order
    }

    /// The result.
    #[must_use]
    pub const fn result(&self) -> &OrderResult {
        &self.result
    }
}

impl Verification {
    /// The stable name, as in JSON; `None` if no verification was requested.
    #[must_use]
    pub fn name(&self) -> Option<&'static str> {
        (*self != Self::NotRequested).then(|| self.into())
    }
}

impl OrderResult {
    /// The stable name, as in JSON.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.into()
    }

    /// The meaning of [`OrderResult::Conflict`], as text.
    pub const CONFLICT: &str =
        "somebody else changed the order since the plan was made; that change stays";

    /// The fields in conflict, if that is the result.
    #[must_use]
    pub fn conflicts(&self) -> &[FieldConflict] {
        match self {
            Self::Conflict(fields) => fields,
            _ => &[],
        }
    }

    /// The failed call, if there is one.
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
