//! What became of the orders of a run.

use contacts_bulk::{
    Failure, OrderResult, Plan, PlannedOrder, ReadBack, Report, State, Summary, Verdict,
};
use contacts_core::{Blocked, FieldChange, OrderId};
use serde::Serialize;

use super::{Each, line, long_document};
use crate::io::Io;

#[derive(Serialize)]
struct ReportView<'a, O> {
    summary: Summary,
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
    read_back: Option<&'static str>,
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
pub fn result_line(planned: &PlannedOrder, result: &OrderResult) -> String {
    line(&result_view(planned, result))
}

fn result_view<'a>(planned: &'a PlannedOrder, result: &'a OrderResult) -> ResultView<'a> {
    let verdict = result.verdict();
    let (result, read_back) = names(verdict);
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
        blocked: match verdict {
            Verdict::Blocked(reason) => Some(*reason),
            _ => None,
        },
        failure: verdict.failure(),
        read_back,
        differences: match verdict {
            Verdict::Changed(ReadBack::Differs(change)) => change.fields(),
            _ => &[],
        },
    }
}

/// The name of what became of an order, as `--json` has it in `result`.
#[must_use]
pub const fn result_name(verdict: &Verdict) -> &'static str {
    names(verdict).0
}

pub(crate) const fn names(verdict: &Verdict) -> (&'static str, Option<&'static str>) {
    match verdict {
        Verdict::AlreadyRight => ("already-right", None),
        Verdict::Blocked(_) => ("blocked", None),
        Verdict::NotRead(_) => ("not-read", None),
        Verdict::Outdated => ("outdated", None),
        Verdict::Failed(_) => ("failed", None),
        Verdict::NotTried => ("not-tried", None),
        Verdict::Changed(ReadBack::NotAsked) => ("changed", None),
        Verdict::Changed(ReadBack::Confirmed) => ("changed", Some("confirmed")),
        Verdict::Changed(ReadBack::Differs(_)) => ("changed", Some("differs")),
        Verdict::Changed(ReadBack::Failed(_)) => ("changed", Some("failed")),
    }
}
