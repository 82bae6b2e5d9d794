//! What became of the orders of a run.

use std::fmt::Write;

use contacts_bulk::{
    Failure, OrderResult, Replay, Report, ReportedOrder, RunSummary, Verification,
};
use contacts_core::{Outcome, printable};

use super::{changes, listed, orders, plural};
use crate::view::paint;

/// What became of one order; nothing where nothing was tried.
pub(crate) fn result(result: &ReportedOrder) -> String {
    let order = result.order();
    match result.result() {
        OrderResult::Skipped => String::new(),
        OrderResult::Unchanged => format!("unchanged  {order}: already right\n"),
        OrderResult::Blocked(reason) => {
            format!("{}    {order}: {reason}\n", paint::warning("blocked"))
        }
        OrderResult::ReadFailed(failure) => {
            let failure = failure.to_string();
            format!("{}   {}\n", paint::warning("not read"), printable(&failure))
        }
        OrderResult::Conflict => {
            format!(
                "{}   {order}: {}\n",
                paint::warning("conflict"),
                OrderResult::CONFLICT
            )
        }
        OrderResult::Failed(failure) => {
            let maybe = match failure.outcome() {
                Outcome::Unknown => "; it may have been changed all the same",
                _ => "",
            };
            let failure = failure.to_string();
            format!(
                "{}     {}{maybe}\n",
                paint::warning("failed"),
                printable(&failure)
            )
        }
        OrderResult::Changed(Verification::NotRequested) => format!("changed    {order}\n"),
        OrderResult::Changed(Verification::Verified) => {
            format!("changed    {order}, read back as sent\n")
        }
        OrderResult::Changed(Verification::Failed(failure)) => {
            let failure = failure.to_string();
            format!(
                "changed    {order}, not read back: {}\n",
                printable(&failure)
            )
        }
        OrderResult::Changed(Verification::Mismatch(change)) => {
            let mut text = format!(
                "{}  {order}: accepted, but read back otherwise\n",
                paint::warning("different")
            );
            text += &changes(change);
            text
        }
    }
}

pub(crate) fn report(report: &Report) -> String {
    let s = report.summary();
    let parts = [
        (s.changed, "changed"),
        (s.unchanged, "already right"),
        (s.blocked, "blocked"),
        (s.read_failed, "not read"),
        (s.conflict, "changed by somebody else"),
        (s.failed, "failed"),
        (s.skipped, "not tried"),
    ];
    let mut text = format!("\ndone: {}: {}\n", orders(s.orders), listed(&parts));
    text += &remarks(&s);
    text
}

/// Why a run ended before every order was tried.
pub(crate) fn stopped(failure: &Failure, left: usize, resume: Option<&str>) -> String {
    let mut text = format!("error: stopped, {} not tried", orders(left));
    if resume.is_none() {
        text += "; the same command goes on where this one ended";
    }
    if !failure.is_cancelled() {
        let _ = write!(text, ": {}", printable(&failure.to_string()));
    }
    text + "\n" + &resume.map(go_on).unwrap_or_default()
}

/// How to go on with a run.
pub(crate) fn go_on(resume: &str) -> String {
    format!("to go on:\n  {resume}\n")
}

/// Where the journal is.
pub(crate) fn journal(name: &str) -> String {
    format!("journal: {name}\n")
}

pub(crate) fn rejected(count: usize, name: &str) -> String {
    format!("{} in {name}\n", plural(count, "reject"))
}

pub(crate) fn resumed(name: &str, replay: &Replay, open: usize) -> String {
    let all = orders(replay.plan().plan().orders().len());
    format!("{name}: {all}, {open} left to do\n")
}

/// What a summary's counts don't say by themselves.
fn remarks(s: &RunSummary) -> String {
    let mut text = String::new();
    let compared = s.verified + s.mismatch + s.verify_failed;
    if compared > 0 {
        let _ = write!(text, "{} of {compared} read back as sent", s.verified);
        for (count, what) in [
            (s.mismatch, "otherwise"),
            (s.verify_failed, "not read back"),
        ] {
            if count > 0 {
                let _ = write!(text, ", {count} {what}");
            }
        }
        text += "\n";
    }
    if s.unknown > 0 {
        let _ = writeln!(
            text,
            "{} of {} failed may have been changed all the same",
            s.unknown, s.failed
        );
    }
    text
}
