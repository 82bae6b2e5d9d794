use pyo3::prelude::*;
use pyo3::types::dict::BoundDictIterator;
use pyo3::types::{PyIterator, PyString};
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::error::{ConversionError, Reason};
use super::{Value, integer, unicode};

/// An update contains `contacts`, which contains contacts, which contain values. Lists and dicts in
/// those are not read.
const MAX_DEPTH: usize = 3;

pub(crate) struct ValueDeserializer<'py> {
    value: Bound<'py, PyAny>,
    depth: usize,
    integral_floats: bool,
}

impl<'py> ValueDeserializer<'py> {
    pub(crate) fn new(value: &Bound<'py, PyAny>) -> Self {
        Self {
            value: value.clone(),
            depth: 0,
            integral_floats: false,
        }
    }

    /// Reads integral floats as integers.
    pub(crate) const fn with_integral_floats(mut self) -> Self {
        self.integral_floats = true;
        self
    }

    fn items<I>(&self, items: I) -> Items<I> {
        Items {
            rest: (self.depth < MAX_DEPTH).then_some(items),
            depth: self.depth + 1,
            integral_floats: self.integral_floats,
        }
    }
}

impl<'de> Deserializer<'de> for ValueDeserializer<'_> {
    type Error = ConversionError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ConversionError> {
        match Value::new(&self.value)? {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(value),
            Value::Integer(value) => visitor.visit_u64(value),
            Value::Float(value) => match integer(value).filter(|_| self.integral_floats) {
                Some(value) => visitor.visit_u64(value),
                None => visitor.visit_f64(value),
            },
            Value::OtherInteger => visitor.visit_i64(-1),
            Value::Text(text) => visitor.visit_str(unicode(&text)?),
            Value::List(list) => visitor.visit_seq(ListAccess {
                items: self.items(list.try_iter()?),
                index: 0,
            }),
            Value::Dict(dict) => visitor.visit_map(DictAccess {
                items: self.items(dict.iter()),
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
struct Items<I> {
    rest: Option<I>,
    depth: usize,
    integral_floats: bool,
}

impl<I: Iterator> Items<I> {
    fn next(&mut self) -> Option<I::Item> {
        self.rest.as_mut()?.next()
    }

    const fn deserializer<'py>(&self, value: Bound<'py, PyAny>) -> ValueDeserializer<'py> {
        ValueDeserializer {
            value,
            depth: self.depth,
            integral_floats: self.integral_floats,
        }
    }
}

struct ListAccess<'py> {
    items: Items<Bound<'py, PyIterator>>,
    index: usize,
}

impl<'de> SeqAccess<'de> for ListAccess<'_> {
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

struct DictAccess<'py> {
    items: Items<BoundDictIterator<'py>>,
    /// The member whose name was read.
    member: Option<(Bound<'py, PyString>, Bound<'py, PyAny>)>,
}

impl<'de> MapAccess<'de> for DictAccess<'_> {
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
        let key = seed.deserialize(self.items.deserializer(name.as_any().clone()))?;
        self.member = Some((name, value));
        Ok(Some(key))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(
        &mut self,
        seed: V,
    ) -> Result<V::Value, ConversionError> {
        let Some((name, value)) = self.member.take() else {
            return Err(serde::de::Error::custom("a value without a name"));
        };
        let value = seed.deserialize(self.items.deserializer(value));
        value.map_err(|error| error.within(name.to_str().unwrap_or_default()))
    }
}
