use std::fmt;

use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value as Json;

use crate::field::Field;
use crate::read_error::{self, ReadError};

/// A contact of an order, as the API returns it.
///
/// `language_id` is never readable: no response has shown it.
///
/// ```
/// use contacts_core::{Field, Order};
///
/// let order = Order::from_json(
///     br#"{"technical_contact": {"first_name": "J", "last_name": "D", "email": "j@example.com", "telephone": ""}}"#,
/// )?;
/// let contact = order.technical_contact.unwrap();
/// assert_eq!(contact.email(), Some("j@example.com"));
/// assert_eq!((contact.first_name(), contact.last_name()), (Some("J"), Some("D")));
/// assert_eq!(contact.get(Field::Telephone), None);
/// # Ok::<(), contacts_core::ReadError>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct OrderContact {
    /// In the order of [`READABLE`].
    values: [FieldValue; 5],
}

#[derive(Clone, Default, PartialEq, Eq, Hash)]
enum FieldValue {
    #[default]
    Absent,
    Text(Box<str>),
    NotReadable,
}

/// The fields that the API returns: all of [`Field::TEXT`] but `language_id`.
const READABLE: [Field; 5] = {
    let [readable @ .., _] = Field::TEXT;
    readable
};

impl OrderContact {
    /// Parses a contact of a response leniently: unknown members are ignored, and a value of the wrong
    /// type is [not readable](Self::is_readable).
    ///
    /// ```
    /// use contacts_core::OrderContact;
    ///
    /// let contact = OrderContact::from_json(br#"{"id": 5, "email": "jane.doe@example.com"}"#)?;
    /// assert_eq!(contact.email(), Some("jane.doe@example.com"));
    /// assert!(OrderContact::from_json(b"[]").is_err());
    /// # Ok::<(), contacts_core::ReadError>(())
    /// ```
    ///
    /// # Errors
    /// Returns an error if the bytes are not a JSON object.
    pub fn from_json(json: &[u8]) -> Result<Self, ReadError> {
        read_error::object(json)
    }

    /// The first name.
    #[must_use]
    pub fn first_name(&self) -> Option<&str> {
        self.get(Field::FirstName)
    }

    /// The last name.
    #[must_use]
    pub fn last_name(&self) -> Option<&str> {
        self.get(Field::LastName)
    }

    /// The e-mail address.
    #[must_use]
    pub fn email(&self) -> Option<&str> {
        self.get(Field::Email)
    }

    /// The value of a field; `None` if it is absent, `null`, empty or not readable. The API cannot store
    /// an empty value.
    #[must_use]
    pub fn get(&self, field: Field) -> Option<&str> {
        match self.values.get(field.text_index()?)? {
            FieldValue::Text(text) => Some(text),
            FieldValue::Absent | FieldValue::NotReadable => None,
        }
    }

    /// The fields that have a value, in the order of the request body.
    pub fn fields(&self) -> impl Iterator<Item = (Field, &str)> {
        let value = |field| Some((field, self.get(field)?));
        READABLE.into_iter().filter_map(value)
    }

    /// Whether the value of a field, including its absence, is known. Never for `language_id`, nor for
    /// a value that was not a string in the response.
    ///
    /// ```
    /// use contacts_core::{Field, Order};
    ///
    /// let order = Order::from_json(br#"{"technical_contact": {"email": ["j@example.com"]}}"#)?;
    /// let contact = order.technical_contact.unwrap();
    /// assert_eq!((contact.email(), contact.is_readable(Field::Email)), (None, false));
    /// assert_eq!((contact.last_name(), contact.is_readable(Field::LastName)), (None, true));
    ///
    /// let order = Order::from_json(br#"{"technical_contact": "Jane Doe"}"#)?;
    /// assert!(!order.technical_contact.unwrap().is_readable(Field::Email));
    /// # Ok::<(), contacts_core::ReadError>(())
    /// ```
    #[must_use]
    pub fn is_readable(&self, field: Field) -> bool {
        let value = field.text_index().and_then(|index| self.values.get(index));
        value.is_some_and(|value| *value != FieldValue::NotReadable)
    }

    /// `None` for `null`, and for an empty array, which some servers write for an empty object.
    pub(crate) fn from_value(json: &Json) -> Option<Self> {
        if json.is_null() || json.as_array().is_some_and(Vec::is_empty) {
            return None;
        }
        let not_readable = json.get(NOT_READABLE).and_then(Json::as_array);
        let value = |field: Field| match json.get(field.as_str()) {
            _ if not_readable.is_some_and(|names| names.contains(&field.as_str().into())) => {
                FieldValue::NotReadable
            }
            Some(Json::String(text)) if !text.is_empty() => FieldValue::Text(text.as_str().into()),
            None | Some(Json::Null | Json::String(_)) if json.is_object() => FieldValue::Absent,
            _ => FieldValue::NotReadable,
        };
        Some(Self {
            values: READABLE.map(value),
        })
    }
}

impl fmt::Debug for OrderContact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let set: Vec<_> = self.fields().map(|(field, _)| field).collect();
        f.debug_struct("OrderContact").field("set", &set).finish()
    }
}

/// The member that lists the fields that are not readable.
const NOT_READABLE: &str = "not_readable";

/// Writes the fields that have a value, and the names of those that are not readable as
/// `not_readable`.
impl Serialize for OrderContact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (field, value) in self.fields() {
            map.serialize_entry(&field, value)?;
        }
        let mut not_readable = READABLE.to_vec();
        not_readable.retain(|field| !self.is_readable(*field));
        if !not_readable.is_empty() {
            map.serialize_entry(NOT_READABLE, &not_readable)?;
        }
        map.end()
    }
}

/// Reads both a response and what `Serialize` writes.
impl<'de> Deserialize<'de> for OrderContact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Json::deserialize(deserializer)?;
        Ok(Self::from_value(&json).unwrap_or_default())
    }
}
