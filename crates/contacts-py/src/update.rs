use std::borrow::Cow;
use std::hash::{DefaultHasher, Hash, Hasher};

use contacts_core::{ContactType, UpdateDraft};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple};

use crate::contact::Contact;
use crate::value::Value;
use crate::{arg, error, show};

#[doc = doc!("ContactsUpdate")]
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
        let update = contacts_core::ContactsUpdate::from_contacts(organization, technical);
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

    #[doc = doc!("ContactsUpdate.from_dict")]
    #[staticmethod]
    fn from_dict(update: &Bound<'_, PyAny>) -> PyResult<Self> {
        let members = Value::new(update)?;
        let draft = members.read::<UpdateDraft<'_>>(update.py())?;
        let checked = draft.build();
        checked
            .map(Self)
            .map_err(|violations| error::invalid(update.py(), &violations))
    }

    #[doc = doc!("ContactsUpdate.from_json")]
    #[staticmethod]
    fn from_json(json: &Bound<'_, PyAny>) -> PyResult<Self> {
        let text = arg::Json::new(json)?;
        let read = contacts_core::ContactsUpdate::from_json(text.bytes());
        read.map(Self).map_err(|e| error::unreadable(json.py(), &e))
    }

    #[classattr]
    const fn __match_args__() -> (&'static str, &'static str) {
        ("technical", "organization")
    }

    #[doc = doc!("ContactsUpdate.to_dict")]
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let contacts = PyList::empty(py);
        for (kind, contact) in self.0.contacts() {
            let dict = Contact(contact.clone()).to_dict(py)?;
            dict.set_item("contact_type", kind.as_str())?;
            contacts.append(dict)?;
        }
        let update = PyDict::new(py);
        update.set_item("contacts", contacts)?;
        Ok(update)
    }

    #[doc = doc!("ContactsUpdate.to_json")]
    fn to_json(&self) -> Cow<'_, [u8]> {
        self.0.to_json().into()
    }

    #[doc = doc!("ContactsUpdate.contact")]
    #[pyo3(name = "contact")]
    fn contact_of(&self, contact_type: &str) -> PyResult<Option<Contact>> {
        arg::contact_type(contact_type).map(|kind| self.contact(kind))
    }

    #[doc = doc!("ContactsUpdate.technical")]
    #[getter]
    fn technical(&self) -> Option<Contact> {
        self.contact(ContactType::Technical)
    }

    #[doc = doc!("ContactsUpdate.organization")]
    #[getter]
    fn organization(&self) -> Option<Contact> {
        self.contact(ContactType::Organization)
    }

    #[doc = doc!("ContactsUpdate.replace")]
    #[pyo3(signature = (**changes))]
    fn replace(&self, py: Python<'_>, changes: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        let sides = PyDict::new(py);
        sides.set_item("technical", self.technical())?;
        sides.set_item("organization", self.organization())?;
        if let Some(changes) = changes {
            sides.update(changes.as_mapping())?;
        }
        let class = py.get_type::<Self>();
        let made = class.call((), Some(&sides))?;
        Ok(made.cast::<Self>()?.get().clone())
    }

    /// What `copy.replace` of Python 3.13 calls.
    #[pyo3(signature = (**changes))]
    fn __replace__(&self, py: Python<'_>, changes: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        self.replace(py, changes)
    }

    #[doc = doc!("ContactsUpdate.show")]
    fn show(&self, py: Python<'_>) -> PyResult<String> {
        let mut sides = Vec::new();
        for (name, contact) in [
            ("technical", self.technical()),
            ("organization", self.organization()),
        ] {
            if let Some(contact) = contact {
                sides.push(format!("{name}={}", contact.show(py)?));
            }
        }
        Ok(format!("ContactsUpdate({})", sides.join(", ")))
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.0.hash(&mut hasher);
        hasher.finish()
    }

    fn __repr__(&self) -> String {
        let kinds = self.0.contacts().map(|(kind, _)| kind.as_str());
        show::names("ContactsUpdate", kinds)
    }

    const fn __copy__(this: PyRef<'_, Self>) -> PyRef<'_, Self> {
        this
    }

    const fn __deepcopy__<'py>(
        this: PyRef<'py, Self>,
        _memo: &Bound<'_, PyAny>,
    ) -> PyRef<'py, Self> {
        this
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
