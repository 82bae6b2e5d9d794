//! What a plan found out of its orders.

use contacts_bulk::{Failure, NotRestorable, Plan, PlanSummary, PlannedOrder, State};
use contacts_core::{Blocked, FieldChange, OrderId};
use serde::Serialize;

use super::{Each, line, long_document};
use crate::io::Io;

#[derive(Serialize)]
struct PlanView<'a, O> {
    summary: PlanSummary,
    plan: Option<&'a str>,
    orders: O,
    /// What an undo leaves as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    left: Option<&'a [NotRestorable]>,
}

#[derive(Serialize)]
struct PlannedView<'a> {
    order_id: OrderId,
    common_name: Option<&'a str>,
    status: Option<&'a str>,
    lines: &'a [u64],
    state: &'static str,
    changes: &'a [FieldChange],
    blocked: Option<Blocked>,
    failure: Option<&'a Failure>,
}

/// `file` is where the plan was kept.
pub(crate) fn plan(
    plan: &Plan,
    file: Option<&str>,
    left: Option<&[NotRestorable]>,
    io: &mut Io<'_>,
) {
    let view = PlanView {
        summary: plan.summary(),
        plan: file,
        orders: Each(|| plan.orders().iter().map(planned)),
        left,
    };
    long_document(&view, io);
}

fn planned(order: &PlannedOrder) -> PlannedView<'_> {
    let (changes, blocked, failure): (&[FieldChange], _, _) = match order.state() {
        State::Changes(change) => (change.fields(), None, None),
        State::Unchanged => (&[], None, None),
        State::Blocked(reason) => (&[], Some(*reason), None),
        State::ReadFailed(failure) => (&[], None, Some(failure)),
    };
    PlannedView {
        order_id: order.order(),
        common_name: order.common_name(),
        status: order.status(),
        lines: order.lines(),
        state: state_name(order.state()),
        changes,
        blocked,
        failure,
    }
}

/// One order of a plan, as `--json` has it in `orders[]`, on one line.
#[must_use]
pub fn planned_line(order: &PlannedOrder) -> String {
    line(&planned(order))
}

/// The name of what a plan found out, as `--json` has it in `state`.
#[must_use]
pub const fn state_name(state: &State) -> &'static str {
    match state {
        State::Changes(_) => "changes",
        State::Unchanged => "unchanged",
        State::Blocked(_) => "blocked",
        State::ReadFailed(_) => "read-failed",
    }
}
