//! What is sent for one order.

use contacts_core::{Change, Field, Order, OrderContact};

use crate::orders::OrderApi;
use crate::plan::PlannedOrder;
use crate::report::{OrderResult, Verification};

/// The request of an order, and before it, with `check`, a look at the order as it is now.
pub(crate) fn change(
    order: &PlannedOrder,
    api: &impl OrderApi,
    check: bool,
    may_have_passed: bool,
) -> OrderResult {
    if check {
        match api.read(order.order()) {
            Err(failure) => return OrderResult::ReadFailed(failure),
            Ok(now) => {
                let change = Change::between(&now, order.update());
                let passed = may_have_passed && !change.has_mismatch();
                if let Some(blocked) = change.blocked() {
                    return OrderResult::Blocked(blocked);
                } else if change.is_noop() && !may_have_passed {
                    return OrderResult::Unchanged;
                } else if !passed && !is_as_planned(&now, order) {
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

/// Whether the contacts that the update names are those that the plan saw.
fn is_as_planned(now: &Order, planned: &PlannedOrder) -> bool {
    planned.update().contacts().all(|(kind, _)| {
        let (now, then) = (now.contact(kind), planned.before(kind));
        let readable = |of: Option<&OrderContact>, field| of.is_none_or(|c| c.is_readable(field));
        let same = |field| {
            now.and_then(|c| c.get(field)) == then.and_then(|c| c.get(field))
                && (field == Field::LanguageId || readable(now, field) == readable(then, field))
        };
        Field::TEXT.into_iter().all(same)
    })
}

/// Reads a changed order again and compares it with what was sent.
pub(crate) fn verify(order: &PlannedOrder, api: &impl OrderApi) -> Verification {
    let read = api.read(order.order());
    match read.map(|now| Change::between(&now, order.update())) {
        Ok(change) if change.has_mismatch() => Verification::Mismatch(change),
        Ok(_) => Verification::Verified,
        Err(failure) => Verification::Failed(failure),
    }
}
