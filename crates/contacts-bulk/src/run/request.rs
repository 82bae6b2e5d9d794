//! The requests for one order.

use contacts_core::{Change, Field, Order, OrderContact};

use crate::order_api::OrderApi;
use crate::plan::order::PlannedOrder;
use crate::report::{OrderResult, Verification};

/// Sends the update of an order. With `check`, first reads the order and compares it with the plan;
/// an earlier update `may_be_applied`.
pub(crate) fn update(
    order: &PlannedOrder,
    api: &impl OrderApi,
    check: bool,
    may_be_applied: bool,
) -> OrderResult {
    if check {
        match api.read(order.order()) {
            Err(failure) => return OrderResult::ReadFailed(failure),
            Ok(now) => {
                let change = Change::between(&now, order.update());
                let applied = may_be_applied && !change.has_mismatch();
                if let Some(blocked) = change.blocked() {
                    return OrderResult::Blocked(blocked);
                } else if change.is_noop() && !may_be_applied {
                    return OrderResult::Unchanged;
                } else if !applied && !is_as_planned(&now, order) {
                    return OrderResult::Conflict;
                }
            }
        }
    }
    match api.update(order.order(), order.update()) {
        Ok(()) => OrderResult::Changed(Verification::NotRequested),
        Err(failure) => OrderResult::Failed(failure),
    }
}

/// Whether the contacts that the update names are those of the plan.
fn is_as_planned(now: &Order, planned: &PlannedOrder) -> bool {
    planned.update().contacts().all(|(contact_type, _)| {
        let (now, before) = (now.contact(contact_type), planned.before(contact_type));
        let readable = |of: Option<&OrderContact>, field| of.is_none_or(|c| c.is_readable(field));
        let same = |field| {
            now.and_then(|c| c.get(field)) == before.and_then(|c| c.get(field))
                && (field == Field::LanguageId || readable(now, field) == readable(before, field))
        };
        Field::TEXT.into_iter().all(same)
    })
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
