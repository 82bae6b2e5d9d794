//! Python's dicts, lists and plain values as a serde format, so that `contacts-core` reads them by
//! the same code as JSON.

mod json;

use std::fmt::Write;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyMapping, PyString, PyTuple};
use serde::de::Error as _;
use serde::de::value::Error;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use crate::contact::Contact;
use crate::error;

/// A value, with the strings in it still Python's. What lies deeper than any update goes is not
/// looked at.
pub(crate) enum Value<'py> {
    Null,
    Bool(bool),
    Unsigned(u64),
    Number,
    Text(Bound<'py, PyString>),
    List(Vec<Self>),
    Map(Members<'py>),
}

pub(crate) type Members<'py> = Vec<(Bound<'py, PyString>, Value<'py>)>;

/// An update holds `contacts`, which holds contacts, which hold values.
const DEEPEST: usize = 3;

impl<'py> Value<'py> {
    /// `TypeError` for what JSON has no name for.
    pub(crate) fn new(value: &Bound<'py, PyAny>) -> PyResult<Self> {
        let py = value.py();
        Self::at(value, 0).map_err(|unusable| unusable.raise(py))
    }

    /// `ValidationError` for text that is no Unicode.
    pub(crate) fn read<'a, T: Deserialize<'a>>(&'a self, py: Python<'_>) -> PyResult<T> {
        T::deserialize(self).map_err(|_| {
            let found = self.surrogate();
            let unusable = found.unwrap_or_else(|| Unusable::because(Why::Surrogate));
            unusable.raise(py)
        })
    }

    /// The path of the first text that is no Unicode.
    pub(crate) fn lone_surrogate(&self) -> Option<String> {
        self.surrogate().map(|unusable| unusable.path())
    }

    /// Where the first text is that is no Unicode.
    fn surrogate(&self) -> Option<Unusable> {
        let is_wrong = |text: &Bound<'_, PyString>| text.to_str().is_err();
        match self {
            Self::Text(text) if is_wrong(text) => Some(Unusable::because(Why::Surrogate)),
            Self::List(list) => list
                .iter()
                .enumerate()
                .find_map(|(index, item)| Some(item.surrogate()?.under(&format!("[{index}]")))),
            Self::Map(map) => map.iter().find_map(|(name, value)| match name.to_str() {
                Ok(name) => Some(value.surrogate()?.under(name)),
                Err(_) => Some(Unusable::because(Why::Surrogate)),
            }),
            _ => None,
        }
    }

    fn at(value: &Bound<'py, PyAny>, depth: usize) -> Result<Self, Unusable> {
        Ok(if let Ok(text) = value.cast::<PyString>() {
            Self::Text(text.clone())
        } else if let Ok(dict) = value.cast::<PyDict>() {
            Self::Map(members(dict, depth)?)
        } else if let Ok(list) = value.cast::<PyList>() {
            Self::List(items(list.iter(), depth)?)
        } else if value.is_none() {
            Self::Null
        } else if let Ok(bool) = value.cast::<PyBool>() {
            Self::Bool(bool.is_true())
        } else if value.is_instance_of::<PyInt>() {
            value.extract().map_or(Self::Number, Self::Unsigned)
        } else if value.is_instance_of::<PyFloat>() {
            Self::Number
        } else if let Ok(tuple) = value.cast::<PyTuple>() {
            Self::List(items(tuple.iter(), depth)?)
        } else if let Ok(contact) = value.cast::<Contact>() {
            Self::Map(members(&contact.get().to_dict(value.py())?, depth)?)
        } else if let Ok(mapping) = value.cast::<PyMapping>() {
            let dict = value.py().get_type::<PyDict>().call1((mapping,))?;
            Self::Map(members(dict.cast()?, depth)?)
        } else {
            let found = value.get_type().name()?;
            return Err(Unusable::because(Why::Type(found.to_string())));
        })
    }
}

fn items<'py>(
    list: impl ExactSizeIterator<Item = Bound<'py, PyAny>>,
    depth: usize,
) -> Result<Vec<Value<'py>>, Unusable> {
    if depth >= DEEPEST {
        return Ok(Vec::new());
    }
    let value = |(index, item)| {
        Value::at(&item, depth + 1).map_err(|unusable| unusable.under(&format!("[{index}]")))
    };
    list.enumerate().map(value).collect()
}

fn members<'py>(dict: &Bound<'py, PyDict>, depth: usize) -> Result<Members<'py>, Unusable> {
    if depth >= DEEPEST {
        return Ok(Vec::new());
    }
    let mut members = Vec::with_capacity(dict.len());
    for (name, value) in dict.iter() {
        let Ok(name) = name.cast_into::<PyString>() else {
            return Err(Unusable::because(Why::Name));
        };
        match Value::at(&value, depth + 1) {
            Ok(value) => members.push((name, value)),
            Err(unusable) => return Err(unusable.under(name.to_str().unwrap_or_default())),
        }
    }
    Ok(members)
}

/// Something that can't be read, and where.
struct Unusable {
    path: Vec<String>,
    why: Why,
}

enum Why {
    /// A type that JSON does not have, by its name.
    Type(String),
    Name,
    Surrogate,
    Raised(PyErr),
}

impl Unusable {
    const fn because(why: Why) -> Self {
        Self {
            path: Vec::new(),
            why,
        }
    }

    fn under(mut self, name: &str) -> Self {
        self.path.push(name.to_owned());
        self
    }

    /// The names of members are shown only where they are the API's.
    fn path(&self) -> String {
        let mut path = String::new();
        for name in self.path.iter().rev() {
            let known = contacts_core::Field::parse(name).is_some()
                || contacts_core::ContactType::parse(name).is_some()
                || name == "contacts"
                || name.starts_with('[');
            let name = if known { name } else { "(name not shown)" };
            let dot = if path.is_empty() || name.starts_with('[') {
                ""
            } else {
                "."
            };
            let _ = write!(path, "{dot}{name}");
        }
        path
    }

    fn raise(self, py: Python<'_>) -> PyErr {
        let path = self.path();
        let colon = if path.is_empty() { "" } else { ": " };
        match self.why {
            Why::Raised(error) => error,
            Why::Surrogate => error::surrogate(py, &path),
            Why::Name => PyTypeError::new_err(format!("{path}{colon}a key must be a str")),
            Why::Type(found) => PyTypeError::new_err(format!(
                "{path}{colon}a str, int, dict or list is expected, not {found}"
            )),
        }
    }
}

impl From<PyErr> for Unusable {
    fn from(error: PyErr) -> Self {
        Self::because(Why::Raised(error))
    }
}

impl From<pyo3::CastError<'_, '_>> for Unusable {
    fn from(error: pyo3::CastError<'_, '_>) -> Self {
        PyErr::from(error).into()
    }
}

fn unicode<'a>(text: &'a Bound<'_, PyString>) -> Result<&'a str, Error> {
    text.to_str().map_err(|_| Error::custom("no Unicode"))
}

impl<'de> Deserializer<'de> for &'de Value<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Unsigned(value) => visitor.visit_u64(*value),
            Value::Number => visitor.visit_f64(0.0),
            Value::Text(text) => visitor.visit_borrowed_str(unicode(text)?),
            Value::List(list) => visitor.visit_seq(Items(list.iter())),
            Value::Map(map) => visitor.visit_map(Entries(map.iter(), None)),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier
    }
}

struct Items<'a, 'py>(std::slice::Iter<'a, Value<'py>>);

impl<'a> SeqAccess<'a> for Items<'a, '_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'a>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        self.0.next().map(|item| seed.deserialize(item)).transpose()
    }
}

struct Entries<'a, 'py>(
    std::slice::Iter<'a, (Bound<'py, PyString>, Value<'py>)>,
    Option<&'a Value<'py>>,
);

impl<'a> MapAccess<'a> for Entries<'a, '_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'a>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        let Some((name, value)) = self.0.next() else {
            return Ok(None);
        };
        self.1 = Some(value);
        seed.deserialize(Name(unicode(name)?)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'a>>(&mut self, seed: V) -> Result<V::Value, Error> {
        seed.deserialize(self.1.take().unwrap_or(&Value::Null))
    }
}

/// The name of a member.
struct Name<'a>(&'a str);

impl<'de> Deserializer<'de> for Name<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_borrowed_str(self.0)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit
        unit_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}
