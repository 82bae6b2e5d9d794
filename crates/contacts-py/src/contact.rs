use std::borrow::Cow;
use std::hash::{DefaultHasher, Hash, Hasher};

use contacts_core::Field;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::error;

/// A person to be named on an order, checked when it is made.
#[pyclass(frozen, eq, module = "digicert_contacts")]
#[derive(Clone, PartialEq)]
pub(crate) struct Contact(pub(crate) contacts_core::Contact);

#[pymethods]
impl Contact {
    #[new]
    #[pyo3(signature = (first_name, last_name, email, *, job_title=None, telephone=None, language_id=None, allow_dotless_domain=false))]
    #[expect(clippy::too_many_arguments, reason = "keywords, in Python")]
    fn new(
        py: Python<'_>,
        first_name: Cow<'_, str>,
        last_name: Cow<'_, str>,
        email: Cow<'_, str>,
        job_title: Option<Cow<'_, str>>,
        telephone: Option<Cow<'_, str>>,
        language_id: Option<Cow<'_, str>>,
        allow_dotless_domain: bool,
    ) -> PyResult<Self> {
        let mut draft = contacts_core::Contact::draft(first_name, last_name, email);
        let optional = [
            (Field::JobTitle, job_title),
            (Field::Telephone, telephone),
            (Field::LanguageId, language_id),
        ];
        for (field, value) in optional {
            if let Some(value) = value {
                draft = draft.set(field, value);
            }
        }
        if allow_dotless_domain {
            draft = draft.allow_dotless_domain();
        }
        let checked = draft.build();
        checked
            .map(Self)
            .map_err(|violations| error::invalid(py, &violations))
    }

    #[getter]
    fn first_name(&self) -> &str {
        self.0.first_name()
    }

    #[getter]
    fn last_name(&self) -> &str {
        self.0.last_name()
    }

    #[getter]
    fn email(&self) -> &str {
        self.0.email()
    }

    #[getter]
    fn job_title(&self) -> Option<&str> {
        self.0.job_title()
    }

    #[getter]
    fn telephone(&self) -> Option<&str> {
        self.0.telephone()
    }

    #[getter]
    fn language_id(&self) -> Option<&str> {
        self.0.language_id()
    }

    /// The fields that are set, by their names in the API.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        for (field, value) in self.0.fields() {
            dict.set_item(field.as_str(), value)?;
        }
        Ok(dict)
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.0.hash(&mut hasher);
        hasher.finish()
    }

    /// Without personal data, since it ends in logs and tracebacks.
    fn __repr__(&self) -> String {
        let set: Vec<_> = self.0.fields().map(|(field, _)| field.as_str()).collect();
        format!("<Contact with {}>", set.join(", "))
    }

    fn __getnewargs_ex__<'py>(
        &self,
        py: Python<'py>,
    ) -> PyResult<(Bound<'py, PyTuple>, Bound<'py, PyDict>)> {
        let keywords = self.to_dict(py)?;
        // A dotless domain that was let in once stays acceptable.
        keywords.set_item("allow_dotless_domain", true)?;
        Ok((PyTuple::empty(py), keywords))
    }
}
