//! Python values as a serde format, in both directions, so that the other crates read and write them
//! by the same code as JSON.

mod error;
mod reader;

use std::borrow::Cow;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyMapping, PyString, PyTuple};
use serde::{Deserialize, Serialize};

use crate::contact::Contact;
use error::{ConversionError, Reason};
pub(crate) use reader::{Reader, unicode};

/// As Python dicts, lists and plain values.
pub(crate) fn to_python<'py>(
    py: Python<'py>,
    value: &impl Serialize,
) -> PyResult<Bound<'py, PyAny>> {
    Ok(pythonize::pythonize(py, value)?)
}

/// As compact JSON.
pub(crate) fn to_json(value: &impl Serialize) -> PyResult<Cow<'static, [u8]>> {
    let json = serde_json::to_vec(value);
    json.map(Cow::Owned)
        .map_err(|error| PyValueError::new_err(error.to_string()))
}

/// The integer that a float represents exactly, as pandas has it in a column with missing values.
pub(crate) fn integer(value: f64) -> Option<u64> {
    /// Above it, not every integer is a float.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "integral and in range"
    )]
    (value.fract() == 0.0 && (0.0..EXACT).contains(&value)).then_some(value as u64)
}

/// A Python value as a flat list of nodes, whose strings still belong to Python. Levels that are
/// deeper than those of an update are empty.
pub(crate) struct Value<'py>(Vec<Node<'py>>);

/// The items of a list or a map follow it. A member of a map is its name, a text, and its value.
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

/// An update contains `contacts`, which contains contacts, which contain values.
const MAX_DEPTH: usize = 3;

/// An update of two contacts with all fields has 33 nodes.
const CAPACITY: usize = 36;

impl<'py> Value<'py> {
    /// Raises `TypeError` for a type that JSON does not have.
    pub(crate) fn new(value: &Bound<'py, PyAny>) -> PyResult<Self> {
        let mut converted = Self(Vec::with_capacity(CAPACITY));
        let pushed = converted.push(value, 0, true);
        pushed.map_err(|error| error.into_exception(value.py()))?;
        Ok(converted)
    }

    /// The same, but with integral floats as integers.
    pub(crate) fn of_row(row: &Bound<'py, PyAny>) -> PyResult<Self> {
        let mut converted = Self::new(row)?;
        for node in &mut converted.0 {
            if let Node::Float(value) = node
                && let Some(value) = integer(*value)
            {
                *node = Node::Unsigned(value);
            }
        }
        Ok(converted)
    }

    /// Raises `ValidationError` for a string that is not valid Unicode.
    pub(crate) fn deserialize<'a, T: Deserialize<'a>>(&'a self, py: Python<'_>) -> PyResult<T> {
        T::deserialize(&mut Reader::new(&self.0)).map_err(|_| {
            let error = self.reader().surrogate();
            let error = error.unwrap_or_else(|| ConversionError::new(Reason::Surrogate));
            error.into_exception(py)
        })
    }

    pub(crate) fn reader(&self) -> Reader<'_, 'py> {
        Reader::new(&self.0)
    }

    /// The path of the first string that is not valid Unicode.
    pub(crate) fn lone_surrogate(&self) -> Option<String> {
        self.reader().surrogate().map(|error| error.path())
    }

    /// With `may_run_python`, no dict is being iterated that Python code could change.
    fn push(
        &mut self,
        value: &Bound<'py, PyAny>,
        depth: usize,
        may_run_python: bool,
    ) -> Result<(), ConversionError> {
        let node = if let Ok(text) = value.cast::<PyString>() {
            Node::Text(text.clone())
        } else if let Ok(dict) = value.cast::<PyDict>() {
            return self.push_dict(dict, depth, may_run_python);
        } else if let Ok(list) = value.cast::<PyList>() {
            return self.push_items(list.iter(), depth, may_run_python);
        } else if value.is_none() {
            Node::Null
        } else if let Ok(bool) = value.cast::<PyBool>() {
            Node::Bool(bool.is_true())
        } else if value.is_instance_of::<PyInt>() {
            value.extract().map_or(Node::Number, Node::Unsigned)
        } else if let Ok(float) = value.cast::<PyFloat>() {
            Node::Float(float.value())
        } else if let Ok(tuple) = value.cast::<PyTuple>() {
            return self.push_items(tuple.iter(), depth, may_run_python);
        } else if !may_run_python {
            return Err(ConversionError::new(Reason::RunsPython));
        } else if let Ok(number) = value.extract() {
            // An integer of numpy.
            Node::Unsigned(number)
        } else if let Ok(contact) = value.cast::<Contact>() {
            let dict = contact.get().to_dict(value.py())?;
            return self.push_dict(&dict, depth, may_run_python);
        } else if let Ok(mapping) = value.cast::<PyMapping>() {
            let dict = value.py().get_type::<PyDict>().call1((mapping,))?;
            return self.push_dict(dict.cast()?, depth, may_run_python);
        } else {
            let found = value.get_type().name()?.to_string();
            if !matches!(found.as_str(), "NAType" | "NaTType") {
                return Err(ConversionError::new(Reason::Type(found)));
            }
            // The missing values of pandas.
            Node::Null
        };
        self.0.push(node);
        Ok(())
    }

    fn push_items(
        &mut self,
        list: impl Iterator<Item = Bound<'py, PyAny>>,
        depth: usize,
        may_run_python: bool,
    ) -> Result<(), ConversionError> {
        let start = self.0.len();
        self.0.push(Node::List(0));
        if depth >= MAX_DEPTH {
            return Ok(());
        }
        let mut count = 0;
        for item in list {
            let pushed = self.push(&item, depth + 1, may_run_python);
            pushed.map_err(|error| error.within(&format!("[{count}]")))?;
            count += 1;
        }
        self.0[start] = Node::List(count);
        Ok(())
    }

    fn push_dict(
        &mut self,
        dict: &Bound<'py, PyDict>,
        depth: usize,
        may_run_python: bool,
    ) -> Result<(), ConversionError> {
        // pyo3 panics if a dict changes during its iteration; no other code has the copy.
        if cfg!(Py_GIL_DISABLED) {
            return self.push_members(&dict.copy()?, depth, true);
        }
        let start = self.0.len();
        match self.push_members(dict, depth, false) {
            Err(error) if may_run_python && matches!(error.reason, Reason::RunsPython) => {
                self.0.truncate(start);
                self.push_members(&dict.copy()?, depth, true)
            }
            result => result,
        }
    }

    fn push_members(
        &mut self,
        dict: &Bound<'py, PyDict>,
        depth: usize,
        may_run_python: bool,
    ) -> Result<(), ConversionError> {
        if depth >= MAX_DEPTH {
            self.0.push(Node::Map(0));
            return Ok(());
        }
        self.0.push(Node::Map(dict.len()));
        for (name, value) in dict.iter() {
            let Ok(name) = name.cast_into::<PyString>() else {
                return Err(ConversionError::new(Reason::KeyType));
            };
            let index = self.0.len();
            self.0.push(Node::Text(name));
            let pushed = self.push(&value, depth + 1, may_run_python);
            pushed.map_err(|error| error.within(self.0[index].as_str().unwrap_or_default()))?;
        }
        Ok(())
    }
}
