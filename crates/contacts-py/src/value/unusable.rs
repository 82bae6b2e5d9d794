//! Something in a value of Python's that can't be read, and where.

use std::fmt::Write;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

use crate::error;

pub(super) struct Unusable {
    /// From the inside out.
    path: Vec<String>,
    pub(super) why: Why,
}

pub(super) enum Why {
    /// A type that JSON does not have, by its name.
    Type(String),
    Name,
    Surrogate,
    Raised(PyErr),
    /// It takes Python's code to tell, which must not run now.
    Unsafe,
}

impl Unusable {
    pub(super) const fn because(why: Why) -> Self {
        Self {
            path: Vec::new(),
            why,
        }
    }

    pub(super) fn under(mut self, name: &str) -> Self {
        self.path.push(name.to_owned());
        self
    }

    /// The names of members are shown only where they are the API's.
    pub(super) fn path(&self) -> String {
        let mut path = String::new();
        for name in self.path.iter().rev() {
            let known = contacts_core::Field::parse(name).is_ok()
                || contacts_core::ContactType::parse(name).is_ok()
                || matches!(name.as_str(), "contacts" | "order_id")
                || name.starts_with('[');
            let name = if known { name } else { "(name not shown)" };
            let dot = if path.is_empty() || name.starts_with('[') {
                ""
            } else {
                "."
            };
            let _ = write!(path, "{dot}{name}");
        }
        path
    }

    pub(super) fn raise(self, py: Python<'_>) -> PyErr {
        let path = self.path();
        let colon = if path.is_empty() { "" } else { ": " };
        match self.why {
            Why::Raised(error) => error,
            Why::Surrogate => error::surrogate(py, &path),
            Why::Name => PyTypeError::new_err(format!("{path}{colon}a key must be a str")),
            Why::Type(found) => PyTypeError::new_err(format!(
                "{path}{colon}a str, int, dict or list is expected, not {found}"
            )),
            Why::Unsafe => PyTypeError::new_err(format!("{path}{colon}it can't be read")),
        }
    }
}

impl From<PyErr> for Unusable {
    fn from(error: PyErr) -> Self {
        Self::because(Why::Raised(error))
    }
}

impl From<pyo3::CastError<'_, '_>> for Unusable {
    fn from(error: pyo3::CastError<'_, '_>) -> Self {
        PyErr::from(error).into()
    }
}
