//! Deserializes a value.

use std::slice;

use pyo3::prelude::*;
use pyo3::types::PyString;
use serde::de::value::Error;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::Node;
use super::error::{ConversionError, Reason};

/// A cursor in front of a value.
#[derive(Clone)]
pub(crate) struct Reader<'a, 'py>(slice::Iter<'a, Node<'py>>);

/// The members of a map: names, and readers of the values.
pub(crate) struct Members<'a, 'py> {
    rest: Reader<'a, 'py>,
    remaining: usize,
}

impl<'a, 'py> Reader<'a, 'py> {
    pub(super) fn new(nodes: &'a [Node<'py>]) -> Self {
        Self(nodes.iter())
    }

    /// `None` if the value is incomplete.
    pub(super) fn next(&mut self) -> Option<&'a Node<'py>> {
        self.0.next()
    }

    /// Skips the value.
    pub(super) fn skip(&mut self) {
        let mut remaining = 1_usize;
        while remaining > 0 {
            remaining -= 1;
            match self.next() {
                Some(Node::List(items)) => remaining += items,
                Some(Node::Map(members)) => remaining += 2 * members,
                Some(_) => {}
                None => return,
            }
        }
    }

    fn name(&mut self) -> Option<&'a Bound<'py, PyString>> {
        match self.next() {
            Some(Node::Text(name)) => Some(name),
            _ => None,
        }
    }

    /// The members, if the value is a map.
    pub(crate) fn members(&self) -> Option<Members<'a, 'py>> {
        let mut rest = self.clone();
        match rest.next() {
            Some(&Node::Map(remaining)) => Some(Members { rest, remaining }),
            _ => None,
        }
    }

    pub(crate) fn node(&self) -> Option<&'a Node<'py>> {
        self.0.as_slice().first()
    }

    /// The first string in the value that is not valid Unicode.
    pub(super) fn surrogate(mut self) -> Option<ConversionError> {
        self.find_surrogate()
    }

    fn find_surrogate(&mut self) -> Option<ConversionError> {
        match self.next()? {
            Node::Text(text) if text.to_str().is_err() => {
                Some(ConversionError::new(Reason::Surrogate))
            }
            Node::List(items) => {
                let mut found = (0..*items)
                    .map(|index| Some(self.find_surrogate()?.within(&format!("[{index}]"))));
                found.find_map(|found| found)
            }
            Node::Map(members) => {
                for _ in 0..*members {
                    let Ok(name) = self.name()?.to_str() else {
                        return Some(ConversionError::new(Reason::Surrogate));
                    };
                    if let Some(found) = self.find_surrogate() {
                        return Some(found.within(name));
                    }
                }
                None
            }
            _ => None,
        }
    }
}

impl<'a, 'py> Iterator for Members<'a, 'py> {
    type Item = (&'a Bound<'py, PyString>, Reader<'a, 'py>);

    fn next(&mut self) -> Option<Self::Item> {
        self.remaining = self.remaining.checked_sub(1)?;
        let name = self.rest.name()?;
        let value = self.rest.clone();
        self.rest.skip();
        Some((name, value))
    }
}

pub(crate) fn unicode<'a>(text: &'a Bound<'_, PyString>) -> Result<&'a str, Error> {
    text.to_str()
        .map_err(|_| Error::custom("not valid Unicode"))
}

impl<'de> Deserializer<'de> for &mut Reader<'de, '_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.next() {
            Some(Node::Null) | None => visitor.visit_unit(),
            Some(Node::Bool(value)) => visitor.visit_bool(*value),
            Some(Node::Unsigned(value)) => visitor.visit_u64(*value),
            Some(Node::Float(_) | Node::Number) => visitor.visit_f64(0.0),
            Some(Node::Text(text)) => visitor.visit_borrowed_str(unicode(text)?),
            Some(&Node::List(remaining)) => {
                let mut items = Access {
                    reader: self,
                    remaining,
                };
                let value = visitor.visit_seq(&mut items)?;
                items.skip_rest(1);
                Ok(value)
            }
            Some(&Node::Map(remaining)) => {
                let mut members = Access {
                    reader: self,
                    remaining,
                };
                let value = visitor.visit_map(&mut members)?;
                members.skip_rest(2);
                Ok(value)
            }
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.skip();
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit
        unit_struct seq tuple tuple_struct map struct enum identifier
    }
}

/// The remaining items of a list or members of a map.
struct Access<'r, 'a, 'py> {
    reader: &'r mut Reader<'a, 'py>,
    remaining: usize,
}

impl Access<'_, '_, '_> {
    fn skip_rest(&mut self, nodes: usize) {
        for _ in 0..self.remaining * nodes {
            self.reader.skip();
        }
    }
}

impl<'a> SeqAccess<'a> for &mut Access<'_, 'a, '_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'a>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        let Some(remaining) = self.remaining.checked_sub(1) else {
            return Ok(None);
        };
        self.remaining = remaining;
        seed.deserialize(&mut *self.reader).map(Some)
    }
}

impl<'a> MapAccess<'a> for &mut Access<'_, 'a, '_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'a>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        let Some(remaining) = self.remaining.checked_sub(1) else {
            return Ok(None);
        };
        self.remaining = remaining;
        seed.deserialize(&mut *self.reader).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'a>>(&mut self, seed: V) -> Result<V::Value, Error> {
        seed.deserialize(&mut *self.reader)
    }
}
