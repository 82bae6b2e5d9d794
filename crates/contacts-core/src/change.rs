use std::fmt;

use serde::{Deserialize, Serialize};

use crate::contact_type::ContactType;
use crate::field::Field;
use crate::order::{DvStatus, Order};
use crate::order_contact::OrderContact;
use crate::update::ContactsUpdate;

/// The effect of an update on an order, field by field.
///
/// ```
/// use contacts_core::{Change, Contact, ContactsUpdate, FieldState, Order};
///
/// let order: Order = serde_json::from_str(
///     r#"{"technical_contact": {"first_name": "John", "last_name": "Doe", "email": "j@example.com"}}"#,
/// )?;
/// let jane = Contact::draft("Jane", "Doe", "j@example.com").build().unwrap();
/// let change = Change::between(&order, &ContactsUpdate::technical(jane));
/// let changed: Vec<_> = change.fields().iter().filter(|f| f.state == FieldState::Changes).collect();
/// assert_eq!(changed.len(), 1);
/// assert_eq!((changed[0].before.as_deref(), changed[0].after.as_str()), (Some("John"), "Jane"));
/// assert!(!change.is_noop());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    blocked: Option<Blocked>,
    fields: Vec<FieldChange>,
}

/// The reason why an update cannot be applied to an order.
///
/// ```
/// use contacts_core::{Blocked, Change, Contact, ContactsUpdate, Order};
///
/// let dv: Order = serde_json::from_str(r#"{"product": {"validation_type": "dv"}}"#)?;
/// let jane = Contact::draft("Jane", "Doe", "j@example.com").build().unwrap();
/// let change = Change::between(&dv, &ContactsUpdate::organization(jane));
/// assert_eq!(change.blocked(), Some(Blocked::OrganizationContactOnDv));
/// assert_eq!(change.blocked().unwrap().to_string(), "a DV order can't have an organization contact");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::Display)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Blocked {
    /// A DV order has no organization contact. DigiCert rejects such an update.
    #[strum(to_string = "a DV order can't have an organization contact")]
    OrganizationContactOnDv,
}

/// One field of a contact, before and after an update. `Debug` shows no values.
///
/// ```
/// use contacts_core::{Change, Contact, ContactType, ContactsUpdate, Field, FieldState, Order};
///
/// let jane = Contact::draft("Jane", "Doe", "j@example.com").build().unwrap();
/// let change = Change::between(&Order::default(), &ContactsUpdate::technical(jane));
/// let first = &change.fields()[0];
/// assert_eq!((first.contact_type, first.field), (ContactType::Technical, Field::FirstName));
/// assert_eq!((first.state, &first.before, first.after.as_str()), (FieldState::Changes, &None, "Jane"));
/// ```
#[derive(Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FieldChange {
    /// The type of the contact.
    pub contact_type: ContactType,
    /// The field.
    pub field: Field,
    /// The effect of the update.
    pub state: FieldState,
    /// The order's value; `None` if it has none or if it is not readable.
    pub before: Option<String>,
    /// The value after the update.
    pub after: String,
}

/// The effect of an update on a field.
///
/// ```
/// use contacts_core::{Change, Contact, ContactsUpdate, FieldState, Order};
///
/// let order: Order = serde_json::from_str(
///     r#"{"technical_contact": {"first_name": "Robin", "last_name": "Doe", "telephone": "1"}}"#,
/// )?;
/// let jane = Contact::draft("Jane", "Doe", "j@example.com").language_id("1").build().unwrap();
/// let change = Change::between(&order, &ContactsUpdate::technical(jane));
/// let states: Vec<_> = change.fields().iter().map(|f| (f.field.as_str(), f.state)).collect();
/// assert_eq!(states, [
///     ("first_name", FieldState::Changes),
///     ("last_name", FieldState::Same),
///     ("email", FieldState::Changes),
///     ("telephone", FieldState::Kept),
///     ("language_id", FieldState::NotReadable),
/// ]);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FieldState {
    /// The order already has the update's value.
    Same,
    /// The update sets or replaces the value.
    Changes,
    /// The update omits the field, so the order keeps its value, such as a predecessor's telephone
    /// number.
    Kept,
    /// The order's value is unknown: always for `language_id`, and for a value that was not a string.
    NotReadable,
}

impl Change {
    /// Compares `order` with `update`.
    #[must_use]
    pub fn between(order: &Order, update: &ContactsUpdate) -> Self {
        let organization = update.contact(ContactType::Organization).is_some();
        let blocked = (organization && order.dv_status() == DvStatus::Yes)
            .then_some(Blocked::OrganizationContactOnDv);
        let mut fields = Vec::new();
        for (contact_type, contact) in update.contacts() {
            let current = order.contact(contact_type);
            fields.extend(Field::TEXT.into_iter().filter_map(|field| {
                FieldChange::between(contact_type, field, current, contact.get(field))
            }));
        }
        Self { blocked, fields }
    }

    /// The reason why the update cannot be applied, if there is one.
    #[must_use]
    pub const fn blocked(&self) -> Option<Blocked> {
        self.blocked
    }

    /// The fields of the contacts that the update includes, in the order of the request body. A field
    /// without a value in both the order and the update is omitted.
    #[must_use]
    pub fn fields(&self) -> &[FieldChange] {
        &self.fields
    }

    /// Whether the order already matches the update, so that no request is needed.
    ///
    /// Never for an update with a field that is not readable, such as `language_id`: without a request,
    /// the order could keep a wrong value.
    #[must_use]
    pub fn is_noop(&self) -> bool {
        let mut states = self.fields.iter().map(|field| field.state);
        states.all(|state| matches!(state, FieldState::Same | FieldState::Kept))
    }

    /// Whether a readable field differs from the update. After the request, this means that the update
    /// was not applied.
    #[must_use]
    pub fn has_mismatch(&self) -> bool {
        let mut states = self.fields.iter().map(|field| field.state);
        states.any(|state| state == FieldState::Changes)
    }
}

impl FieldChange {
    /// `None` if neither the order nor the update has a value.
    fn between(
        contact_type: ContactType,
        field: Field,
        current: Option<&OrderContact>,
        after: Option<&str>,
    ) -> Option<Self> {
        let is_readable =
            field != Field::LanguageId && current.is_none_or(|contact| contact.is_readable(field));
        let before = current.and_then(|contact| contact.get(field));
        let state = match after {
            None => FieldState::Kept,
            Some(_) if !is_readable => FieldState::NotReadable,
            after if after == before => FieldState::Same,
            Some(_) => FieldState::Changes,
        };
        Some(Self {
            contact_type,
            field,
            state,
            before: before.map(str::to_owned),
            after: after.or(before)?.to_owned(),
        })
    }
}

impl fmt::Debug for FieldChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FieldChange")
            .field("contact_type", &self.contact_type)
            .field("field", &self.field)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}
