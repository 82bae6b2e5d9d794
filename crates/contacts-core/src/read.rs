//! Parses updates and contacts from JSON. Members of every name and type are accepted, so that all
//! violations are reported at once; only invalid JSON is an error here.

pub(crate) mod value;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess};

use value::{AnyValue, JsonValue, MemberName, MemberReader};

use crate::contact::Contact;
use crate::contact_type::ContactType;
use crate::draft::ContactDraft;
use crate::field::Field;
use crate::name::Named;
use crate::read_error::ReadError;
use crate::rule::{JsonType, Rule};
use crate::update::ContactsUpdate;
use crate::update_draft::{OrderUpdateDraft, TypedDraft, UpdateDraft};
use crate::violation::{Leaf, Parent};

impl ContactsUpdate {
    /// Parses `{"contacts": [...]}`, the request body of the API, or the form
    /// `{"organization_contact": {...}, "technical_contact": {...}}`.
    ///
    /// ```
    /// use contacts_core::ContactsUpdate;
    ///
    /// let error = ContactsUpdate::from_json(br#"{"contacts": [{"e_mail": "x"}]}"#).unwrap_err();
    /// assert!(error.to_string().contains("contacts[0].e_mail: unknown field; did you mean `email`?"));
    /// ```
    ///
    /// # Errors
    /// Returns [`ReadError::Syntax`] with line and column if the bytes are not JSON, otherwise all
    /// [`Violations`](crate::Violations).
    pub fn from_json(json: &[u8]) -> Result<Self, ReadError> {
        let draft: UpdateDraft<'_> = parse(json)?;
        draft.build().map_err(ReadError::Violations)
    }
}

impl Contact {
    /// Parses a contact from a JSON object with the API's field names.
    ///
    /// ```
    /// use contacts_core::Contact;
    ///
    /// let json = br#"{"first_name": "Jane", "last_name": "Doe", "email": "j@example.com"}"#;
    /// assert_eq!(Contact::from_json(json)?.last_name(), "Doe");
    /// let error = Contact::from_json(br#"{"first_name": "Jane", "mail": ""}"#).unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "last_name: required, but missing\n\
    ///      email: required, but missing\n\
    ///      mail: unknown field; did you mean `email`?",
    /// );
    /// # Ok::<(), contacts_core::ReadError>(())
    /// ```
    ///
    /// # Errors
    /// Returns [`ReadError::Syntax`] with line and column if the bytes are not JSON, otherwise all
    /// [`Violations`](crate::Violations).
    pub fn from_json(json: &[u8]) -> Result<Self, ReadError> {
        let draft: ContactDraft<'_> = parse(json)?;
        draft.build().map_err(ReadError::Violations)
    }
}

fn parse<'de, T: Deserialize<'de>>(json: &'de [u8]) -> Result<T, ReadError> {
    // One check of the whole text is faster than serde_json's check of each string.
    let text = str::from_utf8(json).map_err(|error| ReadError::not_utf8(json, error))?;
    Ok(serde_json::from_str(text)?)
}

/// An `order_id` is an unknown field here.
impl<'de: 'a, 'a> Deserialize<'de> for UpdateDraft<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut draft = OrderUpdateDraft::deserialize(deserializer)?;
        if draft.order_id.is_some() {
            let rule = Rule::UnknownField { nearest: None };
            draft.update.add_violation(Leaf::unknown("order_id"), rule);
        }
        Ok(draft.update)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for OrderUpdateDraft<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut draft = OrderUpdateDraft::<'de>::default();
        let value = AnyValue(&mut draft).deserialize(deserializer)?;
        if !value.is_object() {
            let rule = value.wrong_type(JsonType::Object);
            draft.update.add_violation(Leaf::None, rule);
        }
        Ok(draft)
    }
}

/// A `contact_type` is an unknown field here.
impl<'de: 'a, 'a> Deserialize<'de> for ContactDraft<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut draft = TypedDraft::<'de>::new(Parent::Root, Err(Rule::Required));
        draft.deserialize(deserializer)?;
        if draft.contact_type != Err(Rule::Required) {
            let rule = Rule::UnknownField { nearest: None };
            draft.add_violation(Leaf::Field(Field::ContactType), rule);
        }
        Ok(draft.contact)
    }
}

/// A member of the top-level object.
enum Member {
    Contacts,
    Contact(ContactType),
    OrderId,
    Unknown(Leaf),
}

impl Member {
    fn new(name: &str) -> Self {
        match (name, ContactType::from_name(name)) {
            ("contacts", _) => Self::Contacts,
            ("order_id", _) => Self::OrderId,
            (_, Some(contact_type)) => Self::Contact(contact_type),
            (_, None) => Self::Unknown(Leaf::unknown(name)),
        }
    }
}

impl<'de> MemberReader<'de> for &mut OrderUpdateDraft<'de> {
    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        let update = &mut self.update;
        let mut seen_contacts = false;
        while let Some(member) = object.next_key_seed(MemberName(Member::new))? {
            match member {
                Member::Contacts => {
                    if std::mem::replace(&mut seen_contacts, true) {
                        update.add_violation(Leaf::Contacts, Rule::DuplicateField);
                    }
                    let value = object.next_value_seed(AnyValue(ContactList(update)))?;
                    if !value.is_array() {
                        update.add_violation(Leaf::Contacts, value.wrong_type(JsonType::Array));
                    }
                }
                Member::Contact(contact_type) => {
                    let draft = TypedDraft::new(Parent::Member(contact_type), Ok(contact_type));
                    object.next_value_seed(update.add_contact(draft))?;
                }
                Member::OrderId => {
                    if self.order_id.replace(object.next_value()?).is_some() {
                        update.add_violation(Leaf::OrderId, Rule::DuplicateField);
                    }
                }
                Member::Unknown(leaf) => {
                    update.add_violation(leaf, Rule::UnknownField { nearest: None });
                    object.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// Reads the value of `contacts`.
struct ContactList<'t, 'de>(&'t mut UpdateDraft<'de>);

impl<'de> MemberReader<'de> for ContactList<'_, 'de> {
    fn array<A: SeqAccess<'de>>(self, mut array: A) -> Result<(), A::Error> {
        for index in 0.. {
            // Added before it is known whether there is one more, to be filled in its place.
            let draft = TypedDraft::new(Parent::Index(index), Err(Rule::Required));
            let contact = self.0.add_contact(draft);
            if array.next_element_seed(contact)?.is_none() {
                self.0.contacts.pop();
                break;
            }
        }
        Ok(())
    }
}

/// Fills the draft with the members of an object.
impl<'de> DeserializeSeed<'de> for &mut TypedDraft<'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let value = AnyValue(&mut *self).deserialize(deserializer)?;
        if !value.is_object() {
            // A value that is not an object must not make another contact a duplicate.
            self.contact_type = Err(Rule::Required);
            self.add_violation(Leaf::None, value.wrong_type(JsonType::Object));
        }
        Ok(())
    }
}

impl<'de> MemberReader<'de> for &mut TypedDraft<'de> {
    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        let mut seen = [false; Field::ALL.len()];
        let parse = |name: &str| {
            let unknown = || (Leaf::unknown(name), Rule::unknown_field(name));
            Field::from_name(name).ok_or_else(unknown)
        };
        while let Some(field) = object.next_key_seed(MemberName(parse))? {
            match field {
                Ok(field) => {
                    if std::mem::replace(&mut seen[field as usize], true) {
                        self.add_violation(Leaf::Field(field), Rule::DuplicateField);
                    }
                    self.set(field, object.next_value()?);
                }
                Err((leaf, rule)) => {
                    self.add_violation(leaf, rule);
                    object.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

impl<'de> TypedDraft<'de> {
    fn new(parent: Parent, contact_type: Result<ContactType, Rule>) -> Self {
        Self {
            parent,
            contact_type,
            contact: ContactDraft::default(),
        }
    }

    fn set(&mut self, field: Field, value: JsonValue<'de>) {
        match (field, value) {
            (Field::ContactType, value) => self.contact_type = self.parse_type(&value),
            // DigiCert's responses have shown `language_id` as an integer.
            (Field::LanguageId, JsonValue::Integer(id)) => {
                let id = JsonValue::String(id.to_string().into());
                self.contact.put(field, id);
            }
            (_, value) => self.contact.put(field, value),
        }
    }

    /// Parses the name of a type. In a member such as `technical_contact`, only its own type is valid.
    fn parse_type(&self, value: &JsonValue<'_>) -> Result<ContactType, Rule> {
        let name = value
            .as_str()
            .ok_or_else(|| value.wrong_type(JsonType::String))?;
        match (ContactType::from_name(name), self.parent) {
            (Some(contact_type), Parent::Member(member)) if contact_type != member => {
                Err(Rule::UnknownContactType)
            }
            (contact_type, _) => contact_type.ok_or(Rule::UnknownContactType),
        }
    }

    fn add_violation(&mut self, leaf: Leaf, rule: Rule) {
        self.contact.add_violation(self.parent, leaf, rule);
    }
}
