use contacts_bulk::input::{Check, Format, ReadOptions};
use contacts_bulk::{Input, Problems};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;

use super::{frame, rows};
use crate::{call, error};

#[doc = doc!("BulkSource")]
#[pyclass(frozen, module = "digicert_contacts._core")]
pub(crate) struct BulkSource(Source);

enum Source {
    File(File),
    /// Rows are validated while they are read.
    Input(Input),
}

struct File {
    name: String,
    content: PyBackedBytes,
    format: Format,
    options: ReadOptions,
}

#[pymethods]
impl BulkSource {
    #[doc = doc!("BulkSource.file")]
    #[staticmethod]
    fn file(name: &str, content: PyBackedBytes, trim: bool) -> Self {
        let mut options = ReadOptions::default();
        options.trim = trim;
        Self(Source::File(File {
            name: contacts_core::printable(name).into_owned(),
            format: Format::of(name, &content),
            content,
            options,
        }))
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
        match &self.0 {
            Source::Input(input) => Ok(input.clone()),
            Source::File(file) => file.read(py, |content, format, options| {
                Input::from_bytes(content, format, options)
            }),
        }
    }
}

impl File {
    fn read<T: Send>(
        &self,
        py: Python<'_>,
        read: impl FnOnce(&[u8], Format, ReadOptions) -> Result<T, Problems> + Send,
    ) -> PyResult<T> {
        let read = || read(&self.content, self.format, self.options);
        call::detached(py, read, |result| {
            result.map_err(|problems| error::input(py, Some(&self.name), &problems))
        })
    }
}

#[doc = doc!("bulk_check")]
#[pyfunction]
pub(crate) fn bulk_check(py: Python<'_>, source: &BulkSource) -> PyResult<(usize, usize)> {
    match &source.0 {
        Source::Input(input) => Ok((input.orders().len(), input.contacts())),
        Source::File(file) => file.read(py, |content, format, options| {
            let checked = Check::default().file("", content, format, options)?;
            Ok((checked.orders, checked.contacts))
        }),
    }
}
