use std::collections::HashMap;
use std::fmt;

use contacts_core::{
    Contact, ContactDraft, ContactType, ContactsUpdate, Field, OrderContact, OrderId,
};
use serde::Serialize;

use crate::input::OrderUpdate;
use crate::journal::replay::Replay;
use crate::orders::OrderApi;
use crate::plan::{Plan, PlanStopped, PlannedOrder, State};

/// A plan that puts back what a run found before it changed it, and what that plan leaves.
#[derive(Debug)]
pub struct UndoPlan {
    plan: Plan,
    left: Vec<NotRestorable>,
}

/// Something that stays as the run left it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotRestorable {
    order_id: OrderId,
    contact_type: Option<ContactType>,
    #[serde(serialize_with = "field_name")]
    field: Option<Field>,
    reason: NotRestorableReason,
}

/// Why something can't be put back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum NotRestorableReason {
    /// The order had no such contact, and DigiCert can't remove one.
    ContactWasAdded,
    /// The field was empty, and DigiCert can't empty one.
    FieldWasEmpty,
    /// `language_id` can't be read, so nobody knows what it was.
    NotReadable,
    /// What the order had before breaks a rule for contacts, so that it can't be sent.
    NotAContact,
    /// The order's contacts are neither those of before the run nor those that it sent: somebody
    /// else changed them, and what they did is not undone.
    ChangedSince,
}

impl UndoPlan {
    /// Reads every order that a run changed, or may have changed, and plans to put its contacts
    /// back. `progress` is called with each order that was read.
    ///
    /// # Errors
    /// [`PlanStopped`] as [`Plan::new`] has it.
    pub fn new(
        replay: &Replay,
        api: &impl OrderApi,
        progress: impl FnMut(&PlannedOrder),
    ) -> Result<Self, PlanStopped> {
        let done = replay.plan.plan().orders().iter().zip(&replay.known);
        let done: Vec<_> = done
            .filter(|(_, known)| known.may_be_changed())
            .map(|(order, _)| order)
            .collect();
        let mut left: Vec<NotRestorable> = Vec::new();
        let wanted = done.iter();
        let wanted = wanted
            .filter_map(|order| before(order, &mut left))
            .collect();
        let plan = Plan::read(wanted, api, progress)?;
        let by_id: HashMap<_, _> = done.iter().map(|order| (order.order(), *order)).collect();
        let (orders, changed_since): (Vec<_>, Vec<_>) =
            plan.into_orders().into_iter().partition(|now| {
                by_id
                    .get(&now.order())
                    .is_none_or(|then| is_ours(now, then))
            });
        let now: HashMap<_, _> = orders.iter().map(|order| (order.order(), order)).collect();
        left.retain(|left| {
            now.get(&left.order_id)
                .is_none_or(|now| !is_back(left, now))
        });
        left.extend(changed_since.iter().map(|order| NotRestorable {
            order_id: order.order(),
            contact_type: None,
            field: None,
            reason: NotRestorableReason::ChangedSince,
        }));
        left.sort_by_key(|left| (left.order_id, left.contact_type, left.field));
        Ok(Self {
            plan: Plan::of(orders),
            left,
        })
    }

    /// The plan.
    #[must_use]
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The plan, to be kept.
    #[must_use]
    pub fn into_plan(self) -> Plan {
        self.plan
    }

    /// What the plan leaves as the run left it, by order.
    #[must_use]
    pub fn left(&self) -> &[NotRestorable] {
        &self.left
    }
}

impl NotRestorable {
    /// The order.
    #[must_use]
    pub const fn order(&self) -> OrderId {
        self.order_id
    }

    /// Which of its contacts; `None` for both.
    #[must_use]
    pub const fn contact_type(&self) -> Option<ContactType> {
        self.contact_type
    }

    /// Which field; `None` for the whole contact.
    #[must_use]
    pub const fn field(&self) -> Option<Field> {
        self.field
    }

    /// Why.
    #[must_use]
    pub const fn reason(&self) -> NotRestorableReason {
        self.reason
    }
}

impl fmt::Display for NotRestorableReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ContactWasAdded => "the run added it, and DigiCert can't remove a contact",
            Self::FieldWasEmpty => "it was empty, and DigiCert can't empty a field",
            Self::NotReadable => "it can't be read, so nobody knows what it was",
            Self::NotAContact => "what was there before can't be sent, since it breaks a rule",
            Self::ChangedSince => "somebody changed it after the run",
        })
    }
}

/// Whether a field that can't be emptied is empty: the change never came to pass.
fn is_back(left: &NotRestorable, now: &PlannedOrder) -> bool {
    let (NotRestorableReason::FieldWasEmpty, Some(kind), Some(field)) =
        (left.reason, left.contact_type, left.field)
    else {
        return false;
    };
    let was_read = !matches!(now.state(), State::ReadFailed(_));
    let value = now.before(kind).and_then(|contact| contact.get(field));
    was_read && value.is_none()
}

/// What to send to have the contacts of before; what that can't bring back is added to `left`.
fn before(order: &PlannedOrder, left: &mut Vec<NotRestorable>) -> Option<OrderUpdate> {
    let mut contacts = [None, None];
    for (kind, sent) in order.update().contacts() {
        let mut leave = |field, reason| {
            left.push(NotRestorable {
                order_id: order.order(),
                contact_type: Some(kind),
                field,
                reason,
            });
        };
        let Some(before) = order.before(kind) else {
            leave(None, NotRestorableReason::ContactWasAdded);
            continue;
        };
        let Some(contact) = contact(before) else {
            leave(None, NotRestorableReason::NotAContact);
            continue;
        };
        for (field, _) in sent.fields() {
            if !before.is_readable(field) {
                leave(Some(field), NotRestorableReason::NotReadable);
            } else if before.get(field).is_none() {
                leave(Some(field), NotRestorableReason::FieldWasEmpty);
            }
        }
        contacts[kind as usize] = Some(contact);
    }
    let [organization, technical] = contacts;
    let update = ContactsUpdate::from_contacts(organization, technical)?;
    Some(OrderUpdate::new(order.order(), update, Vec::new()))
}

fn contact(before: &OrderContact) -> Option<Contact> {
    let draft = ContactDraft::default().allow_dotless_domain();
    let fields = Field::TEXT.into_iter();
    let fields = fields.filter_map(|field| Some((field, before.get(field)?)));
    let draft = fields.fold(draft, |draft, (field, value)| draft.set(field, value));
    draft.build().ok()
}

/// Whether an order that was read is as the run found it or as the run left it, contact by contact.
fn is_ours(now: &PlannedOrder, then: &PlannedOrder) -> bool {
    ContactType::ALL.into_iter().all(|kind| {
        let (Some(_), Some(sent)) = (now.update().contact(kind), then.update().contact(kind))
        else {
            return true;
        };
        if matches!(now.state(), State::ReadFailed(_)) {
            return true;
        }
        let (now, before) = (now.before(kind), then.before(kind));
        let now = |field| now.and_then(|contact| contact.get(field));
        let before = |field| before.and_then(|contact| contact.get(field));
        let mut readable = Field::TEXT.into_iter().filter(|f| *f != Field::LanguageId);
        let as_before = readable.clone().all(|f| now(f) == before(f));
        as_before || readable.all(|f| now(f) == sent.get(f).or_else(|| before(f)))
    })
}

#[expect(
    clippy::ref_option,
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes references"
)]
fn field_name<S: serde::Serializer>(field: &Option<Field>, to: S) -> Result<S::Ok, S::Error> {
    field.map(Field::as_str).serialize(to)
}
