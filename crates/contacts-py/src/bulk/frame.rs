//! Frames and tables, through the Arrow `PyCapsule` interface, as flat rows in JSON lines.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, RecordBatch};
use arrow_schema::DataType;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3_arrow::PyRecordBatchReader;
use serde::{Serialize, Serializer};

use super::rows::Flat;

pub(crate) fn read(frame: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    let batches = frame.extract::<PyRecordBatchReader>()?.into_reader()?;
    let mut json = Vec::new();
    for batch in batches {
        let batch = batch.map_err(|error| PyValueError::new_err(error.to_string()))?;
        add(&batch, &mut json)?;
    }
    Ok(json)
}

fn add(batch: &RecordBatch, json: &mut Vec<u8>) -> PyResult<()> {
    let schema = batch.schema();
    let columns = schema.fields().iter().zip(batch.columns());
    let columns: Vec<_> = columns
        .map(|(field, array)| Ok((field.name().as_str(), Column::new(field.name(), array)?)))
        .collect::<PyResult<_>>()?;
    for row in 0..batch.num_rows() {
        let cells = columns.iter();
        let cells = cells.filter_map(|(name, column)| Some((*name, column.cell(row)?)));
        serde_json::to_writer(&mut *json, &Flat(cells))
            .map_err(|error| PyValueError::new_err(error.to_string()))?;
        json.push(b'\n');
    }
    Ok(())
}

/// The cell of a row; `None` where it is null.
type Read<'a> = Box<dyn Fn(usize) -> Option<Cell<'a>> + 'a>;

struct Column<'a>(Read<'a>);

#[derive(Clone, Copy)]
enum Cell<'a> {
    Text(&'a str),
    Signed(i64),
    Unsigned(u64),
}

impl<'a> Column<'a> {
    fn new(name: &str, array: &'a dyn Array) -> PyResult<Self> {
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
        Ok(Self(match array.data_type() {
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
            DataType::Null => Box::new(|_| None),
            DataType::Dictionary(..) if array.as_any_dictionary().values().is_empty() => {
                Box::new(|_| None)
            }
            DataType::Dictionary(..) => {
                let array = array.as_any_dictionary();
                let values = Self::new(name, array.values())?;
                let keys = array.normalized_keys();
                Box::new(move |row| {
                    let key = array.is_valid(row).then(|| keys.get(row).copied());
                    values.cell(key??)
                })
            }
            other => {
                let name = contacts_core::printable(name);
                let message =
                    format!("column `{name}`: text or whole numbers are expected, not {other}");
                return Err(PyTypeError::new_err(message));
            }
        }))
    }

    /// As in CSV, an empty cell is a value that is not there.
    fn cell(&self, row: usize) -> Option<Cell<'a>> {
        (self.0)(row).filter(|cell| !matches!(cell, Cell::Text("")))
    }
}

impl Serialize for Cell<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => to.serialize_str(text),
            Self::Signed(number) => to.serialize_i64(*number),
            Self::Unsigned(number) => to.serialize_u64(*number),
        }
    }
}
