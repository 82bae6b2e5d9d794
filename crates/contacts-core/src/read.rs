//! Reading an update from JSON: every member of any type is taken in, so that all that is wrong
//! is told at once, and only text that is not JSON at all stops the reading.

mod any;

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess};

use any::{Any, Taker};

use crate::contact::Contact;
use crate::contact_type::ContactType;
use crate::draft::{ContactDraft, Given};
use crate::field::Field;
use crate::read_error::ReadError;
use crate::rule::{JsonType, Rule};
use crate::update::ContactsUpdate;
use crate::update_draft::{Entry, GivenType, UpdateDraft};
use crate::violation::{Parent, Path};

impl ContactsUpdate {
    /// Reads `{"contacts": [...]}`, as the API takes it, or the two-sided form
    /// `{"technical_contact": {...}, "organization_contact": {...}}`.
    ///
    /// ```
    /// use contacts_core::ContactsUpdate;
    ///
    /// let error = ContactsUpdate::from_json(br#"{"contacts": [{"e_mail": "x"}]}"#).unwrap_err();
    /// assert!(error.to_string().contains("contacts[0].e_mail: unknown field; did you mean `email`?"));
    /// ```
    ///
    /// # Errors
    /// [`ReadError::Syntax`] with line and column where the bytes are not JSON, otherwise all
    /// [`Violations`](crate::Violations).
    pub fn from_json(json: &[u8]) -> Result<Self, ReadError> {
        let draft: UpdateDraft<'_> = json_text(json)?;
        draft.build().map_err(ReadError::Violations)
    }
}

impl Contact {
    /// Reads a contact from a JSON object of its fields, by their names in the API.
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
    /// [`ReadError::Syntax`] with line and column where the bytes are not JSON, otherwise all
    /// [`Violations`](crate::Violations).
    pub fn from_json(json: &[u8]) -> Result<Self, ReadError> {
        let draft: ContactDraft<'_> = json_text(json)?;
        draft.build().map_err(ReadError::Violations)
    }
}

fn json_text<'de, T: Deserialize<'de>>(json: &'de [u8]) -> Result<T, ReadError> {
    // Checked here in one go, it need not be checked string by string.
    let text = str::from_utf8(json).map_err(|error| ReadError::not_utf8(json, error))?;
    let mut reader = serde_json::Deserializer::from_str(text);
    let read = T::deserialize(&mut reader)?;
    reader.end()?;
    Ok(read)
}

/// Takes in every member of any type: nothing is checked, and nothing is an error, but what is no
/// value of the format at all.
impl<'de> Deserialize<'de> for UpdateDraft<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut draft = Self::default();
        Any(Top(&mut draft)).deserialize(deserializer)?;
        Ok(draft)
    }
}

/// As [`UpdateDraft`] does; a `contact_type` is no field of a contact on its own.
impl<'de> Deserialize<'de> for ContactDraft<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut entry = Entry {
            parent: Parent::Root,
            kind: GivenType::Missing,
            contact: Self::default(),
        };
        Any(&mut entry).deserialize(deserializer)?;
        if !matches!(entry.kind, GivenType::Missing) {
            let path = Path::of_field(Parent::Root, Field::ContactType);
            entry
                .contact
                .stray(path, Rule::UnknownField { nearest: None });
        }
        Ok(entry.contact)
    }
}

/// The name of a member, borrowed where it holds no escapes.
#[derive(Deserialize)]
#[serde(transparent)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

fn wrong_type(expected: JsonType, found: JsonType) -> Rule {
    Rule::WrongType { expected, found }
}

/// The outermost object.
struct Top<'t, 'de>(&'t mut UpdateDraft<'de>);

impl<'de> Taker<'de> for Top<'_, 'de> {
    fn wrong(self, found: JsonType) {
        self.0.stray(
            Path::whole(Parent::Root),
            wrong_type(JsonType::Object, found),
        );
    }

    fn object<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let draft = self.0;
        let mut seen_contacts = false;
        while let Some(name) = map.next_key::<Key<'de>>()?.map(|key| key.0) {
            if name == "contacts" {
                if seen_contacts {
                    draft.stray(Path::contacts(), Rule::DuplicateField);
                }
                seen_contacts = true;
                map.next_value_seed(Any(List(draft)))?;
            } else if let Some(kind) = ContactType::parse(&name) {
                let entry = draft.begin(Parent::Side(kind), GivenType::Known(kind));
                map.next_value_seed(Any(entry))?;
            } else {
                draft.stray(
                    Path::other(Parent::Root, &name),
                    Rule::UnknownField { nearest: None },
                );
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// The value of `contacts`.
struct List<'t, 'de>(&'t mut UpdateDraft<'de>);

impl<'de> Taker<'de> for List<'_, 'de> {
    fn wrong(self, found: JsonType) {
        self.0
            .stray(Path::contacts(), wrong_type(JsonType::Array, found));
    }

    fn array<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        for index in 0.. {
            let item = Item {
                draft: self.0,
                index,
            };
            if list.next_element_seed(item)?.is_none() {
                break;
            }
        }
        Ok(())
    }
}

/// One item of the list, which adds its contact only if it is there.
struct Item<'t, 'de> {
    draft: &'t mut UpdateDraft<'de>,
    index: usize,
}

impl<'de> DeserializeSeed<'de> for Item<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let parent = Parent::Index(self.index);
        Any(self.draft.begin(parent, GivenType::Missing)).deserialize(deserializer)
    }
}

impl Entry<'_> {
    fn unknown(&mut self, name: &str) {
        let rule = if name == "telephone_extension" {
            Rule::NoTelephoneExtension
        } else {
            Rule::UnknownField {
                nearest: Field::nearest(name),
            }
        };
        self.contact.stray(Path::other(self.parent, name), rule);
    }
}

impl<'de> Taker<'de> for &mut Entry<'de> {
    /// What is no contact takes no contact's place, whatever its name said.
    fn wrong(self, found: JsonType) {
        self.kind = GivenType::Missing;
        let path = Path::whole(self.parent);
        self.contact
            .stray(path, wrong_type(JsonType::Object, found));
    }

    fn object<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut seen = [false; Field::ALL.len()];
        while let Some(name) = map.next_key::<Key<'de>>()?.map(|key| key.0) {
            let Some(field) = Field::parse(&name) else {
                self.unknown(&name);
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            if std::mem::replace(&mut seen[field as usize], true) {
                let path = Path::of_field(self.parent, field);
                self.contact.stray(path, Rule::DuplicateField);
            }
            map.next_value_seed(Any(Value { entry: self, field }))?;
        }
        Ok(())
    }
}

/// The value of a field.
struct Value<'t, 'de> {
    entry: &'t mut Entry<'de>,
    field: Field,
}

impl<'de> Taker<'de> for Value<'_, 'de> {
    fn wrong(self, found: JsonType) {
        match self.field {
            Field::ContactType => self.entry.kind = GivenType::Wrong(found),
            field => self.entry.contact.put(field, Given::Wrong(found)),
        }
    }

    fn text(self, text: Cow<'de, str>) {
        match (self.field, self.entry.parent) {
            (Field::ContactType, parent) => self.entry.kind = given_type(&text, parent),
            (field, _) => self.entry.contact.put(field, Given::Text(text)),
        }
    }

    /// DigiCert's answers have shown `language_id` as an integer.
    fn integer(self, number: u64) {
        match self.field {
            Field::LanguageId => self.text(Cow::Owned(number.to_string())),
            _ => self.wrong(JsonType::Number),
        }
    }
}

/// In the two-sided form a type may be repeated inside, if it is the same.
fn given_type(text: &str, parent: Parent) -> GivenType {
    match (ContactType::parse(text), parent) {
        (Some(kind), Parent::Side(side)) if kind != side => GivenType::Unknown,
        (Some(kind), _) => GivenType::Known(kind),
        (None, _) => GivenType::Unknown,
    }
}
