//! Where the wanted contacts come from.

use contacts_bulk::input::{Check, Format, ReadOptions};
use contacts_bulk::{Input, Problems};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;

use super::frame::{self, Frame};
use super::place::Place;
use super::rows::Rows;
use crate::{call, error};

#[doc = doc!("BulkSource")]
#[pyclass(frozen, module = "digicert_contacts._core")]
pub(crate) struct BulkSource {
    bytes: Bytes,
    format: Format,
    trim: bool,
    place: Place,
}

enum Bytes {
    Python(PyBackedBytes),
    Own(Vec<u8>),
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        match self {
            Self::Python(bytes) => bytes,
            Self::Own(bytes) => bytes,
        }
    }
}

#[pymethods]
impl BulkSource {
    #[doc = doc!("BulkSource.file")]
    #[staticmethod]
    fn file(name: &str, content: PyBackedBytes, trim: bool) -> Self {
        Self {
            format: Format::of(name, &content),
            bytes: Bytes::Python(content),
            trim,
            place: Place::File(contacts_core::printable(name).into_owned()),
        }
    }

    #[doc = doc!("BulkSource.frame")]
    #[staticmethod]
    fn frame(frame: &Bound<'_, PyAny>) -> PyResult<Self> {
        match frame::read(frame)? {
            Frame::Lines(lines) => Ok(Self::of(lines, true)),
            Frame::Rows(rows) => Self::rows(&rows),
        }
    }

    #[doc = doc!("BulkSource.rows")]
    #[staticmethod]
    fn rows(rows: &Bound<'_, PyAny>) -> PyResult<Self> {
        let rows = Rows::read(rows)?;
        Ok(Self::of(rows.json, rows.all_flat))
    }
}

impl BulkSource {
    const fn of(lines: Vec<u8>, flat: bool) -> Self {
        Self {
            bytes: Bytes::Own(lines),
            format: Format::JsonLines,
            trim: false,
            place: Place::Row { flat },
        }
    }

    pub(crate) fn input(&self, py: Python<'_>) -> PyResult<Input> {
        let read = || {
            Input::from_bytes(
                self.bytes.as_ref(),
                self.format,
                ReadOptions { trim: self.trim },
            )
        };
        call::outside(py, read, |read| self.told(py, read))
    }

    fn told<T>(&self, py: Python<'_>, read: Result<T, Problems>) -> PyResult<T> {
        read.map_err(|problems| error::input(py, &self.place, &problems))
    }
}

#[doc = doc!("bulk_check")]
#[pyfunction]
pub(crate) fn bulk_check(py: Python<'_>, source: &BulkSource) -> PyResult<(usize, usize)> {
    let check = || {
        let bytes = source.bytes.as_ref();
        Check::default().file("", bytes, source.format, ReadOptions { trim: source.trim })
    };
    call::outside(py, check, |checked| {
        let checked = source.told(py, checked)?;
        Ok((checked.orders, checked.contacts))
    })
}
