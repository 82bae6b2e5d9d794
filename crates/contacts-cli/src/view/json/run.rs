//! What became of the orders of a run.

use contacts_bulk::{
    Failure, OrderResult, Plan, PlannedOrder, Report, ReportedOrder, RunSummary, State,
    Verification,
};
use contacts_core::{Blocked, FieldChange, OrderId};
use serde::Serialize;

use super::{Each, line, long_document};
use crate::io::Io;

#[derive(Serialize)]
struct ReportView<'a, O> {
    summary: RunSummary,
    stopped: Option<&'a Failure>,
    /// The journal, and the command line that goes on with the run.
    journal: Option<&'a str>,
    resume: Option<&'a str>,
    orders: O,
}

#[derive(Serialize)]
struct ResultView<'a> {
    order_id: OrderId,
    common_name: Option<&'a str>,
    status: Option<&'a str>,
    lines: &'a [u64],
    result: &'static str,
    changes: &'a [FieldChange],
    blocked: Option<Blocked>,
    failure: Option<&'a Failure>,
    verification: Option<&'static str>,
    /// Where the order was read back otherwise: what still differs.
    differences: &'a [FieldChange],
}

/// `kept` is the name of the journal and, where something is left, the command line that goes on.
pub(crate) fn report(
    plan: &Plan,
    report: &Report,
    kept: Option<(&str, Option<&str>)>,
    io: &mut Io<'_>,
) {
    let orders = || {
        let orders = plan.orders().iter().zip(report.orders());
        orders.map(|(planned, result)| result_view(planned, result))
    };
    let view = ReportView {
        summary: report.summary(),
        stopped: report.stopped(),
        journal: kept.map(|kept| kept.0),
        resume: kept.and_then(|kept| kept.1),
        orders: Each(orders),
    };
    long_document(&view, io);
}

/// What became of one order of a run, as `--json` has it in `orders[]`, on one line.
#[must_use]
pub fn result_line(planned: &PlannedOrder, result: &ReportedOrder) -> String {
    line(&result_view(planned, result))
}

fn result_view<'a>(planned: &'a PlannedOrder, result: &'a ReportedOrder) -> ResultView<'a> {
    let end = result.result();
    let (result, verification) = names(end);
    ResultView {
        order_id: planned.order(),
        common_name: planned.common_name(),
        status: planned.status(),
        lines: planned.lines(),
        result,
        changes: match planned.state() {
            State::Changes(change) => change.fields(),
            _ => &[],
        },
        blocked: match end {
            OrderResult::Blocked(reason) => Some(*reason),
            _ => None,
        },
        failure: end.failure(),
        verification,
        differences: match end {
            OrderResult::Changed(Verification::Mismatch(change)) => change.fields(),
            _ => &[],
        },
    }
}

/// The name of what became of an order, as `--json` has it in `result`.
#[must_use]
pub const fn result_name(result: &OrderResult) -> &'static str {
    names(result).0
}

pub(crate) const fn names(result: &OrderResult) -> (&'static str, Option<&'static str>) {
    match result {
        OrderResult::Unchanged => ("unchanged", None),
        OrderResult::Blocked(_) => ("blocked", None),
        OrderResult::ReadFailed(_) => ("read-failed", None),
        OrderResult::Conflict => ("conflict", None),
        OrderResult::Failed(_) => ("failed", None),
        OrderResult::Skipped => ("skipped", None),
        OrderResult::Changed(Verification::NotRequested) => ("changed", None),
        OrderResult::Changed(Verification::Verified) => ("changed", Some("verified")),
        OrderResult::Changed(Verification::Mismatch(_)) => ("changed", Some("mismatch")),
        OrderResult::Changed(Verification::Failed(_)) => ("changed", Some("failed")),
    }
}
