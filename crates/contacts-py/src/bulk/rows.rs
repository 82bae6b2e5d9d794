//! Rows that are Python objects, as JSON lines: so they are read by the same rules as a file.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use crate::error;
use crate::value::{Members, Value};

const ORDER_ID: &str = "order_id";

/// Lines, and whether all of them are flat: one contact each, with its fields beside the order id,
/// as in a row of CSV.
#[derive(Default)]
pub(crate) struct Rows {
    pub(crate) json: Vec<u8>,
    pub(crate) all_flat: bool,
    count: usize,
}

impl Rows {
    pub(crate) fn read(rows: &Bound<'_, PyAny>) -> PyResult<Self> {
        let mut read = Self {
            all_flat: true,
            ..Self::default()
        };
        for row in rows.try_iter()? {
            read.push(&row?)?;
        }
        Ok(read)
    }

    fn push(&mut self, row: &Bound<'_, PyAny>) -> PyResult<()> {
        let py = row.py();
        let value = Value::new(row).map_err(|error| self.named(py, error))?;
        let written = match &value {
            Value::Map(members) if is_flat(members) => {
                serde_json::to_writer(&mut self.json, &Flat(members))
            }
            value => {
                self.all_flat = false;
                serde_json::to_writer(&mut self.json, value)
            }
        };
        if written.is_err() {
            let path = value.lone_surrogate().unwrap_or_default();
            return Err(error::row_surrogate(py, self.count, &path));
        }
        self.json.push(b'\n');
        self.count += 1;
        Ok(())
    }

    /// An error about the row that comes next, if it is one that does not tell where.
    fn named(&self, py: Python<'_>, error: PyErr) -> PyErr {
        if !error.is_instance_of::<PyTypeError>(py) {
            return error;
        }
        PyTypeError::new_err(format!("rows[{}]: {}", self.count, error.value(py)))
    }
}

/// Whether its contact, if it has one, is not in a member of its own.
fn is_flat(members: &Members<'_>) -> bool {
    let nests =
        |name: &str| name == "contacts" || contacts_core::ContactType::parse(name).is_some();
    !members
        .iter()
        .any(|(name, _)| name.to_str().is_ok_and(nests))
}

struct Flat<'a, 'py>(&'a Members<'py>);

impl Serialize for Flat<'_, '_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut line = to.serialize_map(Some(2))?;
        for (name, value) in self.0 {
            if name.to_str().is_ok_and(|name| name == ORDER_ID) && !is_empty(value) {
                line.serialize_entry(ORDER_ID, value)?;
            }
        }
        line.serialize_entry("contacts", &Single(self.0))?;
        line.end()
    }
}

/// The list of the row's contact.
struct Single<'a, 'py>(&'a Members<'py>);

impl Serialize for Single<'_, '_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut list = to.serialize_seq(Some(1))?;
        list.serialize_element(&Fields(self.0))?;
        list.end()
    }
}

/// The fields of the contact. As in CSV an empty cell is a value that is not there, and `reason`
/// is passed over.
struct Fields<'a, 'py>(&'a Members<'py>);

impl Serialize for Fields<'_, '_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut fields = to.serialize_map(None)?;
        for (name, value) in self.0 {
            let name = name.to_str().map_err(serde::ser::Error::custom)?;
            if name != ORDER_ID && name != "reason" && !is_empty(value) {
                fields.serialize_entry(name, value)?;
            }
        }
        fields.end()
    }
}

fn is_empty(value: &Value<'_>) -> bool {
    match value {
        Value::Null => true,
        Value::Text(text) => text.len().is_ok_and(|length| length == 0),
        _ => false,
    }
}
