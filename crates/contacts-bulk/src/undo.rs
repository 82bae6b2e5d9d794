//! Plans that restore what a run overwrote.

use std::collections::HashMap;

use contacts_core::{
    Contact, ContactType, ContactsUpdate, Field, OrderContact, OrderId, Violations,
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
    /// The code of the rule that the previous value breaks, if that is the reason.
    pub rule: Option<&'static str>,
}

/// Why a value cannot be restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, strum::Display)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum NotRestorableReason {
    /// The order had no such contact, and DigiCert cannot remove one.
    #[strum(to_string = "the order had none, and DigiCert cannot remove a contact")]
    ContactWasAdded,
    /// The field was empty, and DigiCert cannot empty one.
    #[strum(to_string = "it was empty, and DigiCert cannot empty a field")]
    FieldWasEmpty,
    /// The field cannot be read, so its previous value is unknown.
    #[strum(to_string = "it cannot be read, so its previous value is unknown")]
    NotReadable,
    /// The previous value breaks a rule that DigiCert documents, such as a length, so it cannot be
    /// sent.
    #[strum(to_string = "the previous value breaks a rule of DigiCert, so it cannot be sent")]
    BreaksRule,
    /// The value breaks a rule that is our own decision. An undo sends it as it was, so only
    /// [`warnings`] have this reason.
    #[strum(
        to_string = "the value breaks a rule of ours; undo sends it, and DigiCert may reject it"
    )]
    MayBeRejected,
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
            rule: None,
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

/// What an undo may not restore after this order is changed: a value that breaks a rule or cannot be
/// read, a required field that is empty, and a contact that the order does not have yet. Optional fields
/// that are empty, and `language_id`, which is never readable, are not among them. Needs no request, so
/// that a plan can warn before anything is sent.
///
/// ```
/// use contacts_bulk::{Failure, Input, OrderApi, Plan, undo};
/// use contacts_core::{ContactsUpdate, Order, OrderId};
///
/// struct Fake;
///
/// impl OrderApi for Fake {
///     fn read(&self, _: OrderId) -> Result<Order, Failure> {
///         let contact = r#"{"first_name": "Robin ", "last_name": "Doe", "email": "robin@example.com"}"#;
///         Ok(Order::from_json(format!(r#"{{"technical_contact": {contact}}}"#).as_bytes()).unwrap())
///     }
///     fn update(&self, _: OrderId, _: &ContactsUpdate) -> Result<(), Failure> {
///         Ok(())
///     }
/// }
///
/// let file = "order_id,contact_type,first_name,last_name,email\n\
///             100000001,technical_contact,Jane,Doe,jane.doe@example.com\n";
/// let plan = Plan::fetch(Input::from_csv(file)?, &Fake, |_| {}).unwrap();
/// let warnings = undo::warnings(&plan.orders()[0]);
/// assert_eq!(warnings[0].field, Some(contacts_core::Field::FirstName));
/// assert_eq!(warnings[0].rule, Some("surrounding-white-space"));
/// # Ok::<(), contacts_bulk::Problems>(())
/// ```
#[must_use]
pub fn warnings(order: &PlannedOrder) -> Vec<NotRestorable> {
    if !order.needs_update() || !order.was_read() {
        return Vec::new();
    }
    let mut items = not_restorable(order);
    items.retain(|item| match item.reason {
        NotRestorableReason::FieldWasEmpty => item.field.is_some_and(is_required),
        NotRestorableReason::NotReadable => item.field != Some(Field::LanguageId),
        _ => true,
    });
    items
}

const fn is_required(field: Field) -> bool {
    matches!(field, Field::FirstName | Field::LastName | Field::Email)
}

/// What an undo of this order cannot restore, or perhaps cannot.
fn not_restorable(order: &PlannedOrder) -> Vec<NotRestorable> {
    let mut all = Vec::new();
    for (contact_type, sent) in order.update().contacts() {
        let item = |field, (reason, rule)| NotRestorable {
            order_id: order.order(),
            contact_type: Some(contact_type),
            field,
            reason,
            rule,
        };
        let Some(before) = order.before(contact_type) else {
            all.push(item(None, (NotRestorableReason::ContactWasAdded, None)));
            continue;
        };
        let draft = before.to_draft();
        let documented = draft.clone().only_documented_rules().build().err();
        let ours = draft.build().err();
        for (field, _) in changed_fields(before, sent) {
            let reason = if !before.is_readable(field) {
                (NotRestorableReason::NotReadable, None)
            } else if before.get(field).is_none() {
                (NotRestorableReason::FieldWasEmpty, None)
            } else if let code @ Some(_) = broken_rule(documented.as_ref(), field) {
                (NotRestorableReason::BreaksRule, code)
            } else if let code @ Some(_) = broken_rule(ours.as_ref(), field) {
                (NotRestorableReason::MayBeRejected, code)
            } else {
                continue;
            };
            all.push(item(Some(field), reason));
        }
    }
    all
}

fn broken_rule(violations: Option<&Violations>, field: Field) -> Option<&'static str> {
    let mut violations = violations?.iter();
    let of_field = violations.find(|violation| violation.path().field() == Some(field));
    of_field.map(|violation| violation.rule().code())
}

/// The fields that an update changes, or may change, with the previous value if there is one.
fn changed_fields<'o>(
    before: &'o OrderContact,
    sent: &Contact,
) -> impl Iterator<Item = (Field, Option<&'o str>)> {
    sent.fields().filter_map(|(field, value)| {
        let previous = before.get(field);
        let is_changed = !before.is_readable(field) || previous != Some(value);
        is_changed.then_some((field, previous))
    })
}

/// The update that restores an order: the required fields, and those that the run changed. A required
/// field that cannot be restored keeps the value of the run. Adds what it does not restore to
/// `not_restored`.
fn restore(order: &PlannedOrder, not_restored: &mut Vec<NotRestorable>) -> Option<OrderUpdate> {
    let mut items = not_restorable(order);
    items.retain(|item| item.reason != NotRestorableReason::MayBeRejected);
    let is_restorable = |contact_type, field| {
        let mut items = items.iter();
        !items.any(|item| (item.contact_type, item.field) == (Some(contact_type), Some(field)))
    };
    let [organization, technical] = ContactType::ALL.map(|contact_type| {
        let sent = order.update().contact(contact_type)?;
        let before = order.before(contact_type)?;
        let changed = changed_fields(before, sent);
        let changed = changed.filter(|(field, _)| is_restorable(contact_type, *field));
        let draft = Contact::draft(sent.first_name(), sent.last_name(), sent.email());
        let draft = changed.fold(draft, |draft, (field, previous)| match previous {
            Some(previous) => draft.set(field, previous),
            None => draft,
        });
        draft.only_documented_rules().build().ok()
    });
    not_restored.append(&mut items);
    let update = ContactsUpdate::from_contacts(organization, technical)?;
    Some(OrderUpdate::new(order.order(), update, Vec::new()))
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
