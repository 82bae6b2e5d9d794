//! Frames and tables, through the Arrow `PyCapsule` interface, as flat rows in JSON lines.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_array::{Array, RecordBatch, RecordBatchReader};
use arrow_schema::{DataType, SchemaRef};
use pyo3::exceptions::{PyException, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use pyo3_arrow::PyRecordBatchReader;
use serde::{Serialize, Serializer};

use super::place::Place;
use super::rows::Flat;
use crate::{error, value};

/// What a frame holds.
pub(crate) enum Frame<'py> {
    /// Rows in JSON lines.
    Lines(Vec<u8>),
    /// Rows that are Python's, of a frame that Arrow can't carry.
    Rows(Bound<'py, PyAny>),
}

pub(crate) fn read<'py>(frame: &Bound<'py, PyAny>) -> PyResult<Frame<'py>> {
    match lines(frame)? {
        Some(lines) => Ok(Frame::Lines(lines)),
        None => rows(frame).map(Frame::Rows),
    }
}

/// `None` where they can't be had: of a column of several types in pandas, of one of no type in
/// polars. The error may hold a value, so it is not shown.
fn lines(frame: &Bound<'_, PyAny>) -> PyResult<Option<Vec<u8>>> {
    let py = frame.py();
    let stream = match frame.extract::<PyRecordBatchReader>() {
        Ok(stream) => stream,
        Err(error) if error.is_instance_of::<PyException>(py) => return Ok(None),
        Err(error) => return Err(error),
    };
    let batches = stream.into_reader()?;
    check_columns(py, &batches.schema())?;
    let mut json = Vec::new();
    for batch in batches {
        let Ok(batch) = batch else { return Ok(None) };
        add(&batch, &mut json)?;
    }
    Ok(Some(json))
}

fn check_columns(py: Python<'_>, schema: &SchemaRef) -> PyResult<()> {
    let names: Vec<_> = schema.fields().iter().map(|f| f.name().as_str()).collect();
    check_names(py, &names)?;
    let unusable = unusable(schema);
    if unusable.is_empty() {
        Ok(())
    } else {
        Err(error::columns(py, &unusable))
    }
}

fn check_names(py: Python<'_>, names: &[&str]) -> PyResult<()> {
    let checked = contacts_bulk::input::check_columns(names);
    checked.map_err(|problems| error::input(py, &Place::Row { flat: true }, &problems))
}

/// Row by row, by what polars, pandas and pyarrow call it.
fn rows<'py>(frame: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let py = frame.py();
    for (names, method, arguments) in [
        ("columns", "to_dicts", vec![]),
        ("columns", "to_dict", vec!["records"]),
        ("column_names", "to_pylist", vec![]),
    ] {
        if frame.hasattr(names)? && frame.hasattr(method)? {
            let names = frame.getattr(names)?.try_iter()?;
            let names = names.map(|name| PyResult::Ok(name?.str()?.to_string()));
            let names = names.collect::<PyResult<Vec<_>>>()?;
            check_names(py, &names.iter().map(String::as_str).collect::<Vec<_>>())?;
            return frame.call_method1(method, PyTuple::new(py, arguments)?);
        }
    }
    let found = frame.get_type().name()?;
    Err(PyTypeError::new_err(format!(
        "the data of this {found} can't be read as a table with named columns"
    )))
}

fn add(batch: &RecordBatch, json: &mut Vec<u8>) -> PyResult<()> {
    let schema = batch.schema();
    let columns = schema.fields().iter().zip(batch.columns());
    let columns = columns.filter_map(|(field, array)| Some((field.name(), Column::new(array)?)));
    let columns: Vec<_> = columns.collect();
    for row in 0..batch.num_rows() {
        let cells = columns.iter();
        let cells = cells.filter_map(|(name, column)| Some((name.as_str(), column.cell(row)?)));
        serde_json::to_writer(&mut *json, &Flat(cells))
            .map_err(|error| PyValueError::new_err(error.to_string()))?;
        json.push(b'\n');
    }
    Ok(())
}

/// All columns that can hold no cell of ours, with what they hold.
fn unusable(schema: &SchemaRef) -> Vec<(String, &'static str)> {
    let columns = schema.fields().iter().filter_map(|field| {
        let kind = match field.data_type() {
            DataType::Dictionary(_, values) => values,
            kind => kind,
        };
        let empty = arrow_array::new_empty_array(kind);
        let found = Column::new(&empty).is_none().then(|| held(kind))?;
        Some((contacts_core::printable(field.name()).into_owned(), found))
    });
    columns.collect()
}

fn held(kind: &DataType) -> &'static str {
    if kind.is_temporal() {
        "dates or times"
    } else if kind.is_nested() {
        "nested values"
    } else if kind.is_decimal() {
        "decimal numbers"
    } else if matches!(kind, DataType::Boolean) {
        "true and false"
    } else if kind.is_binary() {
        "bytes"
    } else {
        "values of another kind"
    }
}

/// The cell of a row; `None` where it is null.
type Read<'a> = Box<dyn Fn(usize) -> Option<Cell<'a>> + 'a>;

struct Column<'a>(Read<'a>);

#[derive(Clone, Copy)]
enum Cell<'a> {
    Text(&'a str),
    Signed(i64),
    Unsigned(u64),
    Float(f64),
}

impl<'a> Column<'a> {
    /// `None` for a type that no cell has.
    fn new(array: &'a dyn Array) -> Option<Self> {
        macro_rules! text {
            ($array:expr) => {{
                let array = $array;
                Box::new(move |row| array.is_valid(row).then(|| Cell::Text(array.value(row))))
            }};
        }
        macro_rules! number {
            ($kind:ty, $cell:path) => {{
                let array = array.as_primitive::<$kind>();
                Box::new(move |row| {
                    let value = || $cell(array.value(row).into());
                    array.is_valid(row).then(value)
                })
            }};
        }
        Some(Self(match array.data_type() {
            DataType::Utf8 => text!(array.as_string::<i32>()),
            DataType::LargeUtf8 => text!(array.as_string::<i64>()),
            DataType::Utf8View => text!(array.as_string_view()),
            DataType::Int8 => number!(Int8Type, Cell::Signed),
            DataType::Int16 => number!(Int16Type, Cell::Signed),
            DataType::Int32 => number!(Int32Type, Cell::Signed),
            DataType::Int64 => number!(Int64Type, Cell::Signed),
            DataType::UInt8 => number!(UInt8Type, Cell::Unsigned),
            DataType::UInt16 => number!(UInt16Type, Cell::Unsigned),
            DataType::UInt32 => number!(UInt32Type, Cell::Unsigned),
            DataType::UInt64 => number!(UInt64Type, Cell::Unsigned),
            DataType::Float32 => {
                let array = array.as_primitive::<Float32Type>();
                Box::new(move |row| array.is_valid(row).then(|| single(array.value(row))))
            }
            DataType::Float64 => number!(Float64Type, Cell::Float),
            DataType::Null => Box::new(|_| None),
            DataType::Dictionary(..) if array.as_any_dictionary().values().is_empty() => {
                Box::new(|_| None)
            }
            DataType::Dictionary(..) => {
                let array = array.as_any_dictionary();
                let values = Self::new(array.values())?;
                let keys = array.normalized_keys();
                Box::new(move |row| {
                    let key = array.is_valid(row).then(|| keys.get(row).copied());
                    values.cell(key??)
                })
            }
            _ => return None,
        }))
    }

    /// As in CSV, an empty cell is a value that is not there; so is NaN, which pandas has for one.
    fn cell(&self, row: usize) -> Option<Cell<'a>> {
        (self.0)(row).filter(|cell| match cell {
            Cell::Text(text) => !text.is_empty(),
            Cell::Float(number) => !number.is_nan(),
            Cell::Signed(_) | Cell::Unsigned(_) => true,
        })
    }
}

/// A number of half the length, of which far fewer whole ones are exact.
fn single(value: f32) -> Cell<'static> {
    const EXACT: f32 = 16_777_216.0;
    Cell::Float(if value.abs() < EXACT || value.is_nan() {
        value.into()
    } else {
        f64::INFINITY
    })
}

impl Serialize for Cell<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => to.serialize_str(contacts_bulk::input::unescape_formula(text)),
            Self::Signed(number) => to.serialize_i64(*number),
            Self::Unsigned(number) => to.serialize_u64(*number),
            Self::Float(number) => value::serialize_float(*number, to),
        }
    }
}
