//! Plans that restore what a run overwrote.

use std::collections::HashMap;

use contacts_core::{
    Contact, ContactDraft, ContactType, ContactsUpdate, Field, OrderContact, OrderId,
};
use serde::Serialize;

use crate::input::OrderUpdate;
use crate::journal::replay::Replay;
use crate::order_api::OrderApi;
use crate::plan::order::{PlannedOrder, State};
use crate::plan::{Plan, PlanStopped};

/// A plan that restores the contacts from before a run, and what it cannot restore.
#[derive(Debug)]
pub struct UndoPlan {
    plan: Plan,
    not_restorable: Vec<NotRestorable>,
}

/// A value that an undo cannot restore.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NotRestorable {
    /// The order.
    pub order_id: OrderId,
    /// The contact; `None` for both contacts of the order.
    pub contact_type: Option<ContactType>,
    /// The field; `None` for the whole contact.
    pub field: Option<Field>,
    /// The reason.
    pub reason: NotRestorableReason,
}

/// Why a value cannot be restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, strum::Display)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum NotRestorableReason {
    /// The order had no such contact, and DigiCert cannot remove one.
    #[strum(to_string = "the run added it, and DigiCert cannot remove a contact")]
    ContactWasAdded,
    /// The field was empty, and DigiCert cannot empty one.
    #[strum(to_string = "it was empty, and DigiCert cannot empty a field")]
    FieldWasEmpty,
    /// The field cannot be read, so its previous value is unknown.
    #[strum(to_string = "it cannot be read, so its previous value is unknown")]
    NotReadable,
    /// The previous contact violates a rule, so it cannot be sent.
    #[strum(to_string = "the previous contact violates a rule, so it cannot be sent")]
    NotAContact,
    /// The order's contacts are neither those from before the run nor those that it sent. A later
    /// change is not undone.
    #[strum(to_string = "it was changed again after the run")]
    ChangedSince,
}

impl UndoPlan {
    /// Reads every order that a run changed, or may have changed, and plans to restore its contacts.
    /// Calls `progress` with each order that was read.
    ///
    /// # Errors
    /// Returns [`PlanStopped`] for the reasons of [`Plan::fetch`].
    pub fn fetch(
        replay: &Replay,
        api: &impl OrderApi,
        progress: impl FnMut(&PlannedOrder),
    ) -> Result<Self, PlanStopped> {
        let changed = replay.plan.plan().orders().iter().zip(&replay.progress);
        let changed = changed.filter(|(_, progress)| progress.may_be_changed());
        let changed: Vec<_> = changed.map(|(order, _)| order).collect();
        let mut not_restorable = Vec::new();
        let updates = changed.iter();
        let updates = updates.filter_map(|order| restore(order, &mut not_restorable));
        let plan = Plan::fetch_orders(updates.collect(), api, progress)?;
        let by_id: HashMap<_, _> = changed.iter().map(|o| (o.order(), *o)).collect();
        let (orders, changed_since): (Vec<_>, Vec<_>) = plan.orders.into_iter().partition(|now| {
            let planned = by_id.get(&now.order());
            planned.is_none_or(|planned| is_of_run(now, planned))
        });
        let by_id: HashMap<_, _> = orders.iter().map(|order| (order.order(), order)).collect();
        not_restorable.retain(|value| {
            let now = by_id.get(&value.order_id);
            now.is_none_or(|now| !is_restored(value, now))
        });
        not_restorable.extend(changed_since.iter().map(|order| NotRestorable {
            order_id: order.order(),
            contact_type: None,
            field: None,
            reason: NotRestorableReason::ChangedSince,
        }));
        not_restorable.sort_by_key(|value| (value.order_id, value.contact_type, value.field));
        Ok(Self {
            plan: Plan { orders },
            not_restorable,
        })
    }

    /// The plan.
    #[must_use]
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Returns the plan without copying it.
    #[must_use]
    pub fn into_plan(self) -> Plan {
        self.plan
    }

    /// What the plan cannot restore, sorted by order.
    #[must_use]
    pub fn not_restorable(&self) -> &[NotRestorable] {
        &self.not_restorable
    }
}

/// Whether a field that cannot be emptied is empty, because the update was never applied.
fn is_restored(value: &NotRestorable, now: &PlannedOrder) -> bool {
    let (NotRestorableReason::FieldWasEmpty, Some(contact_type), Some(field)) =
        (value.reason, value.contact_type, value.field)
    else {
        return false;
    };
    let was_read = !matches!(now.state(), State::ReadFailed(_));
    let value = now
        .before(contact_type)
        .and_then(|contact| contact.get(field));
    was_read && value.is_none()
}

/// The update that restores an order. Adds what it cannot restore to `not_restorable`.
fn restore(order: &PlannedOrder, not_restorable: &mut Vec<NotRestorable>) -> Option<OrderUpdate> {
    let mut contacts = [None, None];
    for (contact_type, sent) in order.update().contacts() {
        let mut add = |field, reason| {
            not_restorable.push(NotRestorable {
                order_id: order.order(),
                contact_type: Some(contact_type),
                field,
                reason,
            });
        };
        let Some(before) = order.before(contact_type) else {
            add(None, NotRestorableReason::ContactWasAdded);
            continue;
        };
        let Some(contact) = contact(before) else {
            add(None, NotRestorableReason::NotAContact);
            continue;
        };
        for (field, _) in sent.fields() {
            if !before.is_readable(field) {
                add(Some(field), NotRestorableReason::NotReadable);
            } else if before.get(field).is_none() {
                add(Some(field), NotRestorableReason::FieldWasEmpty);
            }
        }
        contacts[contact_type as usize] = Some(contact);
    }
    let [organization, technical] = contacts;
    let update = ContactsUpdate::from_contacts(organization, technical)?;
    Some(OrderUpdate::new(order.order(), update, Vec::new()))
}

fn contact(before: &OrderContact) -> Option<Contact> {
    let draft = ContactDraft::default().allow_dotless_domain();
    let fields = before.fields();
    let draft = fields.fold(draft, |draft, (field, value)| draft.set(field, value));
    draft.build().ok()
}

/// Whether each contact is as it was before the run, or as the run sent it.
fn is_of_run(now: &PlannedOrder, planned: &PlannedOrder) -> bool {
    ContactType::ALL.into_iter().all(|contact_type| {
        let restored = now.update().contact(contact_type);
        let sent = planned.update().contact(contact_type);
        let (Some(_), Some(sent)) = (restored, sent) else {
            return true;
        };
        if matches!(now.state(), State::ReadFailed(_)) {
            return true;
        }
        let (now, before) = (now.before(contact_type), planned.before(contact_type));
        let now = |field| now.and_then(|contact| contact.get(field));
        let before = |field| before.and_then(|contact| contact.get(field));
        let mut readable = Field::TEXT.into_iter().filter(|f| *f != Field::LanguageId);
        let as_before = readable.clone().all(|f| now(f) == before(f));
        as_before || readable.all(|f| now(f) == sent.get(f).or_else(|| before(f)))
    })
}
