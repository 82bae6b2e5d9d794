use std::borrow::Cow;
use std::hash::{DefaultHasher, Hash, Hasher};

use contacts_core::ContactType;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::pybacked::{PyBackedBytes, PyBackedStr};
use pyo3::types::{PyDict, PyTuple};

use crate::contact::Contact;
use crate::{arg, error};

/// The contacts to set on an order: one or both.
#[pyclass(frozen, eq, module = "digicert_contacts")]
#[derive(Clone, PartialEq)]
pub(crate) struct ContactsUpdate(pub(crate) contacts_core::ContactsUpdate);

impl ContactsUpdate {
    pub(crate) fn of(
        technical: Option<&Bound<'_, Contact>>,
        organization: Option<&Bound<'_, Contact>>,
    ) -> PyResult<Self> {
        let contact = |given: &Bound<'_, Contact>| given.get().0.clone();
        let (organization, technical) = (organization.map(contact), technical.map(contact));
        let update = contacts_core::ContactsUpdate::of(organization, technical);
        update.map(Self).ok_or_else(|| {
            PyTypeError::new_err("a contact is needed: technical, organization or both")
        })
    }

    fn contact(&self, kind: ContactType) -> Option<Contact> {
        self.0.contact(kind).cloned().map(Contact)
    }
}

#[pymethods]
impl ContactsUpdate {
    #[new]
    #[pyo3(signature = (*, technical=None, organization=None))]
    fn new(
        technical: Option<&Bound<'_, Contact>>,
        organization: Option<&Bound<'_, Contact>>,
    ) -> PyResult<Self> {
        Self::of(technical, organization)
    }

    /// Reads `{"contacts": [...]}` or the two-sided form.
    #[staticmethod]
    #[expect(clippy::needless_pass_by_value, reason = "pyo3 extracts values")]
    fn from_json(py: Python<'_>, json: JsonText) -> PyResult<Self> {
        let read = contacts_core::ContactsUpdate::from_json(json.bytes());
        read.map(Self).map_err(|e| error::unreadable(py, &e))
    }

    /// The body of the request.
    fn to_json(&self) -> Cow<'_, [u8]> {
        self.0.to_json().into()
    }

    /// The contact of a type, if the update names it.
    #[pyo3(name = "contact")]
    fn contact_of(&self, contact_type: &str) -> PyResult<Option<Contact>> {
        arg::contact_type(contact_type).map(|kind| self.contact(kind))
    }

    #[getter]
    fn technical(&self) -> Option<Contact> {
        self.contact(ContactType::Technical)
    }

    #[getter]
    fn organization(&self) -> Option<Contact> {
        self.contact(ContactType::Organization)
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.0.hash(&mut hasher);
        hasher.finish()
    }

    fn __repr__(&self) -> String {
        let set: Vec<_> = self.0.contacts().map(|(kind, _)| kind.as_str()).collect();
        format!("<ContactsUpdate with {}>", set.join(", "))
    }

    fn __getnewargs_ex__<'py>(
        &self,
        py: Python<'py>,
    ) -> PyResult<(Bound<'py, PyTuple>, Bound<'py, PyDict>)> {
        let keywords = PyDict::new(py);
        keywords.set_item("technical", self.technical())?;
        keywords.set_item("organization", self.organization())?;
        Ok((PyTuple::empty(py), keywords))
    }
}

/// JSON from `str` or `bytes`.
#[derive(FromPyObject)]
pub(crate) enum JsonText {
    Text(PyBackedStr),
    Bytes(PyBackedBytes),
}

impl JsonText {
    fn bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Bytes(bytes) => bytes,
        }
    }
}
