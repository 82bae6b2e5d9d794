//! Verifies changed orders by the account's reports, which show the contacts of all orders in few
//! requests.

use std::collections::HashSet;
use std::time::SystemTime;

use contacts_core::{Contact, ContactType, Field, OrderContact, OrderId};

use crate::export::order_report::{self, OrderReport};
use crate::failure::Failure;
use crate::order_api::OrderApi;
use crate::plan::order::PlannedOrder;
use crate::search::source::{ByOrder, Source, SourceUse};

/// What the reports prove.
pub(crate) struct Proof {
    /// The orders that have their updates, by index.
    pub(crate) verified: Vec<usize>,
    pub(crate) sources: Vec<SourceUse>,
    /// Why the run must stop.
    pub(crate) stopped: Option<Failure>,
}

/// Whether reports can show all that an update may have changed: each field, unless it had the value
/// before. That was `refreshed`, or it may be out of date. As in a read, `language_id` is never shown.
pub(crate) fn is_provable(order: &PlannedOrder, refreshed: bool) -> bool {
    order.update().contacts().all(|(contact_type, sent)| {
        let before = order.before(contact_type).filter(|_| refreshed);
        let mut fields = sent.fields();
        fields.all(|(field, value)| {
            is_shown(contact_type, field)
                || field == Field::LanguageId
                || before.and_then(|before| before.get(field)) == Some(value)
        })
    })
}

/// Asks each report once that can prove one of the `orders` at `indices`. A row proves an update only
/// if it has every value that was sent: any other may be older than the update.
pub(crate) fn ask(
    orders: &[PlannedOrder],
    indices: Vec<usize>,
    api: &impl OrderApi,
    asked: SystemTime,
) -> Proof {
    let ids: HashSet<_> = indices.iter().map(|index| orders[*index].order()).collect();
    let mut proof = Proof {
        verified: indices,
        sources: Vec::new(),
        stopped: None,
    };
    for contact_type in ContactType::ALL.into_iter().rev() {
        let sent = |index: &usize| orders[*index].update().contact(contact_type);
        if !proof.verified.iter().any(|index| sent(index).is_some()) {
            continue;
        }
        let mut used = SourceUse::new(Source::of(contact_type), asked);
        let rows = fetch(contact_type, &ids, api);
        let rows = rows.map(|rows| used.cover(rows, ByOrder::len));
        let rows = rows.or_else(|failure| used.fail(failure).map(|()| None));
        let row = |index: &usize| rows.as_ref().ok()?.as_ref()?.get(orders[*index].order());
        proof.verified.retain(|index| {
            sent(index)
                .is_none_or(|sent| row(index).is_some_and(|row| has_all(contact_type, row, sent)))
        });
        proof.sources.push(used);
        if let Err(failure) = rows {
            proof.verified.clear();
            proof.stopped = Some(failure);
            break;
        }
    }
    proof
}

/// What a report says of the contacts of one type; `None` if the account does not have it.
fn fetch(
    contact_type: ContactType,
    orders: &HashSet<OrderId>,
    api: &impl OrderApi,
) -> Result<Option<ByOrder<OrderContact>>, Failure> {
    let mut rows = ByOrder::new();
    let mut add = |order, contact| {
        if orders.contains(&order) {
            rows.add(order, contact);
        }
    };
    match contact_type {
        ContactType::Technical => {
            let Some(report) = api.report()? else {
                return Ok(None);
            };
            let report = OrderReport::read(report).into_iter().flatten();
            report.for_each(|(order, contact)| add(order, contact));
        }
        ContactType::Organization => {
            let Some(emails) = api.organization_emails()? else {
                return Ok(None);
            };
            for (order, email) in emails {
                let email = email.as_deref().map(|email| (Field::Email, email));
                add(order, order_report::contact(email.into_iter()));
            }
        }
    }
    Ok(Some(rows))
}

/// Whether the report of a contact type shows a field.
fn is_shown(contact_type: ContactType, field: Field) -> bool {
    match contact_type {
        ContactType::Technical => field != Field::LanguageId,
        ContactType::Organization => field == Field::Email,
    }
}

/// Whether a row has every value that was sent, of those that its report shows.
fn has_all(contact_type: ContactType, row: &OrderContact, sent: &Contact) -> bool {
    let mut fields = sent.fields();
    fields.all(|(field, value)| !is_shown(contact_type, field) || row.get(field) == Some(value))
}
