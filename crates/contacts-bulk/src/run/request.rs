//! The requests for one order.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use contacts_core::{Change, Order};

use crate::order_api::OrderApi;
use crate::plan::order::{PlannedOrder, ReadTime};
use crate::report::{FieldConflict, OrderResult, Verification};

/// How old a read of an order may be when its update is sent.
pub(crate) const MAX_AGE: Duration = Duration::from_secs(30);

/// Reads an order and compares it with the plan; an earlier update `may_be_applied`. `None` if its
/// update is to be sent.
pub(crate) fn compare(
    order: &PlannedOrder,
    api: &impl OrderApi,
    may_be_applied: bool,
) -> Option<OrderResult> {
    // The answer may be as old as the request.
    let read_at = ReadTime::now();
    let now = match api.read(order.order()) {
        Ok(now) => now,
        Err(failure) => return Some(OrderResult::ReadFailed(failure)),
    };
    order.set_read(&now, read_at);
    let change = Change::between(&now, order.update());
    if let Some(blocked) = change.blocked() {
        return Some(OrderResult::Blocked(blocked));
    }
    if change.is_noop() {
        return Some(if may_be_applied {
            OrderResult::Changed(Verification::VerifiedWithoutAnswer)
        } else {
            OrderResult::Unchanged
        });
    }
    // A value that cannot be read, such as `language_id`, may still be missing.
    if may_be_applied && !change.has_mismatch() {
        return None;
    }
    let conflicts = FieldConflict::between(&now, order);
    (!conflicts.is_empty()).then_some(OrderResult::Conflict(conflicts))
}

/// Sends the update of an order. If the order was compared with the plan, it is not sent again after
/// somebody else has changed the order.
pub(crate) fn update(order: &PlannedOrder, api: &impl OrderApi, refreshed: bool) -> OrderResult {
    let conflicts = RefCell::new(Vec::new());
    // The read was either just now, or one that counts.
    let read_at = order.read_at().filter(|read_at| read_at.age() <= MAX_AGE);
    let read_at = Cell::new(read_at.unwrap_or_else(ReadTime::now));
    let must_read = || refreshed && read_at.get().age() > MAX_AGE;
    let is_changed = |now: &Order| {
        read_at.set(ReadTime::now());
        let found = FieldConflict::between(now, order);
        let is_changed = refreshed && !found.is_empty();
        if is_changed {
            conflicts.replace(found);
        }
        is_changed
    };
    match api.update_unless(order.order(), order.update(), &must_read, &is_changed) {
        Ok(verification) => OrderResult::Changed(verification),
        Err(failure) => match conflicts.take() {
            found if found.is_empty() => OrderResult::Failed(failure),
            found => OrderResult::Conflict(found),
        },
    }
}

/// Reads a changed order and compares it with the update.
pub(crate) fn verify(order: &PlannedOrder, api: &impl OrderApi) -> Verification {
    let now = api.read(order.order());
    match now.map(|now| Change::between(&now, order.update())) {
        Ok(change) if change.has_mismatch() => Verification::Mismatch(change),
        Ok(_) => Verification::Verified,
        Err(failure) => Verification::Failed(failure),
    }
}
