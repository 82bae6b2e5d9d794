//! Arguments that may be of several types.

use contacts_core::{ContactType, OrderId};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyInt, PyString};

use crate::error;

/// An order id from an `int` or a `str`.
pub(crate) fn order_id(value: &Bound<'_, PyAny>) -> PyResult<OrderId> {
    // Of a subclass too, the value counts and not what it says it is.
    let parsed = if let Ok(text) = value.cast::<PyString>() {
        OrderId::parse(&text.to_cow().unwrap_or_default())
    } else if value.cast::<PyInt>().is_ok() && value.cast::<PyBool>().is_err() {
        // 0 is no order id, and neither is what does not fit.
        OrderId::try_from(value.extract::<u64>().unwrap_or_default())
    } else {
        let found = value.get_type().name()?;
        let message = format!("order_id must be an int or a str, not {found}");
        return Err(PyTypeError::new_err(message));
    };
    parsed.map_err(|violation| {
        error::validation(
            value.py(),
            &violation.to_string(),
            std::slice::from_ref(&violation),
        )
    })
}

/// A contact type from its name, which a member of `ContactType` is as well.
pub(crate) fn contact_type(name: &str) -> PyResult<ContactType> {
    ContactType::parse(name).ok_or_else(|| {
        PyValueError::new_err("contact_type must be 'organization_contact' or 'technical_contact'")
    })
}
