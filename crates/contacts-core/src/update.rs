use serde::{Serialize, Serializer};

use crate::contact::Contact;
use crate::contact_type::ContactType;
use crate::field::Field;

/// The body of `PUT /order/certificate/{order_id}/contact`: one or two contacts, at most one of
/// each type.
///
/// By construction, an update has at least one contact, has no two contacts of one type, and removes no
/// contact. The order keeps a contact that the update does not include. DigiCert does not document
/// whether it sends e-mail after a change.
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
    // Indexed by contact type; at least one is set.
    contacts: [Option<Contact>; 2],
}

impl ContactsUpdate {
    /// Replaces or adds the technical contact. The order keeps its organization contact.
    #[must_use]
    pub const fn technical(contact: Contact) -> Self {
        Self {
            contacts: [None, Some(contact)],
        }
    }

    /// Replaces the organization contact. The order keeps its technical contact. DigiCert rejects the
    /// update for a DV order, which has no organization contact.
    #[must_use]
    pub const fn organization(contact: Contact) -> Self {
        Self {
            contacts: [Some(contact), None],
        }
    }

    /// Replaces both contacts.
    #[must_use]
    pub const fn both(organization: Contact, technical: Contact) -> Self {
        Self {
            contacts: [Some(organization), Some(technical)],
        }
    }

    /// Replaces the contacts that are `Some`; `None` if neither is.
    ///
    /// ```
    /// use contacts_core::{Contact, ContactsUpdate};
    ///
    /// let jane = Contact::draft("Jane", "Doe", "jane.doe@example.com").build()?;
    /// assert_eq!(ContactsUpdate::from_contacts(None, Some(jane.clone())), Some(ContactsUpdate::technical(jane)));
    /// assert_eq!(ContactsUpdate::from_contacts(None, None), None);
    /// # Ok::<(), contacts_core::Violations>(())
    /// ```
    #[must_use]
    pub fn from_contacts(
        organization: Option<Contact>,
        technical: Option<Contact>,
    ) -> Option<Self> {
        let any = organization.is_some() || technical.is_some();
        any.then_some(Self::from_valid([organization, technical]))
    }

    /// Requires at least one contact.
    pub(crate) const fn from_valid(contacts: [Option<Contact>; 2]) -> Self {
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
    #[expect(clippy::missing_panics_doc, reason = "strings always serialize")]
    pub fn to_json(&self) -> Vec<u8> {
        // Enough for most updates.
        let mut json = Vec::with_capacity(512);
        serde_json::to_writer(&mut json, self).expect("strings always serialize");
        json
    }

    /// The contact of a type, if the update includes it.
    #[must_use]
    pub const fn contact(&self, contact_type: ContactType) -> Option<&Contact> {
        self.contacts[contact_type as usize].as_ref()
    }

    /// The contacts that the update includes, in the order of the request body.
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
        let contact = |contact_type| Some((contact_type, self.contact(contact_type)?));
        ContactType::ALL.into_iter().filter_map(contact)
    }
}

impl Serialize for ContactsUpdate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map([("contacts", Contacts(self))])
    }
}

struct Contacts<'a>(&'a ContactsUpdate);

impl Serialize for Contacts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.contacts().map(TypedContact))
    }
}

struct TypedContact<'a>((ContactType, &'a Contact));

impl Serialize for TypedContact<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (contact_type, contact) = self.0;
        let contact_type = (Field::ContactType, contact_type.as_str());
        serializer.collect_map(contact.fields().chain([contact_type]))
    }
}
