//! Parses updates and contacts from JSON. Members of every name and type are accepted, so that all
//! violations are reported at once; only invalid JSON is an error here.

pub(crate) mod value;

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess};

use value::{AnyValue, JsonValue, MemberReader};

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

impl<'de: 'a, 'a> Deserialize<'de> for UpdateDraft<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut update = UpdateDraft::<'de>::default();
        let reader = UpdateReader {
            update: &mut update,
            order_id: None,
        };
        reader.read(deserializer)?;
        Ok(update)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for OrderUpdateDraft<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut draft = OrderUpdateDraft::<'de>::default();
        let reader = UpdateReader {
            update: &mut draft.update,
            order_id: Some(&mut draft.order_id),
        };
        reader.read(deserializer)?;
        Ok(draft)
    }
}

/// A `contact_type` is an unknown field here.
impl<'de: 'a, 'a> Deserialize<'de> for ContactDraft<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let draft = TypedDraft::<'de>::new(Parent::Root, Err(Rule::Required));
        let mut draft = draft.deserialize(deserializer)?;
        if draft.contact_type != Err(Rule::Required) {
            let rule = Rule::UnknownField { nearest: None };
            draft.add_violation(Leaf::Field(Field::ContactType), rule);
        }
        Ok(draft.contact)
    }
}

/// A member's name, borrowed if it has no escapes.
#[derive(Deserialize)]
#[serde(transparent)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

/// Reads the top-level object.
struct UpdateReader<'t, 'de> {
    update: &'t mut UpdateDraft<'de>,
    /// `None` if `order_id` is not a member.
    order_id: Option<&'t mut Option<JsonValue<'de>>>,
}

impl<'de> UpdateReader<'_, 'de> {
    fn read<D: Deserializer<'de>>(mut self, deserializer: D) -> Result<(), D::Error> {
        let value = AnyValue(&mut self).deserialize(deserializer)?;
        if !value.is_object() {
            let rule = value.wrong_type(JsonType::Object);
            self.update.add_violation(Leaf::None, rule);
        }
        Ok(())
    }
}

impl<'de> MemberReader<'de> for &mut UpdateReader<'_, 'de> {
    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        let mut seen_contacts = false;
        while let Some(Key(name)) = object.next_key()? {
            if name == "contacts" {
                if std::mem::replace(&mut seen_contacts, true) {
                    self.update
                        .add_violation(Leaf::Contacts, Rule::DuplicateField);
                }
                let value = object.next_value_seed(AnyValue(ContactList(self.update)))?;
                if !value.is_array() {
                    self.update
                        .add_violation(Leaf::Contacts, value.wrong_type(JsonType::Array));
                }
            } else if let Some(contact_type) = ContactType::from_name(&name) {
                let draft = TypedDraft::new(Parent::Member(contact_type), Ok(contact_type));
                self.update.contacts.push(object.next_value_seed(draft)?);
            } else if let Some(order_id) = self.order_id.as_mut().filter(|_| name == "order_id") {
                if order_id.replace(object.next_value()?).is_some() {
                    self.update
                        .add_violation(Leaf::OrderId, Rule::DuplicateField);
                }
            } else {
                let rule = Rule::UnknownField { nearest: None };
                self.update.add_violation(Leaf::unknown(&name), rule);
                object.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// Reads the value of `contacts`.
struct ContactList<'t, 'de>(&'t mut UpdateDraft<'de>);

impl<'de> MemberReader<'de> for ContactList<'_, 'de> {
    fn array<A: SeqAccess<'de>>(self, mut array: A) -> Result<(), A::Error> {
        let draft = |index| TypedDraft::new(Parent::Index(index), Err(Rule::Required));
        let mut index = 0;
        while let Some(contact) = array.next_element_seed(draft(index))? {
            self.0.contacts.push(contact);
            index += 1;
        }
        Ok(())
    }
}

/// Fills the draft with the members of an object.
impl<'de> DeserializeSeed<'de> for TypedDraft<'de> {
    type Value = Self;

    fn deserialize<D: Deserializer<'de>>(mut self, deserializer: D) -> Result<Self, D::Error> {
        let value = AnyValue(&mut self).deserialize(deserializer)?;
        if !value.is_object() {
            // A value that is not an object must not make another contact a duplicate.
            self.contact_type = Err(Rule::Required);
            self.add_violation(Leaf::None, value.wrong_type(JsonType::Object));
        }
        Ok(self)
    }
}

impl<'de> MemberReader<'de> for &mut TypedDraft<'de> {
    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        let mut seen = [false; Field::ALL.len()];
        while let Some(Key(name)) = object.next_key()? {
            let Some(field) = Field::from_name(&name) else {
                self.add_violation(Leaf::unknown(&name), Rule::unknown_field(&name));
                object.next_value::<IgnoredAny>()?;
                continue;
            };
            if std::mem::replace(&mut seen[field as usize], true) {
                self.add_violation(Leaf::Field(field), Rule::DuplicateField);
            }
            self.set(field, object.next_value()?);
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
        let value = match value {
            JsonValue::String(text) => Ok(text),
            // DigiCert's responses have shown `language_id` as an integer.
            JsonValue::Integer(id) if field == Field::LanguageId => Ok(id.to_string().into()),
            other => Err(other.wrong_type(JsonType::String)),
        };
        if field == Field::ContactType {
            self.contact_type = value.and_then(|name| self.parse_type(&name));
        } else {
            self.contact.put(field, value);
        }
    }

    /// Parses the name of a type. In a member such as `technical_contact`, only its own type is valid.
    fn parse_type(&self, name: &str) -> Result<ContactType, Rule> {
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
