use serde::ser::SerializeSeq;
use serde::{Serialize, Serializer};

use crate::contact::Contact;
use crate::contact_type::ContactType;

/// The body of `PUT /order/certificate/{order_id}/contact`: one or two contacts, at most one of
/// each type.
///
/// An update without a contact, with two contacts of one type, or one that removes a contact can't
/// be expressed. A type that it does not name stays as it is on the order. Whether DigiCert sends
/// e-mail to anybody on a change is unknown.
///
/// ```
/// use contacts_core::{Contact, ContactType, ContactsUpdate};
///
/// let john = Contact::draft("John", "Doe", "john.doe@example.com").build()?;
/// let jane = Contact::draft("Jane", "Doe", "jane.doe@example.com").build()?;
/// let update = ContactsUpdate::both(john, jane);
/// assert_eq!(update.contact(ContactType::Technical).unwrap().first_name(), "Jane");
/// # Ok::<(), contacts_core::Violations>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ContactsUpdate {
    // Indexed by contact type; at least one is there.
    contacts: [Option<Contact>; 2],
}

impl ContactsUpdate {
    /// Replaces, or adds, the technical contact; the organization contact stays.
    #[must_use]
    pub const fn technical(contact: Contact) -> Self {
        Self {
            contacts: [None, Some(contact)],
        }
    }

    /// Replaces the organization contact; the technical contact stays. DigiCert refuses it on a DV
    /// order, which has none.
    #[must_use]
    pub const fn organization(contact: Contact) -> Self {
        Self {
            contacts: [Some(contact), None],
        }
    }

    /// Replaces both.
    #[must_use]
    pub const fn both(organization: Contact, technical: Contact) -> Self {
        Self {
            contacts: [Some(organization), Some(technical)],
        }
    }

    /// Those of the two that are there; `None` without any.
    ///
    /// ```
    /// use contacts_core::{Contact, ContactsUpdate};
    ///
    /// let jane = Contact::draft("Jane", "Doe", "jane.doe@example.com").build()?;
    /// assert_eq!(ContactsUpdate::of(None, Some(jane.clone())), Some(ContactsUpdate::technical(jane)));
    /// assert_eq!(ContactsUpdate::of(None, None), None);
    /// # Ok::<(), contacts_core::Violations>(())
    /// ```
    #[must_use]
    pub fn of(organization: Option<Contact>, technical: Option<Contact>) -> Option<Self> {
        let any = organization.is_some() || technical.is_some();
        any.then_some(Self::from_checked([organization, technical]))
    }

    /// Only with at least one contact.
    pub(crate) const fn from_checked(contacts: [Option<Contact>; 2]) -> Self {
        Self { contacts }
    }

    /// The request body: compact JSON, the organization contact first.
    ///
    /// ```
    /// use contacts_core::{Contact, ContactsUpdate};
    ///
    /// let update = ContactsUpdate::organization(Contact::draft("A", "B", "a@b.c").build()?);
    /// assert_eq!(
    ///     update.to_json(),
    ///     br#"{"contacts":[{"first_name":"A","last_name":"B","email":"a@b.c","contact_type":"organization_contact"}]}"#,
    /// );
    /// # Ok::<(), contacts_core::Violations>(())
    /// ```
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        // Most updates fit, with room to spare.
        let mut json = Vec::with_capacity(512);
        let written = serde_json::to_writer(&mut json, self);
        written.map(|()| json).unwrap_or_default()
    }

    /// The contact that this update names for a type.
    #[must_use]
    pub const fn contact(&self, kind: ContactType) -> Option<&Contact> {
        self.contacts[kind as usize].as_ref()
    }

    /// The contacts that this update names, in the order of the request body.
    ///
    /// ```
    /// use contacts_core::{Contact, ContactType, ContactsUpdate};
    ///
    /// let update = ContactsUpdate::technical(Contact::draft("A", "B", "a@b.c").build()?);
    /// let types: Vec<_> = update.contacts().map(|(contact_type, _)| contact_type).collect();
    /// assert_eq!(types, [ContactType::Technical]);
    /// # Ok::<(), contacts_core::Violations>(())
    /// ```
    pub fn contacts(&self) -> impl Iterator<Item = (ContactType, &Contact)> {
        ContactType::ALL
            .into_iter()
            .filter_map(|kind| Some((kind, self.contact(kind)?)))
    }
}

impl Serialize for ContactsUpdate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        serde::ser::SerializeMap::serialize_entry(&mut map, "contacts", &List(self))?;
        serde::ser::SerializeMap::end(map)
    }
}

struct List<'a>(&'a ContactsUpdate);

impl Serialize for List<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        for (kind, contact) in self.0.contacts() {
            list.serialize_element(&Entry(kind, contact))?;
        }
        list.end()
    }
}

struct Entry<'a>(ContactType, &'a Contact);

impl Serialize for Entry<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.1.serialize_as(Some(self.0), serializer)
    }
}
