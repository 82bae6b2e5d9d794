//! The JSON documents of plans and runs: what `--json` prints. `docs/cli.md` describes them.

use std::borrow::Cow;

use contacts_core::{Blocked, FieldChange, OrderId};
use serde::{Serialize, Serializer};

use crate::failure::Failure;
use crate::plan::order::{PlannedOrder, State};
use crate::plan::{Plan, PlanSummary};
use crate::report::{FieldConflict, OrderResult, Report, ReportedOrder, RunSummary, Verification};
use crate::undo::{self, NotRestorable};

/// A plan as one JSON document.
#[derive(Debug, Serialize)]
pub struct PlanDocument<'a> {
    summary: PlanSummary,
    plan: Option<&'a str>,
    digest: Option<&'a str>,
    #[serde(serialize_with = "planned_records")]
    orders: &'a Plan,
    not_restorable: Cow<'a, [NotRestorable]>,
}

/// The report of a run as one JSON document.
#[derive(Debug, Serialize)]
pub struct RunDocument<'a> {
    summary: RunSummary,
    stopped: Option<&'a Failure>,
    journal: Option<&'a str>,
    resume: Option<&'a str>,
    #[serde(serialize_with = "result_records")]
    orders: (&'a Plan, &'a Report),
}

/// One order of a plan, as a record.
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct PlannedRecord<'a> {
    /// The order.
    pub order_id: OrderId,
    /// The common name of its certificate, if it was read.
    pub common_name: Option<&'a str>,
    /// Its status, such as `issued`, if it was read.
    pub status: Option<&'a str>,
    /// The lines of the input that name the order, from 1.
    pub lines: &'a [u64],
    /// The name of its [`State`].
    pub state: &'static str,
    /// The fields of the update, if it is needed.
    pub changes: &'a [FieldChange],
    /// Why it is blocked.
    pub blocked: Option<Blocked>,
    /// Why it could not be read.
    pub failure: Option<&'a Failure>,
}

/// One order of a run, as a record.
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct ResultRecord<'a> {
    /// The order.
    pub order_id: OrderId,
    /// The common name of its certificate, if it was read.
    pub common_name: Option<&'a str>,
    /// Its status when it was planned, such as `issued`, if it was read.
    pub status: Option<&'a str>,
    /// The lines of the input that name the order, from 1.
    pub lines: &'a [u64],
    /// The name of its [`OrderResult`].
    pub result: &'static str,
    /// The fields of the update, if one was planned.
    pub changes: &'a [FieldChange],
    /// Why it was blocked.
    pub blocked: Option<Blocked>,
    /// What failed.
    pub failure: Option<&'a Failure>,
    /// The name of the [`Verification`] of a changed order, if one was requested.
    pub verification: Option<&'static str>,
    /// The fields that still differ, if verification found a mismatch.
    pub differences: &'a [FieldChange],
    /// The fields that changed since the plan, if that is why nothing was sent.
    pub conflicts: &'a [FieldConflict],
}

impl<'a> PlanDocument<'a> {
    /// The document of a plan that was saved to a file: the name, and the
    /// [digest](crate::PlanFile::digest).
    #[must_use]
    pub fn new(plan: &'a Plan, saved: Option<(&'a str, &'a str)>) -> Self {
        Self {
            summary: plan.summary(),
            plan: saved.map(|(file, _)| file),
            digest: saved.map(|(_, digest)| digest),
            orders: plan,
            not_restorable: plan.orders().iter().flat_map(undo::warnings).collect(),
        }
    }

    /// As [`new`](Self::new), for the plan of an undo, with what the undo does not restore.
    #[must_use]
    pub fn of_undo(
        plan: &'a Plan,
        saved: Option<(&'a str, &'a str)>,
        not_restorable: &'a [NotRestorable],
    ) -> Self {
        Self {
            summary: plan.summary(),
            plan: saved.map(|(file, _)| file),
            digest: saved.map(|(_, digest)| digest),
            orders: plan,
            not_restorable: not_restorable.into(),
        }
    }
}

impl<'a> RunDocument<'a> {
    /// The document of a run of `plan`.
    #[must_use]
    pub fn new(plan: &'a Plan, report: &'a Report) -> Self {
        Self {
            summary: report.summary(),
            stopped: report.stopped(),
            journal: None,
            resume: None,
            orders: (plan, report),
        }
    }

    /// Adds the name of the journal and, if the run is not finished, the command that resumes it.
    #[must_use]
    pub const fn with_journal(mut self, journal: &'a str, resume: Option<&'a str>) -> Self {
        self.journal = Some(journal);
        self.resume = resume;
        self
    }
}

impl<'a> From<&'a PlannedOrder> for PlannedRecord<'a> {
    fn from(order: &'a PlannedOrder) -> Self {
        let (changes, blocked, failure): (&[FieldChange], _, _) = match order.state() {
            State::Changes(change) => (change.fields(), None, None),
            State::Unchanged | State::Unread => (&[], None, None),
            State::Blocked(reason) => (&[], Some(*reason), None),
            State::ReadFailed(failure) => (&[], None, Some(failure)),
        };
        Self {
            order_id: order.order(),
            common_name: order.common_name(),
            status: order.status(),
            lines: order.lines(),
            state: order.state().name(),
            changes,
            blocked,
            failure,
        }
    }
}

impl<'a> ResultRecord<'a> {
    /// The record of a planned order and what the run reports of it.
    #[must_use]
    pub fn new(planned: &'a PlannedOrder, reported: &'a ReportedOrder) -> Self {
        let planned = PlannedRecord::from(planned);
        let result = reported.result();
        let (verification, differences): (_, &[FieldChange]) = match result {
            OrderResult::Changed(verification) => match verification {
                Verification::Mismatch(change) => (verification.name(), change.fields()),
                _ => (verification.name(), &[]),
            },
            _ => (None, &[]),
        };
        Self {
            order_id: planned.order_id,
            common_name: planned.common_name,
            status: planned.status,
            lines: planned.lines,
            result: result.name(),
            changes: planned.changes,
            blocked: planned.blocked,
            failure: result.failure(),
            verification,
            differences,
            conflicts: result.conflicts(),
        }
    }
}

/// Creates each record while it is written: the records of many orders take more memory than the
/// plan.
fn planned_records<S: Serializer>(plan: &Plan, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(plan.orders().iter().map(PlannedRecord::from))
}

fn result_records<S: Serializer>(
    (plan, report): &(&Plan, &Report),
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let orders = plan.orders().iter().zip(report.orders());
    serializer.collect_seq(orders.map(|(planned, reported)| ResultRecord::new(planned, reported)))
}
