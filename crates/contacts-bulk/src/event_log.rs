//! What a plan and a run log, under the documented target `contacts_bulk`.

use std::fmt::Write;

use log::{info, warn};

use crate::plan::{Plan, PlanStopped};
use crate::report::Report;

const TARGET: &str = "contacts_bulk";

pub(crate) fn plan_started(orders: usize) {
    info!(target: TARGET, "plan: {} to read", number(orders));
}

pub(crate) fn plan_ended(result: &Result<Plan, PlanStopped>) {
    match result {
        Ok(plan) => {
            let summary = plan.summary();
            let parts = [
                (summary.changes, "to change"),
                (summary.unchanged, "unchanged"),
                (summary.blocked, "blocked"),
                (summary.read_failed, "not read"),
            ];
            let counts = counts(summary.orders, &parts);
            info!(target: TARGET, "plan: finished: {counts}");
        }
        Err(stopped) => warn!(target: TARGET, "plan: {stopped}"),
    }
}

pub(crate) fn run_started(orders: usize, remaining: usize) {
    info!(target: TARGET, "run: started: {}, {remaining} remaining", number(orders));
}

pub(crate) fn run_ended(report: &Report) {
    let summary = report.summary();
    let parts = [
        (summary.changed, "changed"),
        (summary.verified, "verified"),
        (summary.mismatch, "with a mismatch"),
        (summary.verify_failed, "changed but not read again"),
        (summary.unchanged, "unchanged"),
        (summary.blocked, "blocked"),
        (summary.read_failed, "not read"),
        (summary.conflict, "in conflict"),
        (summary.failed, "failed"),
        (summary.unknown, "of unknown outcome"),
        (summary.skipped, "skipped"),
    ];
    let counts = counts(summary.orders, &parts);
    match report.stopped() {
        None => info!(target: TARGET, "run: finished: {counts}"),
        Some(failure) => warn!(target: TARGET, "run: stopped: {failure}; {counts}"),
    }
}

fn number(orders: usize) -> String {
    let s = if orders == 1 { "" } else { "s" };
    format!("{orders} order{s}")
}

fn counts(orders: usize, parts: &[(usize, &str)]) -> String {
    let mut text = number(orders);
    let parts = parts.iter().filter(|(count, _)| *count > 0);
    for (index, (count, label)) in parts.enumerate() {
        let separator = if index == 0 { ": " } else { ", " };
        let _ = write!(text, "{separator}{count} {label}");
    }
    text
}
