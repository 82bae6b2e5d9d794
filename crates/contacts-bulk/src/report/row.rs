//! The orders of a report's table, as data for its script, which sets texts and nothing else.

use std::borrow::Cow;
use std::time::Duration;

use contacts_core::{FieldState, Outcome, printable};
use serde::Serialize;

use crate::plan::{PlannedOrder, State};
use crate::report::{OrderResult, Verification};

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
    ("unchanged", "already right"),
    ("blocked", "blocked"),
    ("read-failed", "not read"),
    ("conflict", "conflict"),
    ("failed", "failed"),
    ("unknown", "not known"),
    ("skipped", "not tried"),
];

pub(crate) fn row<'a>(
    order: &'a PlannedOrder,
    ended: Option<&OrderResult>,
    passed: Option<Duration>,
) -> Row<'a> {
    let (kind, why) = told(ended);
    let label = KINDS.iter().find(|(name, _)| *name == kind);
    let mut result = label.map_or(kind, |(_, label)| label).to_owned();
    match ended {
        Some(OrderResult::Changed(Verification::Verified)) => result += ", read back as sent",
        Some(OrderResult::Changed(Verification::NotRequested)) => result += ", not read back",
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
fn told(result: Option<&OrderResult>) -> (&'static str, String) {
    let Some(result) = result else {
        let why = "the run ended while the request was under way; it may have been changed";
        return ("unknown", why.to_owned());
    };
    let why = match result {
        OrderResult::Blocked(reason) => reason.to_string(),
        OrderResult::Conflict => "its contacts were no longer those that the plan saw".to_owned(),
        OrderResult::Changed(Verification::Mismatch(_)) => {
            "accepted, but read back otherwise".to_owned()
        }
        OrderResult::Failed(failure) if failure.outcome() == Outcome::Unknown => {
            format!("{failure}; it may have been changed all the same")
        }
        result => result
            .failure()
            .map(ToString::to_string)
            .unwrap_or_default(),
    };
    (result.name(), printable(&why).into_owned())
}
