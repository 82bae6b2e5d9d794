//! Walks through a value that was read, as serde asks for it.

use std::slice;

use pyo3::prelude::*;
use pyo3::types::PyString;
use serde::de::value::{BorrowedStrDeserializer, Error};
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::Node;
use super::unusable::{Unusable, Why};

/// What comes next.
#[derive(Clone)]
pub(crate) struct Reader<'a, 'py>(slice::Iter<'a, Node<'py>>);

/// The members of an object: names, and readers that stand before their values.
pub(crate) struct Members<'a, 'py> {
    rest: Reader<'a, 'py>,
    left: usize,
}

impl<'a, 'py> Reader<'a, 'py> {
    pub(super) fn new(nodes: &'a [Node<'py>]) -> Self {
        Self(nodes.iter())
    }

    /// `None` only where the value was not read to its end.
    pub(super) fn next(&mut self) -> Option<&'a Node<'py>> {
        self.0.next()
    }

    /// Goes past the next value.
    pub(super) fn skip(&mut self) {
        let mut left = 1_usize;
        while left > 0 {
            left -= 1;
            match self.next() {
                Some(Node::List(items)) => left += items,
                Some(Node::Map(members)) => left += 2 * members,
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

    /// The members, if an object comes next.
    pub(crate) fn members(&self) -> Option<Members<'a, 'py>> {
        let mut rest = self.clone();
        match rest.next() {
            Some(&Node::Map(left)) => Some(Members { rest, left }),
            _ => None,
        }
    }

    /// The text, if one of Unicode comes next.
    pub(crate) fn text(&self) -> Option<&'a str> {
        self.clone().next()?.as_str()
    }

    /// Whether nothing comes next, or an empty text, or the NaN that pandas has for nothing.
    pub(crate) fn is_empty(&self) -> bool {
        match self.clone().next() {
            Some(Node::Null) | None => true,
            Some(Node::Text(text)) => text.len().is_ok_and(|length| length == 0),
            Some(Node::Float(value)) => value.is_nan(),
            _ => false,
        }
    }

    /// Where the first text is that is no Unicode, in what comes next.
    pub(super) fn surrogate(mut self) -> Option<Unusable> {
        self.find_surrogate()
    }

    fn find_surrogate(&mut self) -> Option<Unusable> {
        match self.next()? {
            Node::Text(text) if text.to_str().is_err() => Some(Unusable::because(Why::Surrogate)),
            Node::List(items) => {
                let mut found = (0..*items)
                    .map(|index| Some(self.find_surrogate()?.under(&format!("[{index}]"))));
                found.find_map(|found| found)
            }
            Node::Map(members) => {
                for _ in 0..*members {
                    let Ok(name) = self.name()?.to_str() else {
                        return Some(Unusable::because(Why::Surrogate));
                    };
                    if let Some(found) = self.find_surrogate() {
                        return Some(found.under(name));
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
        self.left = self.left.checked_sub(1)?;
        let name = self.rest.name()?;
        let value = self.rest.clone();
        self.rest.skip();
        Some((name, value))
    }
}

pub(super) fn unicode<'a>(text: &'a Bound<'_, PyString>) -> Result<&'a str, Error> {
    text.to_str().map_err(|_| Error::custom("no Unicode"))
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
            Some(&Node::List(left)) => {
                let mut items = Parts { from: self, left };
                let taken = visitor.visit_seq(&mut items)?;
                items.skip_rest(1);
                Ok(taken)
            }
            Some(&Node::Map(left)) => {
                let mut members = Parts { from: self, left };
                let taken = visitor.visit_map(&mut members)?;
                members.skip_rest(2);
                Ok(taken)
            }
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.skip();
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier
    }
}

/// The items of a list or the members of an object that are still to come.
struct Parts<'r, 'a, 'py> {
    from: &'r mut Reader<'a, 'py>,
    left: usize,
}

impl Parts<'_, '_, '_> {
    fn skip_rest(&mut self, nodes: usize) {
        for _ in 0..self.left * nodes {
            self.from.skip();
        }
    }
}

impl<'a> SeqAccess<'a> for &mut Parts<'_, 'a, '_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'a>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        let Some(left) = self.left.checked_sub(1) else {
            return Ok(None);
        };
        self.left = left;
        seed.deserialize(&mut *self.from).map(Some)
    }
}

impl<'a> MapAccess<'a> for &mut Parts<'_, 'a, '_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'a>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        let Some(left) = self.left.checked_sub(1) else {
            return Ok(None);
        };
        self.left = left;
        let name = self.from.name().map_or(Ok(""), unicode)?;
        seed.deserialize(BorrowedStrDeserializer::new(name))
            .map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'a>>(&mut self, seed: V) -> Result<V::Value, Error> {
        seed.deserialize(&mut *self.from)
    }
}
