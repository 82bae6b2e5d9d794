use std::borrow::Cow;

use contacts_core::{ContactType, UpdateDraft};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple};

use crate::contact::Contact;
use crate::value::Strings;
use crate::{argument, error, repr, value};

#[doc = doc!("ContactsUpdate")]
#[pyclass(frozen, eq, hash, skip_from_py_object, module = "digicert_contacts")]
#[derive(Clone, PartialEq, Hash)]
pub(crate) struct ContactsUpdate(pub(crate) contacts_core::ContactsUpdate);

impl ContactsUpdate {
    /// Either an update or its contacts, each an object or a mapping.
    pub(crate) fn from_arguments(
        update: Option<&Bound<'_, PyAny>>,
        technical: Option<&Bound<'_, PyAny>>,
        organization: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let Some(update) = update else {
            return Self::new(technical, organization);
        };
        if technical.is_some() || organization.is_some() {
            let message = "pass either update, or technical and organization";
            return Err(PyTypeError::new_err(message));
        }
        if let Ok(update) = update.cast::<Self>() {
            return Ok(update.get().clone());
        }
        if update.is_instance_of::<Contact>() {
            let message = "update must be a ContactsUpdate or a mapping of contacts by type, not \
                Contact; pass it as technical or organization";
            return Err(PyTypeError::new_err(message));
        }
        let expected = "update must be a ContactsUpdate or a mapping of contacts by type";
        Self::from_dict(argument::mapping(expected, update)?)
    }

    /// The contacts that are mappings, validated together, so that the violations of both are reported.
    fn from_mappings(arguments: [Option<&Bound<'_, PyAny>>; 2]) -> PyResult<Option<Self>> {
        let names = ContactType::ALL
            .into_iter()
            .zip(["organization", "technical"]);
        let mut update = None;
        for ((contact_type, name), value) in names.zip(arguments) {
            let Some(value) = value.filter(|value| !value.is_instance_of::<Contact>()) else {
                continue;
            };
            let expected = format!("{name} must be a Contact or a mapping of its fields");
            let mapping = argument::mapping(&expected, value)?;
            update
                .get_or_insert_with(|| PyDict::new(value.py()))
                .set_item(contact_type.as_str(), mapping)?;
        }
        update.map(|update| Self::from_dict(&update)).transpose()
    }

    fn get(&self, contact_type: ContactType) -> Option<Contact> {
        self.0.contact(contact_type).cloned().map(Contact)
    }

    /// The arguments that create the same update.
    fn keywords<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let keywords = PyDict::new(py);
        keywords.set_item("technical", self.technical())?;
        keywords.set_item("organization", self.organization())?;
        Ok(keywords)
    }
}

#[pymethods]
impl ContactsUpdate {
    #[new]
    #[pyo3(signature = (*, technical=None, organization=None))]
    fn new(
        technical: Option<&Bound<'_, PyAny>>,
        organization: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let arguments = [organization, technical];
        // Its own options, such as that of a domain without a dot, still apply.
        let contact =
            |value: &Bound<'_, PyAny>| Some(value.cast::<Contact>().ok()?.get().0.clone());
        let mut contacts = arguments.map(|value| value.and_then(contact));
        if let Some(update) = Self::from_mappings(arguments)? {
            for (contact_type, contact) in update.0.contacts() {
                contacts[contact_type as usize] = Some(contact.clone());
            }
        }
        let [organization, technical] = contacts;
        let update = contacts_core::ContactsUpdate::from_contacts(organization, technical);
        update.map(Self).ok_or_else(|| {
            PyTypeError::new_err("a contact is required: technical, organization or both")
        })
    }

    #[doc = doc!("ContactsUpdate.from_dict")]
    #[staticmethod]
    fn from_dict(update: &Bound<'_, PyAny>) -> PyResult<Self> {
        let strings = Strings::new();
        let draft: UpdateDraft<'_> = value::deserialize(update, &strings)?;
        let built = draft.build();
        built
            .map(Self)
            .map_err(|e| error::violations(update.py(), &e))
    }

    #[doc = doc!("ContactsUpdate.from_json")]
    #[staticmethod]
    fn from_json(json: &Bound<'_, PyAny>) -> PyResult<Self> {
        argument::parse(json, contacts_core::ContactsUpdate::from_json).map(Self)
    }

    #[classattr]
    const fn __match_args__() -> (&'static str, &'static str) {
        ("technical", "organization")
    }

    #[doc = doc!("ContactsUpdate.to_dict")]
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let contacts = PyList::empty(py);
        for (contact_type, contact) in self.0.contacts() {
            let dict = Contact(contact.clone()).to_dict(py)?;
            dict.set_item("contact_type", contact_type.as_str())?;
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
    fn contact(&self, contact_type: &str) -> PyResult<Option<Contact>> {
        argument::contact_type(contact_type).map(|contact_type| self.get(contact_type))
    }

    #[doc = doc!("ContactsUpdate.technical")]
    #[getter]
    fn technical(&self) -> Option<Contact> {
        self.get(ContactType::Technical)
    }

    #[doc = doc!("ContactsUpdate.organization")]
    #[getter]
    fn organization(&self) -> Option<Contact> {
        self.get(ContactType::Organization)
    }

    #[doc = doc!("ContactsUpdate.replace")]
    #[pyo3(signature = (**changes))]
    fn replace<'py>(
        &self,
        py: Python<'py>,
        changes: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let contacts = self.keywords(py)?;
        if let Some(changes) = changes {
            contacts.update(changes.as_mapping())?;
        }
        py.get_type::<Self>().call((), Some(&contacts))
    }

    #[doc = doc!("ContactsUpdate.show")]
    fn show(&self, py: Python<'_>) -> PyResult<String> {
        let mut arguments = Vec::new();
        for (name, contact) in [
            ("technical", self.technical()),
            ("organization", self.organization()),
        ] {
            if let Some(contact) = contact {
                arguments.push(format!("{name}={}", contact.show(py)?));
            }
        }
        Ok(format!("ContactsUpdate({})", arguments.join(", ")))
    }

    fn __repr__(&self) -> String {
        let types = self.0.contacts().map(|(name, _)| name.as_str());
        repr::names("ContactsUpdate", types)
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
        Ok((PyTuple::empty(py), self.keywords(py)?))
    }
}
