use std::vec;

use pyo3::prelude::*;
use pyo3::types::{PyIterator, PyString};
use serde::de::value::StrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;
use typed_arena::Arena;

use super::error::{ConversionError, Reason};
use super::{Member, Value, integer, unicode};

/// An update contains `contacts`, which contains contacts, which contain values. Lists and dicts in
/// those are not read.
const MAX_DEPTH: usize = 3;

/// The strings of the values that were read, which are borrowed from Python without a copy.
pub(crate) type Strings<'py> = Arena<Bound<'py, PyString>>;

pub(crate) struct ValueDeserializer<'a, 'py> {
    value: Bound<'py, PyAny>,
    context: Context<'a, 'py>,
}

#[derive(Clone, Copy)]
struct Context<'a, 'py> {
    strings: &'a Strings<'py>,
    depth: usize,
    integral_floats: bool,
}

impl<'a, 'py> ValueDeserializer<'a, 'py> {
    pub(crate) fn new(value: &Bound<'py, PyAny>, strings: &'a Strings<'py>) -> Self {
        Self {
            value: value.clone(),
            context: Context {
                strings,
                depth: 0,
                integral_floats: false,
            },
        }
    }

    /// Reads integral floats as integers.
    pub(crate) const fn with_integral_floats(mut self) -> Self {
        self.context.integral_floats = true;
        self
    }
}

impl<'de> Deserializer<'de> for ValueDeserializer<'de, '_> {
    type Error = ConversionError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ConversionError> {
        let (strings, context) = (self.context.strings, self.context);
        // The most frequent type, without another reference.
        let value = match self.value.cast_into::<PyString>() {
            Ok(text) => return visitor.visit_borrowed_str(unicode(strings.alloc(text))?),
            Err(error) => error.into_inner(),
        };
        match Value::new(&value)? {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(value),
            Value::Integer(value) => visitor.visit_u64(value),
            Value::Float(value) => match integer(value).filter(|_| context.integral_floats) {
                Some(value) => visitor.visit_u64(value),
                None => visitor.visit_f64(value),
            },
            Value::OtherInteger => visitor.visit_i64(-1),
            Value::Text(text) => visitor.visit_borrowed_str(unicode(strings.alloc(text))?),
            Value::List(list) => visitor.visit_seq(ListAccess {
                items: Items::new(list.try_iter()?, context),
                index: 0,
            }),
            Value::Dict(members) => visitor.visit_map(DictAccess {
                items: Items::new(members.into_iter(), context),
                member: None,
            }),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, ConversionError> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit
        unit_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// The remaining items of a list or members of a dict.
struct Items<'a, 'py, I> {
    rest: Option<I>,
    context: Context<'a, 'py>,
}

impl<'a, 'py, I: Iterator> Items<'a, 'py, I> {
    fn new(items: I, mut context: Context<'a, 'py>) -> Self {
        let rest = (context.depth < MAX_DEPTH).then_some(items);
        context.depth += 1;
        Self { rest, context }
    }

    fn next(&mut self) -> Option<I::Item> {
        self.rest.as_mut()?.next()
    }

    const fn deserializer(&self, value: Bound<'py, PyAny>) -> ValueDeserializer<'a, 'py> {
        ValueDeserializer {
            value,
            context: self.context,
        }
    }
}

struct ListAccess<'a, 'py> {
    items: Items<'a, 'py, Bound<'py, PyIterator>>,
    index: usize,
}

impl<'de> SeqAccess<'de> for ListAccess<'de, '_> {
    type Error = ConversionError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, ConversionError> {
        let Some(item) = self.items.next().transpose()? else {
            return Ok(None);
        };
        let value = seed.deserialize(self.items.deserializer(item));
        let value = value.map_err(|error| error.within(&format!("[{}]", self.index)))?;
        self.index += 1;
        Ok(Some(value))
    }
}

struct DictAccess<'a, 'py> {
    items: Items<'a, 'py, vec::IntoIter<Member<'py>>>,
    /// The member whose name was read.
    member: Option<(Bound<'py, PyString>, Bound<'py, PyAny>)>,
}

impl<'de> MapAccess<'de> for DictAccess<'de, '_> {
    type Error = ConversionError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, ConversionError> {
        let Some((name, value)) = self.items.next() else {
            return Ok(None);
        };
        let Ok(name) = name.cast_into::<PyString>() else {
            return Err(ConversionError::new(Reason::KeyType));
        };
        let (name, _) = self.member.insert((name, value));
        let name = seed.deserialize(StrDeserializer::new(unicode(name)?));
        name.map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(
        &mut self,
        seed: V,
    ) -> Result<V::Value, ConversionError> {
        let Some((name, value)) = self.member.take() else {
            return Err(serde::de::Error::custom("a value without a name"));
        };
        let value = seed.deserialize(self.items.deserializer(value));
        value.map_err(|error| error.within(unicode(&name).unwrap_or_default()))
    }
}
