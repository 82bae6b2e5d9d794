//! The orders of a report's table, as data for its script, which sets texts and nothing else.

use std::borrow::Cow;
use std::time::Duration;

use contacts_bulk::{PlannedOrder, ReadBack, State, Verdict};
use contacts_core::{FieldState, Outcome, printable};
use serde::Serialize;

use crate::view::json;

/// One order of the table.
#[derive(Serialize)]
pub(crate) struct Row<'a> {
    pub(crate) order: String,
    name: Cow<'a, str>,
    /// The result's name for the style, as `apply --json` has it.
    pub(crate) kind: &'static str,
    result: String,
    why: String,
    time: String,
    /// Contact type, field, before, after; nothing after where the order keeps what it has.
    changes: Vec<[Cow<'a, str>; 4]>,
}

/// The results by their names in `apply --json`, and what people read.
pub(crate) const KINDS: [(&str, &str); 8] = [
    ("changed", "changed"),
    ("already-right", "already right"),
    ("blocked", "blocked"),
    ("not-read", "not read"),
    ("outdated", "outdated"),
    ("failed", "failed"),
    ("unknown", "not known"),
    ("not-tried", "not tried"),
];

pub(crate) fn row<'a>(
    order: &'a PlannedOrder,
    verdict: Option<&Verdict>,
    passed: Option<Duration>,
) -> Row<'a> {
    let (kind, why) = told(verdict);
    let label = KINDS.iter().find(|(name, _)| *name == kind);
    let mut result = label.map_or(kind, |(_, label)| label).to_owned();
    match verdict {
        Some(Verdict::Changed(ReadBack::Confirmed)) => result += ", read back as sent",
        Some(Verdict::Changed(ReadBack::NotAsked)) => result += ", not read back",
        _ => {}
    }
    let fields = match order.state() {
        State::Changes(change) => change.fields(),
        _ => &[],
    };
    let fields = fields
        .iter()
        .filter(|field| field.state() != FieldState::Same);
    let changes = fields.map(|field| {
        let after = match field.state() {
            FieldState::Kept => "".into(),
            _ => printable(field.after()),
        };
        let before = match field.state() {
            FieldState::NotReadable => "(not readable)".into(),
            _ => printable(field.before().unwrap_or_default()),
        };
        let names = (field.contact_type().as_str(), field.field().as_str());
        [names.0.into(), names.1.into(), before, after]
    });
    Row {
        order: order.order().to_string(),
        name: printable(order.common_name().unwrap_or_default()),
        kind,
        result,
        why,
        time: passed
            .map(|passed| format!("{:.1} s", passed.as_secs_f64()))
            .unwrap_or_default(),
        changes: changes.collect(),
    }
}

/// The name of a result and why it is so.
fn told(verdict: Option<&Verdict>) -> (&'static str, String) {
    let Some(verdict) = verdict else {
        let why = "the run ended while the request was under way; it may have been changed";
        return ("unknown", why.to_owned());
    };
    let why = match verdict {
        Verdict::Blocked(reason) => reason.to_string(),
        Verdict::Outdated => "its contacts were no longer those that the plan saw".to_owned(),
        Verdict::Changed(ReadBack::Differs(_)) => "accepted, but read back otherwise".to_owned(),
        Verdict::Failed(failure) if failure.outcome() == Outcome::Unknown => {
            format!("{failure}; it may have been changed all the same")
        }
        verdict => verdict
            .failure()
            .map(ToString::to_string)
            .unwrap_or_default(),
    };
    (json::names(verdict).0, printable(&why).into_owned())
}
