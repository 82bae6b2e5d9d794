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
    fn file(name: &str, content: PyBackedBytes, trim: bool, ignore_columns: Vec<String>) -> Self {
        Self(Source::File(File {
            name: contacts_core::printable(name).into_owned(),
            format: Format::of(name, &content),
            content,
            options: options(trim, ignore_columns),
        }))
    }

    #[doc = doc!("BulkSource.frame")]
    #[staticmethod]
    fn frame(frame: &Bound<'_, PyAny>, trim: bool, ignore_columns: Vec<String>) -> PyResult<Self> {
        let input = frame::read(frame, &options(trim, ignore_columns));
        input.map(|input| Self(Source::Input(input)))
    }

    #[doc = doc!("BulkSource.rows")]
    #[staticmethod]
    fn rows(rows: &Bound<'_, PyAny>, trim: bool, ignore_columns: Vec<String>) -> PyResult<Self> {
        let input = rows::read(rows, &options(trim, ignore_columns));
        input.map(|input| Self(Source::Input(input)))
    }
}

fn options(trim: bool, ignore_columns: Vec<String>) -> ReadOptions {
    let mut options = ReadOptions::default();
    options.trim = trim;
    options.ignore_columns = ignore_columns;
    options
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
        read: impl FnOnce(&[u8], Format, &ReadOptions) -> Result<T, Problems> + Send,
    ) -> PyResult<T> {
        let read = || read(&self.content, self.format, &self.options);
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
