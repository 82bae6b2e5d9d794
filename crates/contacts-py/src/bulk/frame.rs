//! Frames and tables, through the Arrow `PyCapsule` interface.

use arrow_array::cast::AsArray;
use arrow_array::ffi_stream::RecordBatchStreamReader;
use arrow_array::types::{
    Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_array::{Array, RecordBatch, RecordBatchReader};
use arrow_pyarrow::FromPyArrow;
use arrow_schema::{DataType, SchemaRef};
use contacts_bulk::Input;
use contacts_bulk::input::{Cell, FlatRow, InputBuilder, Position, ReadOptions, check_columns};
use contacts_core::JsonType;
use pyo3::exceptions::{PyException, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use super::rows;
use crate::{call, error};

pub(crate) fn read(frame: &Bound<'_, PyAny>, options: &ReadOptions) -> PyResult<Input> {
    let py = frame.py();
    match read_arrow(frame, options)? {
        Some(builder) => builder
            .build()
            .map_err(|problems| error::input(py, None, &problems)),
        None => rows::read(&python_rows(frame, options)?, options),
    }
}

/// `None` if Arrow cannot represent the frame: pandas cannot convert a column of several types, and
/// polars none of Python objects. The error may contain a value, so it is dropped.
fn read_arrow(frame: &Bound<'_, PyAny>, options: &ReadOptions) -> PyResult<Option<InputBuilder>> {
    let py = frame.py();
    let batches = match RecordBatchStreamReader::from_pyarrow_bound(frame) {
        Ok(batches) => batches,
        Err(error) if error.is_instance_of::<PyException>(py) => return Ok(None),
        Err(error) => return Err(error),
    };
    let schema = batches.schema();
    // A frame of an empty list has no columns.
    let has_columns = !columns(&schema).is_empty();
    let used = if has_columns {
        used_columns(py, &schema, options)?
    } else {
        Vec::new()
    };
    let mut builder = InputBuilder::new(options);
    let mut rows = 0;
    for batch in batches {
        let batch = batch.and_then(|batch| batch.project(&used));
        let Ok(batch) = batch else { return Ok(None) };
        call::detached(py, || push(&batch, rows, &mut builder), |()| ());
        rows += batch.num_rows() as u64;
    }
    if rows > 0 && !has_columns {
        check_names(py, &[], options)?;
    }
    Ok(Some(builder))
}

/// The indices and names of the columns.
fn columns(schema: &SchemaRef) -> Vec<(usize, &str)> {
    let names = schema.fields().iter().map(|field| field.name().as_str());
    names
        .enumerate()
        .filter(|(_, name)| !is_index(name))
        .collect()
}

/// Whether it is the name that pandas gives its index, such as that of a filtered frame, if it has none.
fn is_index(name: &str) -> bool {
    let level = name.strip_prefix("__index_level_");
    let level = level.and_then(|level| level.strip_suffix("__"));
    level.is_some_and(|level| level.parse::<u32>().is_ok())
}

/// Checks the columns, and returns the indices of those that are not ignored.
fn used_columns(py: Python<'_>, schema: &SchemaRef, options: &ReadOptions) -> PyResult<Vec<usize>> {
    let (indices, names): (Vec<_>, Vec<_>) = columns(schema).into_iter().unzip();
    let used = check_names(py, &names, options)?;
    let used: Vec<_> = used
        .into_iter()
        .filter_map(|used| indices.get(used).copied())
        .collect();
    let unsupported = unsupported(schema, &used);
    if unsupported.is_empty() {
        Ok(used)
    } else {
        Err(error::columns(py, &unsupported))
    }
}

fn check_names(py: Python<'_>, names: &[&str], options: &ReadOptions) -> PyResult<Vec<usize>> {
    check_columns(names, options).map_err(|problems| error::input(py, None, &problems))
}

/// The rows as Python dicts, by the methods of polars, pandas and pyarrow.
fn python_rows<'py>(
    frame: &Bound<'py, PyAny>,
    options: &ReadOptions,
) -> PyResult<Bound<'py, PyAny>> {
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
            let names: Vec<_> = names.iter().map(String::as_str).collect();
            if !names.is_empty() || frame.len()? > 0 {
                check_names(py, &names, options)?;
                check_precision(frame, options)?;
            }
            return frame.call_method1(method, PyTuple::new(py, arguments)?);
        }
    }
    let found = frame.get_type().name()?;
    Err(PyTypeError::new_err(format!(
        "the data of this {found} cannot be read as a table with named columns"
    )))
}

/// Rejects columns of floats that cannot hold each order id: the value is another number by then.
fn check_precision(frame: &Bound<'_, PyAny>, options: &ReadOptions) -> PyResult<()> {
    let Ok(types) = frame
        .getattr("dtypes")
        .and_then(|types| types.call_method0("items"))
    else {
        return Ok(());
    };
    let mut imprecise = Vec::new();
    for item in types.try_iter()? {
        let (name, found): (Bound<'_, PyAny>, Bound<'_, PyAny>) = item?.extract()?;
        let (name, found) = (name.str()?.to_string(), found.str()?.to_string());
        if matches!(found.to_lowercase().as_str(), "float32" | "float16") && !options.ignores(&name)
        {
            imprecise.push((contacts_core::printable(&name).into_owned(), found));
        }
    }
    if imprecise.is_empty() {
        Ok(())
    } else {
        Err(error::columns(frame.py(), &imprecise))
    }
}

fn push(batch: &RecordBatch, first_row: u64, builder: &mut InputBuilder) {
    let schema = batch.schema();
    let columns = schema.fields().iter().zip(batch.columns());
    let columns = columns.filter_map(|(field, array)| Some((field.name(), column(array)?)));
    let columns: Vec<_> = columns.collect();
    for index in 0..batch.num_rows() {
        let mut row = FlatRow::new(Position::Row(first_row + index as u64));
        for (name, cell) in &columns {
            row.set(name, cell(index));
        }
        builder.push(row);
    }
}

/// The columns whose type is not supported, each with the name of the type.
fn unsupported(schema: &SchemaRef, used: &[usize]) -> Vec<(String, String)> {
    let columns = used.iter().map(|index| schema.field(*index));
    let columns = columns.filter_map(|field| {
        let data_type = match field.data_type() {
            DataType::Dictionary(_, values) => values,
            data_type => data_type,
        };
        let empty = arrow_array::new_empty_array(data_type);
        let found = column(&empty).is_none().then(|| data_type.to_string())?;
        Some((contacts_core::printable(field.name()).into_owned(), found))
    });
    columns.collect()
}

/// Returns the cell of a row.
type Column<'a> = Box<dyn Fn(usize) -> Cell<'a> + 'a>;

/// `None` for a type that no cell has.
fn column(array: &dyn Array) -> Option<Column<'_>> {
    macro_rules! cells {
        ($array:expr, $cell:expr) => {{
            let array = $array;
            Box::new(move |row| {
                if array.is_valid(row) {
                    $cell(array.value(row))
                } else {
                    Cell::Empty
                }
            })
        }};
    }
    macro_rules! integers {
        ($data_type:ty) => {
            cells!(array.as_primitive::<$data_type>(), |value| u64::try_from(
                value
            )
            .map_or(Cell::WrongType(JsonType::Number), Cell::Integer))
        };
    }
    Some(match array.data_type() {
        DataType::Utf8 => cells!(array.as_string::<i32>(), Cell::text),
        DataType::LargeUtf8 => cells!(array.as_string::<i64>(), Cell::text),
        DataType::Utf8View => cells!(array.as_string_view(), Cell::text),
        DataType::Int8 => integers!(Int8Type),
        DataType::Int16 => integers!(Int16Type),
        DataType::Int32 => integers!(Int32Type),
        DataType::Int64 => integers!(Int64Type),
        DataType::UInt8 => integers!(UInt8Type),
        DataType::UInt16 => integers!(UInt16Type),
        DataType::UInt32 => integers!(UInt32Type),
        DataType::UInt64 => integers!(UInt64Type),
        DataType::Float32 => cells!(array.as_primitive::<Float32Type>(), single),
        DataType::Float64 => cells!(array.as_primitive::<Float64Type>(), rows::float_cell),
        DataType::Null => Box::new(|_| Cell::Empty),
        DataType::Dictionary(..) if array.as_any_dictionary().values().is_empty() => {
            Box::new(|_| Cell::Empty)
        }
        DataType::Dictionary(..) => {
            let array = array.as_any_dictionary();
            let values = column(array.values())?;
            let keys = array.normalized_keys();
            Box::new(move |row| {
                let key = keys.get(row).filter(|_| array.is_valid(row));
                key.map_or(Cell::Empty, |key| values(*key))
            })
        }
        _ => return None,
    })
}

/// Single precision represents fewer integers exactly.
fn single(value: f32) -> Cell<'static> {
    const EXACT: f32 = 16_777_216.0;
    if value.abs() >= EXACT {
        return Cell::WrongType(JsonType::Number);
    }
    rows::float_cell(value.into())
}
