//! JSON values of any type.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::rule::{JsonType, Rule};

/// A JSON value of any type, without the members of an array or object.
#[derive(Clone)]
#[non_exhaustive]
pub enum JsonValue<'a> {
    /// A string.
    String(Cow<'a, str>),
    /// An integer from 0 to `u64::MAX`.
    Integer(u64),
    /// Any other value; only its type is known.
    Other(JsonType),
}

/// Shows the type, but no value.
impl fmt::Debug for JsonValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "JsonValue({})", self.json_type())
    }
}

impl JsonValue<'_> {
    /// The rule that a value breaks if it should have another type.
    pub(crate) const fn wrong_type(&self, expected: JsonType) -> Rule {
        let found = self.json_type();
        Rule::WrongType { expected, found }
    }

    /// The type of the value.
    #[must_use]
    pub const fn json_type(&self) -> JsonType {
        match self {
            Self::String(_) => JsonType::String,
            Self::Integer(_) => JsonType::Number,
            Self::Other(json_type) => *json_type,
        }
    }

    /// The text, if it is a string.
    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    pub(super) const fn is_array(&self) -> bool {
        matches!(self, Self::Other(JsonType::Array))
    }

    pub(super) const fn is_object(&self) -> bool {
        matches!(self, Self::Other(JsonType::Object))
    }
}

/// Skips the members of an array or object.
impl<'de> Deserialize<'de> for JsonValue<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        AnyValue(SkipMembers).deserialize(deserializer)
    }
}

/// Reads the members of a value that is an array or object; by default, skips them.
pub(super) trait MemberReader<'de>: Sized {
    fn array<A: SeqAccess<'de>>(self, array: A) -> Result<(), A::Error> {
        IgnoredAny.visit_seq(array).map(drop)
    }

    fn object<A: MapAccess<'de>>(self, object: A) -> Result<(), A::Error> {
        IgnoredAny.visit_map(object).map(drop)
    }
}

struct SkipMembers;

impl MemberReader<'_> for SkipMembers {}

/// Accepts a value of any type and passes its members to a [`MemberReader`].
pub(super) struct AnyValue<R>(pub(super) R);

impl<'de, R: MemberReader<'de>> DeserializeSeed<'de> for AnyValue<R> {
    type Value = JsonValue<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, R: MemberReader<'de>> Visitor<'de> for AnyValue<R> {
    type Value = JsonValue<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(JsonValue::String(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(JsonValue::String(Cow::Owned(text.to_owned())))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(JsonValue::Integer(number))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(JsonValue::Other(JsonType::Number))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(JsonValue::Other(JsonType::Number))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(JsonValue::Other(JsonType::Boolean))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(JsonValue::Other(JsonType::Null))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, array: A) -> Result<Self::Value, A::Error> {
        self.0.array(array)?;
        Ok(JsonValue::Other(JsonType::Array))
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Self::Value, A::Error> {
        self.0.object(object)?;
        Ok(JsonValue::Other(JsonType::Object))
    }
}

/// Converts the name of a member without a copy.
pub(super) struct MemberName<F>(pub(super) F);

impl<'de, T, F: FnOnce(&str) -> T> DeserializeSeed<'de> for MemberName<F> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<T, F: FnOnce(&str) -> T> Visitor<'_> for MemberName<F> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a member")
    }

    fn visit_str<E>(self, name: &str) -> Result<T, E> {
        Ok((self.0)(name))
    }
}
