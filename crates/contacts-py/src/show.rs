//! How objects show themselves: without values, or with them for who asks.

use contacts_core::Field;
use pyo3::prelude::*;
use pyo3::types::PyString;

/// `<Contact with first_name, email>`
pub(crate) fn names<'a>(class: &str, set: impl Iterator<Item = &'a str>) -> String {
    let set: Vec<_> = set.collect();
    if set.is_empty() {
        return format!("<{class} with nothing>");
    }
    format!("<{class} with {}>", set.join(", "))
}

/// `Contact('Jane', 'Doe', 'jane@example.com', job_title='SRE')`, with so many values by position.
pub(crate) fn call<'a>(
    py: Python<'_>,
    class: &str,
    positional: usize,
    values: impl Iterator<Item = (Field, &'a str)>,
) -> PyResult<String> {
    let mut arguments = Vec::new();
    for (index, (field, value)) in values.enumerate() {
        let quoted = PyString::new(py, value).repr()?;
        arguments.push(if index < positional {
            quoted.to_string()
        } else {
            format!("{field}={quoted}")
        });
    }
    Ok(format!("{class}({})", arguments.join(", ")))
}
