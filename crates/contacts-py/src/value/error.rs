//! A part of a Python value that cannot be converted.

use std::fmt::{self, Write};

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

use crate::error;

/// In a box, because every value is returned in a result with this error.
#[derive(Debug, thiserror::Error)]
#[error("a Python value cannot be converted")]
pub(crate) struct ConversionError(Box<Details>);

#[derive(Debug)]
struct Details {
    /// The names and indexes on the way to the part, from the inside out.
    path: Vec<String>,
    reason: Reason,
}

#[derive(Debug)]
pub(crate) enum Reason {
    /// A type that JSON does not have, by its name.
    Type(String),
    KeyType,
    Surrogate,
    Raised(PyErr),
    /// A message of serde.
    Other(String),
}

impl ConversionError {
    pub(crate) fn new(reason: Reason) -> Self {
        let path = Vec::new();
        Self(Box::new(Details { path, reason }))
    }

    pub(crate) fn within(mut self, name: &str) -> Self {
        self.0.path.push(name.to_owned());
        self
    }

    pub(crate) const fn reason(&self) -> &Reason {
        &self.0.reason
    }

    /// The path, without names that are not those of the API, since they may be misplaced values.
    pub(crate) fn path(&self) -> String {
        let mut path = String::new();
        for name in self.0.path.iter().rev() {
            let is_known = contacts_core::Field::parse(name).is_ok()
                || contacts_core::ContactType::parse(name).is_ok()
                || matches!(name.as_str(), "contacts" | "order_id")
                || name.starts_with('[');
            let name = if is_known { name } else { "(name not shown)" };
            let dot = if path.is_empty() || name.starts_with('[') {
                ""
            } else {
                "."
            };
            let _ = write!(path, "{dot}{name}");
        }
        path
    }

    pub(crate) fn into_exception(self, py: Python<'_>) -> PyErr {
        let path = self.path();
        let colon = if path.is_empty() { "" } else { ": " };
        match self.0.reason {
            Reason::Raised(error) => error,
            Reason::Surrogate => error::surrogate(py, &path),
            Reason::KeyType => PyTypeError::new_err(format!("{path}{colon}keys must be str")),
            Reason::Type(found) => PyTypeError::new_err(format!(
                "{path}{colon}expected a str, int, dict or list, not {found}"
            )),
            Reason::Other(message) => PyTypeError::new_err(format!("{path}{colon}{message}")),
        }
    }
}

impl serde::de::Error for ConversionError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(Reason::Other(message.to_string()))
    }
}

impl From<PyErr> for ConversionError {
    fn from(error: PyErr) -> Self {
        Self::new(Reason::Raised(error))
    }
}

impl From<pyo3::CastIntoError<'_>> for ConversionError {
    fn from(error: pyo3::CastIntoError<'_>) -> Self {
        PyErr::from(error).into()
    }
}
