//! A JSON value of any type, handed to what takes it.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::rule::JsonType;

/// What to do with a value, whatever its type. Arrays and objects that nobody asked for are
/// skipped.
pub(super) trait Taker<'de>: Sized {
    fn wrong(self, found: JsonType);

    fn text(self, _: Cow<'de, str>) {
        self.wrong(JsonType::String);
    }

    fn integer(self, _: u64) {
        self.wrong(JsonType::Number);
    }

    fn array<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        self.wrong(JsonType::Array);
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn object<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        self.wrong(JsonType::Object);
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(())
    }
}

/// Hands any JSON value to a taker.
pub(super) struct Any<T>(pub(super) T);

impl<'de, T: Taker<'de>> DeserializeSeed<'de> for Any<T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: Taker<'de>> Visitor<'de> for Any<T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<(), E> {
        self.0.text(Cow::Borrowed(text));
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.0.text(Cow::Owned(text.to_owned()));
        Ok(())
    }

    fn visit_u64<E>(self, number: u64) -> Result<(), E> {
        self.0.integer(number);
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        self.0.wrong(JsonType::Number);
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        self.0.wrong(JsonType::Number);
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        self.0.wrong(JsonType::Boolean);
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.0.wrong(JsonType::Null);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<(), A::Error> {
        self.0.array(list)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        self.0.object(map)
    }
}
