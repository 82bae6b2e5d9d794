use std::fmt;

use serde::Serialize;

use crate::contact_type::ContactType;
use crate::field::Field;
use crate::order::{DvStatus, Order};
use crate::update::ContactsUpdate;

/// What an update would alter on an order, field by field.
///
/// ```
/// use contacts_core::{Change, Contact, ContactsUpdate, FieldState, Order};
///
/// let order: Order = serde_json::from_str(
///     r#"{"technical_contact": {"first_name": "John", "last_name": "Doe", "email": "j@example.com"}}"#,
/// )?;
/// let jane = Contact::draft("Jane", "Doe", "j@example.com").build().unwrap();
/// let change = Change::between(&order, &ContactsUpdate::technical(jane));
/// let altered: Vec<_> = change.fields().iter().filter(|f| f.state() == FieldState::Changes).collect();
/// assert_eq!(altered.len(), 1);
/// assert_eq!((altered[0].before(), altered[0].after()), (Some("John"), "Jane"));
/// assert!(!change.is_noop());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    blocked: Option<Blocked>,
    fields: Vec<FieldChange>,
}

/// Why an update can't be applied to an order.
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Blocked {
    /// A DV order has no organization contact; DigiCert answers such an update with an error.
    OrganizationContactOnDv,
}

impl fmt::Display for Blocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OrganizationContactOnDv => "a DV order can't have an organization contact",
        })
    }
}

/// One field of a contact that an update names, before and after. `Debug` shows no values.
///
/// ```
/// use contacts_core::{Change, Contact, ContactType, ContactsUpdate, Field, FieldState, Order};
///
/// let jane = Contact::draft("Jane", "Doe", "j@example.com").build().unwrap();
/// let change = Change::between(&Order::default(), &ContactsUpdate::technical(jane));
/// let first = &change.fields()[0];
/// assert_eq!((first.contact_type(), first.field()), (ContactType::Technical, Field::FirstName));
/// assert_eq!((first.state(), first.before(), first.after()), (FieldState::Changes, None, "Jane"));
/// ```
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct FieldChange {
    contact_type: ContactType,
    #[serde(serialize_with = "as_name")]
    field: Field,
    state: FieldState,
    before: Option<String>,
    after: String,
}

/// What becomes of a field.
///
/// ```
/// use contacts_core::{Change, Contact, ContactsUpdate, FieldState, Order};
///
/// let order: Order = serde_json::from_str(
///     r#"{"technical_contact": {"first_name": "Robin", "last_name": "Doe", "telephone": "1"}}"#,
/// )?;
/// let jane = Contact::draft("Jane", "Doe", "j@example.com").language_id("1").build().unwrap();
/// let change = Change::between(&order, &ContactsUpdate::technical(jane));
/// let states: Vec<_> = change.fields().iter().map(|f| (f.field().as_str(), f.state())).collect();
/// assert_eq!(states, [
///     ("first_name", FieldState::Changes),
///     ("last_name", FieldState::Same),
///     ("email", FieldState::Changes),
///     ("telephone", FieldState::Kept),
///     ("language_id", FieldState::NotReadable),
/// ]);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FieldState {
    /// It has the wanted value already.
    Same,
    /// It gets another value, or its first.
    Changes,
    /// The update leaves it out, so the order keeps its value. A successor's entry with the old
    /// telephone number begins like this.
    Kept,
    /// The order's value can't be read, so nobody can tell: always that of `language_id`, and any
    /// that the answer did not hold as a text.
    NotReadable,
}

impl Change {
    /// Compares what `update` asks for with what `order` holds.
    #[must_use]
    pub fn between(order: &Order, update: &ContactsUpdate) -> Self {
        let organization = update.contact(ContactType::Organization).is_some();
        let blocked = (organization && order.dv_status() == DvStatus::Yes)
            .then_some(Blocked::OrganizationContactOnDv);
        let mut fields = Vec::new();
        for (contact_type, contact) in update.contacts() {
            let now = order.contact(contact_type);
            fields.extend(Field::TEXT.into_iter().filter_map(|field| {
                let before = match now {
                    Some(now) if !now.is_readable(field) => Before::NotReadable,
                    now => Before::Value(now.and_then(|now| now.get(field))),
                };
                FieldChange::between(contact_type, field, before, contact.get(field))
            }));
        }
        Self { blocked, fields }
    }

    /// Why the update can't be applied, if it can't.
    #[must_use]
    pub const fn blocked(&self) -> Option<Blocked> {
        self.blocked
    }

    /// Every field that the update names, and those that it leaves out of a contact that it names
    /// while the order has a value for them; in the order of the request body.
    #[must_use]
    pub fn fields(&self) -> &[FieldChange] {
        &self.fields
    }

    /// Whether the order is already as wanted, so that no request is needed.
    ///
    /// An update that names a field that can't be read never is, such as `language_id`: leaving the
    /// request out could leave the wrong value in place.
    #[must_use]
    pub fn is_noop(&self) -> bool {
        self.fields
            .iter()
            .all(|field| matches!(field.state, FieldState::Same | FieldState::Kept))
    }

    /// Whether anything that can be read differs from what is wanted: what a check after the
    /// request asks. Fields that can't be read are left out of it.
    #[must_use]
    pub fn differs(&self) -> bool {
        self.fields
            .iter()
            .any(|field| field.state == FieldState::Changes)
    }
}

/// What an order tells of a field.
#[derive(Clone, Copy)]
enum Before<'a> {
    Value(Option<&'a str>),
    NotReadable,
}

fn state(field: Field, before: Before<'_>, after: &str) -> FieldState {
    match before {
        Before::NotReadable => FieldState::NotReadable,
        Before::Value(_) if field == Field::LanguageId => FieldState::NotReadable,
        Before::Value(Some(before)) if before == after => FieldState::Same,
        Before::Value(_) => FieldState::Changes,
    }
}

impl FieldChange {
    /// `None` where neither side has a value.
    fn between(
        contact_type: ContactType,
        field: Field,
        before: Before<'_>,
        after: Option<&str>,
    ) -> Option<Self> {
        let state = after.map_or(FieldState::Kept, |after| state(field, before, after));
        let before = match before {
            Before::Value(value) => value,
            Before::NotReadable => None,
        };
        Some(Self {
            contact_type,
            field,
            state,
            before: before.map(str::to_owned),
            after: after.or(before)?.to_owned(),
        })
    }

    /// The contact it belongs to.
    #[must_use]
    pub const fn contact_type(&self) -> ContactType {
        self.contact_type
    }

    /// The field.
    #[must_use]
    pub const fn field(&self) -> Field {
        self.field
    }

    /// What becomes of it.
    #[must_use]
    pub const fn state(&self) -> FieldState {
        self.state
    }

    /// The order's value; `None` where it has none or where it can't be read.
    #[must_use]
    pub fn before(&self) -> Option<&str> {
        self.before.as_deref()
    }

    /// The value that the field will have.
    #[must_use]
    pub fn after(&self) -> &str {
        &self.after
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

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn as_name<S: serde::Serializer>(field: &Field, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(field.as_str())
}
