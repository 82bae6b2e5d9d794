//! Arguments that can have several types.

use contacts_core::{ContactType, OrderId, ReadError};
use pyo3::exceptions::{PyOverflowError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::{PyBool, PyMapping, PyString};

use crate::error;
use crate::order_contact::OrderContact;

/// An order id from an `int` or a `str`.
pub(crate) fn order_id(value: &Bound<'_, PyAny>) -> PyResult<OrderId> {
    // Also for a subclass of `str`, which may override `__str__`.
    let parsed = if let Ok(text) = value.cast::<PyString>() {
        OrderId::parse(&text.to_cow().unwrap_or_default())
    } else if let Some(id) = integer(value) {
        OrderId::try_from(id)
    } else {
        return Err(wrong_type("order_id", "an int or a str", value));
    };
    parsed.map_err(|violation| {
        error::validation(
            value.py(),
            &violation.to_string(),
            std::slice::from_ref(&violation),
        )
    })
}

/// An integer of Python or numpy; 0, which is not an order id, if it is out of range.
fn integer(value: &Bound<'_, PyAny>) -> Option<u64> {
    if value.cast::<PyBool>().is_ok() {
        return None;
    }
    match value.extract::<u64>() {
        Ok(id) => Some(id),
        Err(error) if error.is_instance_of::<PyTypeError>(value.py()) => None,
        Err(_) => Some(0),
    }
}

/// An integer that is `min` or more.
pub(crate) fn count(name: &str, value: &Bound<'_, PyAny>, min: usize) -> PyResult<usize> {
    match value.extract::<usize>() {
        _ if value.is_instance_of::<PyBool>() => Err(wrong_type(name, "an int", value)),
        Ok(count) if count >= min => Ok(count),
        Err(error) if error.is_instance_of::<PyTypeError>(value.py()) => {
            Err(wrong_type(name, "an int", value))
        }
        // Too large for a `usize`.
        Err(_) if value.gt(0)? => Ok(usize::MAX),
        _ => Err(PyValueError::new_err(format!(
            "{name} must be {min} or more"
        ))),
    }
}

/// A number of seconds, infinite if it is out of range.
pub(crate) fn seconds(name: &str, value: &Bound<'_, PyAny>) -> PyResult<f64> {
    match value.extract() {
        Ok(seconds) if !value.is_instance_of::<PyBool>() => Ok(seconds),
        Err(error) if error.is_instance_of::<PyOverflowError>(value.py()) => Ok(f64::INFINITY),
        _ => Err(wrong_type(name, "a number of seconds", value)),
    }
}

fn wrong_type(name: &str, expected: &str, value: &Bound<'_, PyAny>) -> PyErr {
    match value.get_type().name() {
        Ok(found) => PyTypeError::new_err(format!("{name} must be {expected}, not {found}")),
        Err(error) => error,
    }
}

/// A contact type from its name or from a member of `ContactType`.
pub(crate) fn contact_type(name: &str) -> PyResult<ContactType> {
    ContactType::parse(name).map_err(|_| {
        PyValueError::new_err("contact_type must be 'organization_contact' or 'technical_contact'")
    })
}

/// A mapping, or a `TypeError` that starts with `expected`.
pub(crate) fn mapping<'a, 'py>(
    expected: &str,
    value: &'a Bound<'py, PyAny>,
) -> PyResult<&'a Bound<'py, PyAny>> {
    if value.cast::<PyMapping>().is_ok() {
        return Ok(value);
    }
    let found = value.get_type().name()?;
    let hint = if value.is_instance_of::<OrderContact>() {
        "; use its to_contact()"
    } else {
        ""
    };
    let message = format!("{expected}, not {found}{hint}");
    Err(PyTypeError::new_err(message))
}

/// The text of a field. Python's error for a lone surrogate would contain the value.
pub(crate) fn text<'a>(name: &str, value: &'a Bound<'_, PyAny>) -> PyResult<&'a str> {
    let Ok(text) = value.cast::<PyString>() else {
        return Err(wrong_type(name, "a str", value));
    };
    text.to_str()
        .map_err(|_| error::surrogate(value.py(), name))
}

/// Parses JSON from `str`, `bytes` or `bytearray`.
pub(crate) fn parse<T>(
    text: &Bound<'_, PyAny>,
    parse: impl FnOnce(&[u8]) -> Result<T, ReadError>,
) -> PyResult<T> {
    parse(&json(text)?).map_err(|e| error::read_error(text.py(), &e))
}

fn json(json: &Bound<'_, PyAny>) -> PyResult<PyBackedBytes> {
    let py = json.py();
    if let Ok(text) = json.cast::<PyString>() {
        let bytes = text.encode_utf8().map_err(|_| error::surrogate(py, ""));
        return bytes.map(PyBackedBytes::from);
    }
    json.extract().or_else(|_| {
        let found = json.get_type().name()?;
        let message = format!("JSON must be str, bytes or bytearray, not {found}");
        Err(PyTypeError::new_err(message))
    })
}
