//! Python values as a serde format, in both directions, so that the other crates read and write them
//! by the same code as JSON.

mod deserializer;
mod error;

use std::borrow::Cow;

use contacts_core::Field;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyMapping, PyString, PyTuple};
use serde::{Deserialize, Serialize};

use crate::contact::Contact;
pub(crate) use deserializer::{Strings, ValueDeserializer};
pub(crate) use error::{ConversionError, Reason};

/// As Python dicts, lists and plain values.
pub(crate) fn to_python<'py>(
    py: Python<'py>,
    value: &impl Serialize,
) -> PyResult<Bound<'py, PyAny>> {
    Ok(pythonize::pythonize(py, value)?)
}

/// A dict of the fields of a contact.
pub(crate) fn dict<'py, 'a>(
    py: Python<'py>,
    fields: impl Iterator<Item = (Field, &'a str)>,
) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    for (field, value) in fields {
        dict.set_item(field.as_str(), value)?;
    }
    Ok(dict)
}

/// As compact JSON.
pub(crate) fn to_json(value: &impl Serialize) -> PyResult<Cow<'static, [u8]>> {
    let json = serde_json::to_vec(value);
    json.map(Cow::Owned)
        .map_err(|error| PyValueError::new_err(error.to_string()))
}

/// Raises `TypeError` for a type that JSON does not have, and `ValidationError` for a string that is
/// not valid Unicode.
pub(crate) fn deserialize<'de, 'py, T: Deserialize<'de>>(
    value: &Bound<'py, PyAny>,
    strings: &'de Strings<'py>,
) -> PyResult<T> {
    let deserialized = T::deserialize(ValueDeserializer::new(value, strings));
    deserialized.map_err(|error| error.into_exception(value.py()))
}

/// A member of a dict.
pub(crate) type Member<'py> = (Bound<'py, PyAny>, Bound<'py, PyAny>);

/// A Python value, by the types of JSON.
pub(crate) enum Value<'py> {
    Null,
    Bool(bool),
    Integer(u64),
    Float(f64),
    /// An integer that is negative or too large.
    OtherInteger,
    Text(Bound<'py, PyString>),
    /// A list or a tuple.
    List(Bound<'py, PyAny>),
    Dict(Vec<Member<'py>>),
}

impl<'py> Value<'py> {
    pub(crate) fn new(value: &Bound<'py, PyAny>) -> Result<Self, ConversionError> {
        Ok(if let Ok(text) = value.cast::<PyString>() {
            Self::Text(text.clone())
        } else if let Ok(dict) = value.cast::<PyDict>() {
            Self::members(dict)?
        } else if value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>() {
            Self::List(value.clone())
        } else if value.is_none() {
            Self::Null
        } else if let Ok(bool) = value.cast::<PyBool>() {
            Self::Bool(bool.is_true())
        } else if value.is_instance_of::<PyInt>() {
            value.extract().map_or(Self::OtherInteger, Self::Integer)
        } else if let Ok(float) = value.cast::<PyFloat>() {
            Self::Float(float.value())
        } else if let Ok(number) = value.extract() {
            // An integer of numpy.
            Self::Integer(number)
        } else if let Ok(contact) = value.cast::<Contact>() {
            Self::members(&contact.get().to_dict(value.py())?)?
        } else if let Ok(mapping) = value.cast::<PyMapping>() {
            let dict = value.py().get_type::<PyDict>().call1((mapping,))?;
            Self::members(&dict.cast_into()?)?
        } else {
            let found = value.get_type().name()?.to_string();
            if !matches!(found.as_str(), "NAType" | "NaTType") {
                return Err(ConversionError::new(Reason::Type(found)));
            }
            // The missing values of pandas.
            Self::Null
        })
    }

    /// Collects the members before other code can change the dict, on which pyo3 would panic.
    fn members(dict: &Bound<'py, PyDict>) -> PyResult<Self> {
        let copy = cfg!(Py_GIL_DISABLED).then(|| dict.copy()).transpose()?;
        Ok(Self::Dict(copy.as_ref().unwrap_or(dict).iter().collect()))
    }
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

/// A string of Python can contain lone surrogates.
#[inline]
pub(crate) fn unicode<'a>(text: &'a Bound<'_, PyString>) -> Result<&'a str, ConversionError> {
    let text = text.to_str();
    text.map_err(|_| ConversionError::new(Reason::Surrogate))
}
