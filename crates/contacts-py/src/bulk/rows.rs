//! Rows of Python objects.

use contacts_bulk::Input;
use contacts_bulk::input::{Cell, FlatRow, InputBuilder, NestedRow, Position, Row};
use contacts_core::{ContactType, JsonType};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

use crate::error;
use crate::value::{Node, Reader, Value, unicode};

pub(crate) fn read(rows: &Bound<'_, PyAny>) -> PyResult<Input> {
    let py = rows.py();
    let mut builder = InputBuilder::default();
    for (index, row) in rows.try_iter()?.enumerate() {
        let value = Value::of_row(&row?).map_err(|error| with_index(py, index, error))?;
        let Ok(row) = convert(&value, index) else {
            let path = value.lone_surrogate().unwrap_or_default();
            return Err(error::row_surrogate(py, index, &path));
        };
        builder.push(row);
    }
    builder
        .build()
        .map_err(|problems| error::input(py, None, &problems))
}

/// Adds the index of the row to a `TypeError` of its conversion.
fn with_index(py: Python<'_>, index: usize, error: PyErr) -> PyErr {
    if !error.is_instance_of::<PyTypeError>(py) {
        return error;
    }
    PyTypeError::new_err(format!("rows[{index}]: {}", error.value(py)))
}

/// Fails only for a string that is not valid Unicode.
fn convert<'a>(value: &'a Value<'_>, index: usize) -> Result<Row<'a>, serde::de::value::Error> {
    let position = Position::Row(index as u64);
    let mut reader = value.reader();
    let Some(members) = reader.members().filter(|_| is_flat(&reader)) else {
        return NestedRow::deserialize(position, &mut reader).map(Row::Nested);
    };
    let mut row = FlatRow::new(position);
    for (name, value) in members {
        let (name, cell) = (unicode(name)?, cell(&value)?);
        // As in CSV, where every row has all columns.
        if cell != Cell::Empty {
            row.set(name, cell);
        }
    }
    Ok(Row::Flat(row))
}

/// Whether the fields of the contact are members of the row, as in a row of a CSV file.
fn is_flat(row: &Reader<'_, '_>) -> bool {
    let is_nested = |name: &str| name == "contacts" || ContactType::parse(name).is_ok();
    let mut names = row.members().into_iter().flatten().map(|(name, _)| name);
    !names.any(|name| name.to_str().is_ok_and(is_nested))
}

fn cell<'a>(value: &Reader<'a, '_>) -> Result<Cell<'a>, serde::de::value::Error> {
    Ok(match value.node() {
        Some(Node::Text(text)) => Cell::text(unicode(text)?),
        Some(Node::Unsigned(number)) => Cell::Integer(*number),
        Some(Node::Float(number)) if number.is_nan() => Cell::Empty,
        Some(Node::Float(_) | Node::Number) => Cell::WrongType(JsonType::Number),
        Some(Node::Bool(_)) => Cell::WrongType(JsonType::Boolean),
        Some(Node::List(_)) => Cell::WrongType(JsonType::Array),
        Some(Node::Map(_)) => Cell::WrongType(JsonType::Object),
        Some(Node::Null) | None => Cell::Empty,
    })
}
