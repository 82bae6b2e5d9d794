use std::fmt;

use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value as Json;

use crate::field::Field;
use crate::read_error::{self, ReadError};

/// A contact as an order shows it. `language_id` has never been seen in an answer, so there is no
/// place for it here.
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
#[derive(Clone, Default, PartialEq, Eq)]
pub struct OrderContact {
    /// In the order of [`READ`].
    values: [Value; 5],
}

#[derive(Clone, Default, PartialEq, Eq)]
enum Value {
    #[default]
    Nothing,
    Text(Box<str>),
    NotReadable,
}

/// The fields that an order shows: the first of [`Field::TEXT`].
const READ: [Field; 5] = [
    Field::FirstName,
    Field::LastName,
    Field::Email,
    Field::JobTitle,
    Field::Telephone,
];

impl OrderContact {
    /// Reads a contact as it stands in an answer. What is not known, or is of another type, is passed
    /// over.
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
    /// [`ReadError`] where it is not JSON or not an object.
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

    /// The value of a field. Absent, `null` and empty are the same: the API has no way to store
    /// an empty value that differs from none. Always `None` for `language_id`, which can't be read.
    #[must_use]
    pub fn get(&self, field: Field) -> Option<&str> {
        match self.values.get(field.slot()) {
            Some(Value::Text(text)) if field != Field::ContactType => Some(text),
            _ => None,
        }
    }

    /// Whether it can be told which value a field has, none included: not of `language_id`, and not
    /// where the answer held something else than a text.
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
        match self.values.get(field.slot()) {
            Some(value) => field != Field::ContactType && *value != Value::NotReadable,
            None => false,
        }
    }

    /// `None` of `null`, and of an empty array, as which some servers write an empty object. Of what
    /// [`Serialize`] writes, the same again.
    pub(crate) fn of(json: &Json) -> Option<Self> {
        let unreadable = json.get(NOT_READABLE).and_then(Json::as_array);
        let is_unreadable = |field: Field| {
            unreadable.is_some_and(|names| names.iter().any(|name| name == field.as_str()))
        };
        let value = |field: Field| match json.get(field.as_str()) {
            _ if is_unreadable(field) => Value::NotReadable,
            Some(Json::String(text)) if !text.is_empty() => Value::Text(text.as_str().into()),
            None | Some(Json::Null | Json::String(_)) if json.is_object() => Value::Nothing,
            _ => Value::NotReadable,
        };
        let none = json.is_null() || json.as_array().is_some_and(Vec::is_empty);
        (!none).then(|| Self {
            values: READ.map(value),
        })
    }
}

impl fmt::Debug for OrderContact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let set: Vec<_> = Field::TEXT
            .into_iter()
            .filter(|f| self.get(*f).is_some())
            .collect();
        f.debug_struct("OrderContact").field("set", &set).finish()
    }
}

/// The member that names the fields which can't be read.
const NOT_READABLE: &str = "not_readable";

/// The fields that have a value; where some can't be read, their names as `not_readable`.
impl Serialize for OrderContact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for field in READ {
            if let Some(value) = self.get(field) {
                map.serialize_entry(field.as_str(), value)?;
            }
        }
        let unreadable = READ.into_iter().filter(|field| !self.is_readable(*field));
        let unreadable: Vec<_> = unreadable.map(Field::as_str).collect();
        if !unreadable.is_empty() {
            map.serialize_entry(NOT_READABLE, &unreadable)?;
        }
        map.end()
    }
}

/// Also what [`Serialize`] writes.
impl<'de> Deserialize<'de> for OrderContact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Json::deserialize(deserializer)?;
        Ok(Self::of(&json).unwrap_or_default())
    }
}
