use std::borrow::Cow;

use contacts_core::{ContactDraft, Field};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::value::Strings;
use crate::{argument, error, repr, value};

#[doc = doc!("Contact")]
#[pyclass(frozen, eq, hash, skip_from_py_object, module = "digicert_contacts")]
#[derive(Clone, PartialEq, Hash)]
pub(crate) struct Contact(pub(crate) contacts_core::Contact);

const ALLOW_DOTLESS_DOMAIN: &str = "allow_dotless_domain";

impl Contact {
    pub(crate) fn build(
        py: Python<'_>,
        mut draft: ContactDraft<'_>,
        allow_dotless_domain: bool,
    ) -> PyResult<Self> {
        if allow_dotless_domain {
            draft = draft.allow_dotless_domain();
        }
        let contact = draft.build();
        contact.map(Self).map_err(|e| error::violations(py, &e))
    }
}

#[pymethods]
impl Contact {
    #[new]
    #[pyo3(signature = (first_name, last_name, email, *, job_title=None, telephone=None, language_id=None, allow_dotless_domain=false))]
    #[expect(clippy::too_many_arguments, reason = "keywords, in Python")]
    fn new(
        py: Python<'_>,
        first_name: Option<&Bound<'_, PyAny>>,
        last_name: Option<&Bound<'_, PyAny>>,
        email: Option<&Bound<'_, PyAny>>,
        job_title: Option<&Bound<'_, PyAny>>,
        telephone: Option<&Bound<'_, PyAny>>,
        language_id: Option<&Bound<'_, PyAny>>,
        allow_dotless_domain: bool,
    ) -> PyResult<Self> {
        let mut draft = ContactDraft::default();
        let values = [
            (Field::FirstName, first_name),
            (Field::LastName, last_name),
            (Field::Email, email),
            (Field::JobTitle, job_title),
            (Field::Telephone, telephone),
            (Field::LanguageId, language_id),
        ];
        for (field, value) in values {
            if let Some(value) = value {
                draft = draft.set(field, argument::text(field.as_str(), value)?);
            }
        }
        Self::build(py, draft, allow_dotless_domain)
    }

    #[doc = doc!("Contact.from_dict")]
    #[staticmethod]
    #[pyo3(signature = (fields, *, allow_dotless_domain=false))]
    fn from_dict(fields: &Bound<'_, PyAny>, allow_dotless_domain: bool) -> PyResult<Self> {
        let strings = Strings::new();
        let draft = value::deserialize(fields, &strings)?;
        Self::build(fields.py(), draft, allow_dotless_domain)
    }

    #[doc = doc!("Contact.from_json")]
    #[staticmethod]
    fn from_json(json: &Bound<'_, PyAny>) -> PyResult<Self> {
        argument::parse(json, contacts_core::Contact::from_json).map(Self)
    }

    #[classattr]
    const fn __match_args__() -> (&'static str, &'static str, &'static str) {
        ("first_name", "last_name", "email")
    }

    #[doc = doc!("Contact.first_name")]
    #[getter]
    fn first_name(&self) -> &str {
        self.0.first_name()
    }

    #[doc = doc!("Contact.last_name")]
    #[getter]
    fn last_name(&self) -> &str {
        self.0.last_name()
    }

    #[doc = doc!("Contact.email")]
    #[getter]
    fn email(&self) -> &str {
        self.0.email()
    }

    #[doc = doc!("Contact.job_title")]
    #[getter]
    fn job_title(&self) -> Option<&str> {
        self.0.job_title()
    }

    #[doc = doc!("Contact.telephone")]
    #[getter]
    fn telephone(&self) -> Option<&str> {
        self.0.telephone()
    }

    #[doc = doc!("Contact.language_id")]
    #[getter]
    fn language_id(&self) -> Option<&str> {
        self.0.language_id()
    }

    #[doc = doc!("Contact.to_dict")]
    pub(crate) fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        value::dict(py, self.0.fields())
    }

    #[doc = doc!("Contact.to_json")]
    fn to_json(&self) -> PyResult<Cow<'_, [u8]>> {
        value::to_json(&self.0)
    }

    #[doc = doc!("Contact.replace")]
    #[pyo3(signature = (**changes))]
    fn replace<'py>(
        &self,
        py: Python<'py>,
        changes: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let keywords = self.to_dict(py)?;
        let changes = changes.map_or_else(|| PyDict::new(py), Clone::clone);
        // The present address was accepted before.
        keywords.set_item(ALLOW_DOTLESS_DOMAIN, !changes.contains("email")?)?;
        keywords.update(changes.as_mapping())?;
        py.get_type::<Self>().call((), Some(&keywords))
    }

    #[doc = doc!("Contact.show")]
    pub(crate) fn show(&self, py: Python<'_>) -> PyResult<String> {
        repr::call(py, "Contact", 3, self.0.fields())
    }

    fn __repr__(&self) -> String {
        repr::names("Contact", self.0.fields().map(|(field, _)| field.as_str()))
    }

    const fn __copy__(this: Py<Self>) -> Py<Self> {
        this
    }

    const fn __deepcopy__(this: Py<Self>, _memo: &Bound<'_, PyAny>) -> Py<Self> {
        this
    }

    fn __getnewargs_ex__<'py>(
        &self,
        py: Python<'py>,
    ) -> PyResult<(Bound<'py, PyTuple>, Bound<'py, PyDict>)> {
        let keywords = self.to_dict(py)?;
        // The address was accepted before.
        keywords.set_item(ALLOW_DOTLESS_DOMAIN, true)?;
        Ok((PyTuple::empty(py), keywords))
    }
}
