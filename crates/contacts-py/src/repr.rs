//! The text forms of objects, without values and with them.

use contacts_core::Field;
use pyo3::prelude::*;
use pyo3::types::PyString;

/// `<Contact with first_name, email>`: no values, since it ends up in logs and tracebacks.
pub(crate) fn names<'a>(class: &str, names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<_> = names.collect();
    if names.is_empty() {
        return format!("<{class} with nothing>");
    }
    format!("<{class} with {}>", names.join(", "))
}

/// `Contact('Jane', 'Doe', 'jane@example.com', job_title='SRE')`. The first `positional` values are
/// positional arguments.
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
