//! Rows of Python objects.

use contacts_bulk::Input;
use contacts_bulk::input::{Cell, FlatRow, InputBuilder, NestedRow, Position, ReadOptions, Row};
use contacts_core::{ContactType, JsonType};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::value::{
    ConversionError, Member, Reason, Strings, Value, ValueDeserializer, integer, unicode,
};
use crate::{call, error};

/// After how many rows other threads can run, such as an event loop.
const ROWS_ATTACHED: usize = 1000;

pub(crate) fn read(rows: &Bound<'_, PyAny>, options: &ReadOptions) -> PyResult<Input> {
    let py = rows.py();
    let mut builder = InputBuilder::new(options);
    for (index, row) in rows.try_iter()?.enumerate() {
        let strings = Strings::new();
        let row =
            convert(&row?, index, options, &strings).map_err(|error| match error.reason() {
                Reason::Surrogate => error::row_surrogate(py, index, &error.path()),
                Reason::Type(found) if error.path().is_empty() => {
                    PyTypeError::new_err(format!("rows[{index}] must be a dict, not {found}"))
                }
                _ => with_index(py, index, error.into_exception(py)),
            })?;
        builder.push(row);
        if (index + 1) % ROWS_ATTACHED == 0 {
            call::detached(py, || (), |()| ());
        }
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

fn convert<'a, 'py>(
    row: &Bound<'py, PyAny>,
    index: usize,
    options: &ReadOptions,
    strings: &'a Strings<'py>,
) -> Result<Row<'a>, ConversionError> {
    let position = Position::Row(index as u64);
    match Value::new(row)? {
        Value::Dict(members) if is_flat(&members) => {
            flat_row(members, position, options).map(Row::Flat)
        }
        _ => {
            let value = ValueDeserializer::new(row, strings).with_integral_floats();
            NestedRow::deserialize(position, value).map(Row::Nested)
        }
    }
}

/// Whether the fields of the contact are members of the row, as in a row of a CSV file.
fn is_flat(row: &[Member<'_>]) -> bool {
    let is_nested = |name: &str| name == "contacts" || ContactType::parse(name).is_ok();
    let mut names = row.iter().map(|(name, _)| name);
    !names.any(|name| name.extract::<&str>().is_ok_and(is_nested))
}

fn flat_row(
    members: Vec<Member<'_>>,
    position: Position,
    options: &ReadOptions,
) -> Result<FlatRow<'static>, ConversionError> {
    let mut row = FlatRow::new(position);
    for (name, value) in members {
        let Ok(name) = name.cast_into::<PyString>() else {
            return Err(ConversionError::new(Reason::KeyType));
        };
        let name = unicode(&name)?;
        if options.ignores(name) {
            continue;
        }
        let cell = cell(&value).map_err(|error| error.within(name))?;
        // As in CSV, where every row has all columns.
        if cell != Cell::Empty {
            row.set(name, cell);
        }
    }
    Ok(row)
}

fn cell(value: &Bound<'_, PyAny>) -> Result<Cell<'static>, ConversionError> {
    Ok(match Value::new(value)? {
        Value::Text(text) if text.is_empty()? => Cell::Empty,
        Value::Text(text) => Cell::Text(unicode(&text)?.to_owned().into()),
        Value::Integer(number) => Cell::Integer(number),
        Value::Float(number) => float_cell(number),
        Value::Null => Cell::Empty,
        Value::OtherInteger => Cell::WrongType(JsonType::Number),
        Value::Bool(_) => Cell::WrongType(JsonType::Boolean),
        Value::List(_) => Cell::WrongType(JsonType::Array),
        Value::Dict(_) => Cell::WrongType(JsonType::Object),
    })
}

/// NaN is a missing value in pandas, and an integral float an integer of a column with such values.
pub(super) fn float_cell(value: f64) -> Cell<'static> {
    if value.is_nan() {
        return Cell::Empty;
    }
    integer(value).map_or(Cell::WrongType(JsonType::Number), Cell::Integer)
}
