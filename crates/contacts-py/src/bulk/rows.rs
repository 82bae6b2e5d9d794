//! Rows that are Python objects, as JSON lines: so they are read by the same rules as a file.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyString;
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::error;
use crate::value::{Reader, Value};

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
        if self.write(&value).is_err() {
            let path = value.lone_surrogate().unwrap_or_default();
            return Err(error::row_surrogate(py, self.count, &path));
        }
        self.json.push(b'\n');
        self.count += 1;
        Ok(())
    }

    /// Fails at text that is no Unicode, and nothing else.
    fn write(&mut self, value: &Value<'_>) -> PyResult<()> {
        let members = value.reader().members().map(Iterator::collect::<Vec<_>>);
        let written = if let Some(members) = members.filter(|members| is_flat(members)) {
            let cells = cells(&members)?;
            let cells = cells.iter().map(|(name, value)| (*name, Cell(value)));
            serde_json::to_writer(&mut self.json, &Flat(cells))
        } else {
            self.all_flat = false;
            serde_json::to_writer(&mut self.json, value)
        };
        written.map_err(|error| PyTypeError::new_err(error.to_string()))
    }

    /// An error about the row that comes next, if it is one that does not tell where.
    fn named(&self, py: Python<'_>, error: PyErr) -> PyErr {
        if !error.is_instance_of::<PyTypeError>(py) {
            return error;
        }
        PyTypeError::new_err(format!("rows[{}]: {}", self.count, error.value(py)))
    }
}

type Member<'a, 'py> = (&'a Bound<'py, PyString>, Reader<'a, 'py>);

/// Whether its contact, if it has one, is not in a member of its own.
fn is_flat(members: &[Member<'_, '_>]) -> bool {
    let nests = |name: &str| name == "contacts" || contacts_core::ContactType::parse(name).is_ok();
    !members
        .iter()
        .any(|(name, _)| name.to_str().is_ok_and(nests))
}

/// The members that have a value, as in CSV, where an empty cell is a value that is not there.
fn cells<'a, 'py>(members: &'a [Member<'a, 'py>]) -> PyResult<Vec<(&'a str, &'a Reader<'a, 'py>)>> {
    let filled = members.iter().filter(|(_, value)| !value.is_empty());
    filled
        .map(|(name, value)| Ok((name.to_str()?, value)))
        .collect()
}

/// A value of a flat row, which is read as a cell of CSV is.
struct Cell<'a, 'py>(&'a Reader<'a, 'py>);

impl Serialize for Cell<'_, '_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.0.text() {
            Some(text) => to.serialize_str(contacts_bulk::input::unescape_formula(text)),
            None => self.0.serialize(to),
        }
    }
}

/// A flat row as an object of JSON lines.
pub(crate) struct Flat<I>(pub(crate) I);

impl<'a, V: Serialize, I: Iterator<Item = (&'a str, V)> + Clone> Serialize for Flat<I> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut line = to.serialize_map(None)?;
        for (name, value) in self.0.clone().filter(|(name, _)| *name == ORDER_ID) {
            line.serialize_entry(name, &value)?;
        }
        line.serialize_entry("contacts", &[Fields(self.0.clone())])?;
        line.end()
    }
}

/// The contact of a flat row. As in CSV, `reason` is passed over.
struct Fields<I>(I);

impl<'a, V: Serialize, I: Iterator<Item = (&'a str, V)> + Clone> Serialize for Fields<I> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let fields = self.0.clone();
        to.collect_map(fields.filter(|(name, _)| *name != ORDER_ID && *name != "reason"))
    }
}
