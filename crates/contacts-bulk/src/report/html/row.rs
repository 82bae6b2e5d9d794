//! The rows of the table of orders, as data for the script, which writes them as text only.

use std::borrow::Cow;
use std::time::Duration;

use contacts_core::{FieldState, OrderId, Outcome, printable};
use serde::Serialize;

use crate::plan::order::{PlannedOrder, State};
use crate::report::{OrderResult, Verification};

/// One order of the table.
#[derive(Serialize)]
pub(crate) struct Row<'a> {
    pub(crate) order: OrderId,
    name: Cow<'a, str>,
    /// One of [`LABELS`]: the name of the result in `apply --json`, except for a mismatch.
    pub(crate) result: &'static str,
    label: String,
    reason: String,
    time: String,
    /// Contact type, field, before, after. Nothing after if the order keeps its value.
    changes: Vec<[Cow<'a, str>; 4]>,
    /// Contact type, field, plan, now, wanted. Nothing wanted if the update keeps the value.
    conflicts: Vec<[String; 5]>,
}

/// The label of each result, in the order of the table and the summary: failures first.
pub(crate) const LABELS: [(&str, &str); 9] = [
    ("failed", "failed"),
    ("unknown", "unknown"),
    ("read-failed", "not read"),
    (MISMATCH, "changed, mismatch"),
    ("conflict", "conflict"),
    ("blocked", "blocked"),
    ("skipped", "skipped"),
    ("changed", "changed"),
    ("unchanged", "unchanged"),
];
/// Its orders are among the changed ones in `apply --json`.
const MISMATCH: &str = "mismatch";

impl<'a> Row<'a> {
    /// The row of an order; `result` is `None` if its update has no recorded result. The journal has
    /// no values of a mismatch.
    pub(crate) fn new(
        order: &'a PlannedOrder,
        result: Option<&OrderResult>,
        has_mismatch: bool,
        elapsed: Option<Duration>,
    ) -> Self {
        let name = match result {
            _ if has_mismatch => MISMATCH,
            None => "unknown",
            Some(result) => result.name(),
        };
        let label = LABELS.iter().find(|(of, _)| *of == name);
        let mut label = label.map_or(name, |(_, label)| label).to_owned();
        match result {
            _ if has_mismatch => {}
            Some(OrderResult::Changed(Verification::Verified)) => label += ", verified",
            Some(OrderResult::Changed(Verification::VerifiedByReport)) => {
                label += ", verified by report";
            }
            Some(OrderResult::Changed(Verification::VerifiedWithoutAnswer)) => {
                label += ", verified; no update was answered";
            }
            Some(OrderResult::Changed(Verification::NotRequested)) => label += ", not verified",
            _ => {}
        }
        let reason = if has_mismatch {
            "DigiCert accepted the update, but a value is not as sent".to_owned()
        } else {
            reason(result)
        };
        let time = elapsed.map(|elapsed| format!("{:.1} s", elapsed.as_secs_f64()));
        Self {
            order: order.order(),
            name: printable(order.common_name().unwrap_or_default()),
            result: name,
            label,
            reason: printable(&reason).into_owned(),
            time: time.unwrap_or_default(),
            changes: changes(order),
            conflicts: result.map_or_else(Vec::new, conflicts),
        }
    }

    /// The position of its result in [`LABELS`].
    pub(crate) fn rank(&self) -> Option<usize> {
        LABELS.iter().position(|(result, _)| *result == self.result)
    }
}

fn changes(order: &PlannedOrder) -> Vec<[Cow<'_, str>; 4]> {
    let fields = match order.state() {
        State::Changes(change) => change.fields(),
        _ => &[],
    };
    let fields = fields.iter();
    let fields = fields.filter(|field| field.state != FieldState::Same);
    let changes = fields.map(|field| {
        let after = match field.state {
            FieldState::Kept => "".into(),
            _ => printable(&field.after),
        };
        let before = match field.state {
            FieldState::NotReadable => "(not readable)".into(),
            _ => printable(field.before.as_deref().unwrap_or_default()),
        };
        let contact_type = field.contact_type.as_str().into();
        [contact_type, field.field.as_str().into(), before, after]
    });
    changes.collect()
}

fn conflicts(result: &OrderResult) -> Vec<[String; 5]> {
    let value =
        |value: &Option<String>| printable(value.as_deref().unwrap_or_default()).into_owned();
    let fields = result.conflicts().iter();
    let fields = fields.map(|conflict| {
        [
            conflict.contact_type.as_str().to_owned(),
            conflict.field.as_str().to_owned(),
            value(&conflict.planned),
            value(&conflict.now),
            value(&conflict.wanted),
        ]
    });
    fields.collect()
}

fn reason(result: Option<&OrderResult>) -> String {
    match result {
        None => "the run was interrupted during the update; it may have been applied".to_owned(),
        Some(OrderResult::Blocked(reason)) => reason.to_string(),
        Some(OrderResult::Conflict(_)) => OrderResult::CONFLICT.to_owned(),
        Some(OrderResult::Failed(failure)) if failure.outcome() == Outcome::Unknown => {
            format!("{failure}; the update may have been applied")
        }
        Some(result) => result
            .failure()
            .map(ToString::to_string)
            .unwrap_or_default(),
    }
}
