//! What is sent for one order.

use contacts_core::{Change, Field, Order, OrderContact};

use crate::orders::Orders;
use crate::plan::PlannedOrder;
use crate::report::{ReadBack, Verdict};

/// The request of an order, and before it, with `check`, a look at the order as it is now.
pub(crate) fn change(
    order: &PlannedOrder,
    api: &impl Orders,
    check: bool,
    may_have_passed: bool,
) -> Verdict {
    if check {
        match api.order(order.order()) {
            Err(failure) => return Verdict::NotRead(failure),
            Ok(now) => {
                let change = Change::between(&now, order.update());
                let passed = may_have_passed && !change.differs();
                if let Some(blocked) = change.blocked() {
                    return Verdict::Blocked(blocked);
                } else if change.is_noop() && !may_have_passed {
                    return Verdict::AlreadyRight;
                } else if !passed && !is_as_planned(&now, order) {
                    return Verdict::Outdated;
                }
            }
        }
    }
    match api.update_contacts(order.order(), order.update()) {
        Ok(()) => Verdict::Changed(ReadBack::NotAsked),
        Err(failure) => Verdict::Failed(failure),
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
pub(crate) fn read_back(order: &PlannedOrder, api: &impl Orders) -> ReadBack {
    let read = api.order(order.order());
    match read.map(|now| Change::between(&now, order.update())) {
        Ok(change) if change.differs() => ReadBack::Differs(change),
        Ok(_) => ReadBack::Confirmed,
        Err(failure) => ReadBack::Failed(failure),
    }
}
