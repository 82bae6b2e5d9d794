//! The results of a run.

use std::fmt::Write;

use contacts_bulk::report::FieldConflict;
use contacts_bulk::{Failure, OrderResult, Report, ReportedOrder, RunSummary, Verification};
use contacts_core::{Outcome, printable};

use super::{NONE, changes, counted, orders, plural};
use crate::view::paint;

/// The result of an order; empty for a skipped order.
pub(crate) fn result(reported: &ReportedOrder) -> String {
    let order = reported.order();
    match reported.result() {
        OrderResult::Skipped => String::new(),
        OrderResult::Blocked(reason) => warning("blocked", &format!("{order}: {reason}")),
        OrderResult::ReadFailed(failure) => warning("not read", &failure.to_string()),
        OrderResult::Conflict(fields) => {
            warning("conflict", &format!("{order}: {}", OrderResult::CONFLICT)) + &conflicts(fields)
        }
        OrderResult::Failed(failure) if failure.outcome() == Outcome::Unknown => warning(
            "failed",
            &format!("{failure}; the order may have been changed"),
        ),
        OrderResult::Failed(failure) => warning("failed", &failure.to_string()),
        OrderResult::Changed(Verification::Verified) => format!("changed    {order}, verified\n"),
        OrderResult::Changed(Verification::VerifiedWithoutAnswer) => format!(
            "changed    {order}, verified; no update was answered, but a read shows the change\n"
        ),
        OrderResult::Changed(Verification::Failed(failure)) => {
            let failure = failure.to_string();
            format!(
                "changed    {order}, not verified: {}\n",
                printable(&failure)
            )
        }
        OrderResult::Changed(Verification::Mismatch(change)) => {
            let message = format!("{order}: accepted, but the order has other values:");
            warning("mismatch", &message) + &changes(change)
        }
        result => format!("{:<11}{order}\n", result.name()),
    }
}

/// The verification of an order after all updates.
pub(crate) fn verified(reported: &ReportedOrder) -> String {
    match reported.result() {
        OrderResult::Changed(Verification::Verified) => {
            format!("verified   {}\n", reported.order())
        }
        OrderResult::Changed(Verification::VerifiedByReport) => {
            format!("verified   {}, by report\n", reported.order())
        }
        _ => result(reported),
    }
}

/// The values in the plan, in the order, and in the update.
fn conflicts(fields: &[FieldConflict]) -> String {
    let value = |value: &Option<String>, absent: &'static str| {
        printable(value.as_deref().unwrap_or(absent)).into_owned()
    };
    let mut text = String::new();
    for conflict in fields {
        let _ = writeln!(
            text,
            "    {} {}  plan: {}  now: {}  wanted: {}",
            conflict.contact_type,
            conflict.field,
            value(&conflict.planned, NONE),
            value(&conflict.now, NONE),
            value(&conflict.wanted, "(kept)"),
        );
    }
    text
}

fn warning(label: &str, message: &str) -> String {
    let padding = " ".repeat(11 - label.len());
    format!("{}{padding}{}\n", paint::warning(label), printable(message))
}

/// The number of orders with each result, and of those verified `by_report` if that was requested.
pub(crate) fn report(report: &Report, by_report: bool) -> String {
    let summary = report.summary();
    let parts = [
        (summary.changed, "changed"),
        (summary.unchanged, "unchanged"),
        (summary.blocked, "blocked"),
        (summary.read_failed, "not read"),
        (summary.conflict, "in conflict"),
        (summary.failed, "failed"),
        (summary.skipped, "skipped"),
    ];
    format!(
        "\ndone: {}\n{}",
        counted(summary.orders, &parts),
        details(&summary, by_report)
    )
}

/// How many changes were verified, and how many failures have an unknown outcome.
fn details(summary: &RunSummary, by_report: bool) -> String {
    let mut text = String::new();
    let compared = summary.verified + summary.mismatch + summary.verify_failed;
    if summary.changed > 0 {
        let _ = write!(text, "{} of {} verified", summary.verified, summary.changed);
        let reported = summary.verified_by_report;
        if by_report || reported > 0 {
            let read = summary.verified - reported;
            let _ = write!(text, " ({reported} by report, {read} by reading)");
        }
        for (count, label) in [
            (summary.mismatch, "with a mismatch"),
            (summary.verify_failed, "not verified"),
        ] {
            if count > 0 {
                let _ = write!(text, ", {count} {label}");
            }
        }
        let sample = summary.sampled;
        if sample > 0 && compared > sample && summary.mismatch > 0 {
            let _ = write!(
                text,
                "; a random sample of {sample} had a mismatch, so all were read"
            );
        } else if sample > 0 {
            let _ = write!(text, "; a random sample of {sample}");
        }
        text += "\n";
    }
    if summary.unknown > 0 {
        let unknown = summary.unknown;
        let _ = writeln!(text, "failed orders that may have been changed: {unknown}");
    }
    text
}

/// Why a run stopped before it reached every order.
pub(crate) fn stopped(failure: &Failure, skipped: usize, has_journal: bool) -> String {
    let mut text = format!("stopped, {} skipped", orders(skipped));
    if !failure.is_cancelled() {
        let _ = write!(text, ": {}", printable(&failure.to_string()));
    }
    if !has_journal {
        text += "; to continue, run the same command again";
    }
    text
}

pub(crate) fn rejected(count: usize, name: &str) -> String {
    format!("{} written to {name}\n", plural(count, "reject"))
}

pub(crate) fn resumed(name: &str, total: usize, remaining: usize) -> String {
    format!("{name}: {}, {remaining} remaining\n", orders(total))
}
