use contacts_bulk::Input;
use contacts_bulk::input::{Check, Format, ReadOptions};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;

use super::{frame, rows};
use crate::{call, error};

#[doc = doc!("BulkSource")]
#[pyclass(frozen, module = "digicert_contacts._core")]
pub(crate) struct BulkSource(Source);

enum Source {
    File {
        name: String,
        content: PyBackedBytes,
        options: ReadOptions,
    },
    /// Rows are validated while they are read.
    Input(Input),
}

#[pymethods]
impl BulkSource {
    #[doc = doc!("BulkSource.file")]
    #[staticmethod]
    fn file(name: &str, content: PyBackedBytes, trim: bool) -> Self {
        Self(Source::File {
            name: contacts_core::printable(name).into_owned(),
            content,
            options: ReadOptions { trim },
        })
    }

    #[doc = doc!("BulkSource.frame")]
    #[staticmethod]
    fn frame(frame: &Bound<'_, PyAny>) -> PyResult<Self> {
        frame::read(frame).map(|input| Self(Source::Input(input)))
    }

    #[doc = doc!("BulkSource.rows")]
    #[staticmethod]
    fn rows(rows: &Bound<'_, PyAny>) -> PyResult<Self> {
        rows::read(rows).map(|input| Self(Source::Input(input)))
    }
}

impl BulkSource {
    pub(crate) fn input(&self, py: Python<'_>) -> PyResult<Input> {
        let (name, content, options) = match &self.0 {
            Source::Input(input) => return Ok(input.clone()),
            Source::File {
                name,
                content,
                options,
            } => (name, content, *options),
        };
        let read = || Input::from_bytes(content, Format::of(name, content), options);
        call::detached(py, read, |input| {
            input.map_err(|problems| error::input(py, Some(name), &problems))
        })
    }
}

#[doc = doc!("bulk_check")]
#[pyfunction]
pub(crate) fn bulk_check(py: Python<'_>, source: &BulkSource) -> PyResult<(usize, usize)> {
    let (name, content, options) = match &source.0 {
        Source::Input(input) => return Ok((input.orders().len(), input.contacts())),
        Source::File {
            name,
            content,
            options,
        } => (name, content, *options),
    };
    let check = || Check::default().file("", content, Format::of(name, content), options);
    call::detached(py, check, |checked| {
        let checked = checked.map_err(|problems| error::input(py, Some(name), &problems))?;
        Ok((checked.orders, checked.contacts))
    })
}
