//! One order of a plan as a line of JSON, in plan files and journals.

use std::io;

use contacts_core::{Blocked, ContactsUpdate, OrderId, UpdateDraft};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::failure::Failure;
use crate::file::data_error;
use crate::input::OrderUpdate;
use crate::plan::order::{PlannedOrder, State, StateKind};
use crate::plan::previous::PreviousContacts;

#[derive(Serialize)]
struct LineRef<'a> {
    order_id: OrderId,
    #[serde(skip_serializing_if = "Option::is_none")]
    common_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'a str>,
    #[serde(skip_serializing_if = "<[u64]>::is_empty")]
    lines: &'a [u64],
    state: StateKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    blocked: Option<Blocked>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<&'a Failure>,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<&'a PreviousContacts>,
    update: &'a ContactsUpdate,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanLine<'a> {
    order_id: OrderId,
    common_name: Option<String>,
    status: Option<String>,
    #[serde(default)]
    lines: Vec<u64>,
    state: StateKind,
    blocked: Option<Blocked>,
    failure: Option<Failure>,
    #[serde(borrow)]
    before: Option<&'a RawValue>,
    #[serde(borrow)]
    update: UpdateDraft<'a>,
}

/// Writes the line of an order without a line break. Digests cover it, so the same order always has
/// the same line: what a run reads is not part of its plan.
pub(crate) fn write(order: &PlannedOrder, to: &mut Vec<u8>) -> io::Result<()> {
    if order.is_unread() {
        let line = LineRef {
            order_id: order.order(),
            common_name: None,
            status: None,
            lines: order.lines(),
            state: StateKind::Unread,
            blocked: None,
            failure: None,
            before: None,
            update: order.update(),
        };
        return Ok(serde_json::to_writer(to, &line)?);
    }
    let state = order.final_state();
    let (blocked, failure) = match state {
        Some(State::Blocked(reason)) => (Some(*reason), None),
        Some(State::ReadFailed(failure)) => (None, Some(failure)),
        _ => (None, None),
    };
    let line = LineRef {
        order_id: order.order(),
        common_name: order.common_name(),
        status: order.status(),
        lines: order.lines(),
        state: state.map_or(StateKind::Changes, Into::into),
        blocked,
        failure,
        before: order.previous(),
        update: order.update(),
    };
    Ok(serde_json::to_writer(to, &line)?)
}

impl PlanLine<'_> {
    /// Returns the order, or what is wrong with it.
    pub(crate) fn into_order(self) -> Result<PlannedOrder, String> {
        let order = self.order_id;
        let is_unread = self.state == StateKind::Unread;
        let state = match (self.state, self.blocked, self.failure) {
            (StateKind::Changes | StateKind::Unread, None, None) => None,
            (StateKind::Unchanged, None, None) => Some(State::Unchanged),
            (StateKind::Blocked, Some(reason), None) => Some(State::Blocked(reason)),
            (StateKind::ReadFailed, None, Some(failure)) => Some(State::ReadFailed(failure)),
            _ => {
                return Err(format!(
                    "order {order}: `state` does not match `blocked` and `failure`"
                ));
            }
        };
        let before = self.before.map(PreviousContacts::from_json).transpose();
        let before = before.map_err(|error| format!("order {order}: {}", data_error(&error)))?;
        // An undo may send what breaks a rule of ours.
        let update = self.update.only_documented_rules().build();
        let update = update.map_err(|violations| format!("order {order}: {}", violations[0]))?;
        let update = OrderUpdate::new(order, update, self.lines);
        match before {
            None if is_unread => Ok(PlannedOrder::unread(update)),
            Some(before) if !is_unread => Ok(PlannedOrder::new(
                update,
                self.common_name,
                self.status,
                before,
                state,
            )),
            _ => Err(format!("order {order}: `state` does not match `before`")),
        }
    }
}
