//! Python's dicts, lists and plain values as a serde format, so that `contacts-core` reads them by
//! the same code as JSON.

mod json;
mod reader;
mod unusable;

use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyMapping, PyString, PyTuple};
use serde::Deserialize;

use crate::contact::Contact;
pub(crate) use json::serialize_float;
pub(crate) use reader::Reader;
use unusable::{Unusable, Why};

/// A value, with the strings in it still Python's. What lies deeper than any update goes is not
/// looked at.
pub(crate) struct Value<'py>(Vec<Node<'py>>);

/// What lies in a list or an object follows it; a member is its name, which is a text, and its value.
pub(crate) enum Node<'py> {
    Null,
    Bool(bool),
    Unsigned(u64),
    Float(f64),
    /// Any other number.
    Number,
    Text(Bound<'py, PyString>),
    List(usize),
    Map(usize),
}

impl Node<'_> {
    fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => text.to_str().ok(),
            _ => None,
        }
    }
}

/// An update holds `contacts`, which holds contacts, which hold values.
const DEEPEST: usize = 3;

/// An update of two contacts with all fields is 33 nodes.
const USUAL: usize = 36;

impl<'py> Value<'py> {
    /// `TypeError` for what JSON has no name for.
    pub(crate) fn new(value: &Bound<'py, PyAny>) -> PyResult<Self> {
        let mut read = Self(Vec::with_capacity(USUAL));
        let done = read.push(value, 0, true);
        done.map_err(|unusable| unusable.raise(value.py()))?;
        Ok(read)
    }

    /// `ValidationError` for text that is no Unicode.
    pub(crate) fn read<'a, T: Deserialize<'a>>(&'a self, py: Python<'_>) -> PyResult<T> {
        T::deserialize(&mut Reader::new(&self.0)).map_err(|_| {
            let found = self.reader().surrogate();
            let unusable = found.unwrap_or_else(|| Unusable::because(Why::Surrogate));
            unusable.raise(py)
        })
    }

    pub(crate) fn reader(&self) -> Reader<'_, 'py> {
        Reader::new(&self.0)
    }

    /// The path of the first text that is no Unicode.
    pub(crate) fn lone_surrogate(&self) -> Option<String> {
        self.reader().surrogate().map(|unusable| unusable.path())
    }

    /// With `safe`, Python's code may run: no dict is being walked that it could change.
    fn push(
        &mut self,
        value: &Bound<'py, PyAny>,
        depth: usize,
        safe: bool,
    ) -> Result<(), Unusable> {
        let node = if let Ok(text) = value.cast::<PyString>() {
            Node::Text(text.clone())
        } else if let Ok(dict) = value.cast::<PyDict>() {
            return self.push_dict(dict, depth, safe);
        } else if let Ok(list) = value.cast::<PyList>() {
            return self.push_items(list.iter(), depth, safe);
        } else if value.is_none() {
            Node::Null
        } else if let Ok(bool) = value.cast::<PyBool>() {
            Node::Bool(bool.is_true())
        } else if value.is_instance_of::<PyInt>() {
            value.extract().map_or(Node::Number, Node::Unsigned)
        } else if let Ok(float) = value.cast::<PyFloat>() {
            Node::Float(float.value())
        } else if let Ok(tuple) = value.cast::<PyTuple>() {
            return self.push_items(tuple.iter(), depth, safe);
        } else if !safe {
            return Err(Unusable::because(Why::Unsafe));
        } else if let Ok(number) = value.extract() {
            // One of numpy's.
            Node::Unsigned(number)
        } else if let Ok(contact) = value.cast::<Contact>() {
            let dict = contact.get().to_dict(value.py())?;
            return self.push_dict(&dict, depth, safe);
        } else if let Ok(mapping) = value.cast::<PyMapping>() {
            let dict = value.py().get_type::<PyDict>().call1((mapping,))?;
            return self.push_dict(dict.cast()?, depth, safe);
        } else {
            let found = value.get_type().name()?.to_string();
            if !matches!(found.as_str(), "NAType" | "NaTType") {
                return Err(Unusable::because(Why::Type(found)));
            }
            // What pandas has for a value that is not there.
            Node::Null
        };
        self.0.push(node);
        Ok(())
    }

    fn push_items(
        &mut self,
        list: impl Iterator<Item = Bound<'py, PyAny>>,
        depth: usize,
        safe: bool,
    ) -> Result<(), Unusable> {
        let begin = self.0.len();
        self.0.push(Node::List(0));
        if depth >= DEEPEST {
            return Ok(());
        }
        let mut count = 0;
        for item in list {
            let done = self.push(&item, depth + 1, safe);
            done.map_err(|unusable| unusable.under(&format!("[{count}]")))?;
            count += 1;
        }
        self.0[begin] = Node::List(count);
        Ok(())
    }

    fn push_dict(
        &mut self,
        dict: &Bound<'py, PyDict>,
        depth: usize,
        safe: bool,
    ) -> Result<(), Unusable> {
        // A dict that changes while it is walked is a panic; a copy is nobody else's.
        if cfg!(Py_GIL_DISABLED) {
            return self.push_members(&dict.copy()?, depth, true);
        }
        let begin = self.0.len();
        match self.push_members(dict, depth, false) {
            Err(unusable) if safe && matches!(unusable.why, Why::Unsafe) => {
                self.0.truncate(begin);
                self.push_members(&dict.copy()?, depth, true)
            }
            done => done,
        }
    }

    fn push_members(
        &mut self,
        dict: &Bound<'py, PyDict>,
        depth: usize,
        safe: bool,
    ) -> Result<(), Unusable> {
        if depth >= DEEPEST {
            self.0.push(Node::Map(0));
            return Ok(());
        }
        self.0.push(Node::Map(dict.len()));
        for (name, value) in dict.iter() {
            let Ok(name) = name.cast_into::<PyString>() else {
                return Err(Unusable::because(Why::Name));
            };
            let at = self.0.len();
            self.0.push(Node::Text(name));
            let done = self.push(&value, depth + 1, safe);
            done.map_err(|unusable| unusable.under(self.0[at].as_str().unwrap_or_default()))?;
        }
        Ok(())
    }
}
