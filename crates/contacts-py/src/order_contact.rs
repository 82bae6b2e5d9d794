use std::borrow::Cow;

use contacts_core::Field;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyType};

use crate::contact::Contact;
use crate::order::PickledJson;
use crate::{argument, repr, value};

#[doc = doc!("OrderContact")]
#[pyclass(frozen, eq, hash, skip_from_py_object, module = "digicert_contacts")]
#[derive(Clone, PartialEq, Hash)]
pub(crate) struct OrderContact(pub(crate) contacts_core::OrderContact);

#[pymethods]
impl OrderContact {
    #[doc = doc!("OrderContact.from_json")]
    #[classmethod]
    fn from_json(_class: &Bound<'_, PyType>, json: &Bound<'_, PyAny>) -> PyResult<Self> {
        argument::parse(json, contacts_core::OrderContact::from_json).map(Self)
    }

    #[classattr]
    const fn __match_args__() -> (&'static str, &'static str, &'static str) {
        ("first_name", "last_name", "email")
    }

    #[doc = doc!("OrderContact.first_name")]
    #[getter]
    fn first_name(&self) -> Option<&str> {
        self.0.get(Field::FirstName)
    }

    #[doc = doc!("OrderContact.last_name")]
    #[getter]
    fn last_name(&self) -> Option<&str> {
        self.0.get(Field::LastName)
    }

    #[doc = doc!("OrderContact.email")]
    #[getter]
    fn email(&self) -> Option<&str> {
        self.0.get(Field::Email)
    }

    #[doc = doc!("OrderContact.job_title")]
    #[getter]
    fn job_title(&self) -> Option<&str> {
        self.0.get(Field::JobTitle)
    }

    #[doc = doc!("OrderContact.telephone")]
    #[getter]
    fn telephone(&self) -> Option<&str> {
        self.0.get(Field::Telephone)
    }

    #[doc = doc!("OrderContact.to_contact")]
    #[pyo3(signature = (*, allow_dotless_domain=false))]
    fn to_contact(&self, py: Python<'_>, allow_dotless_domain: bool) -> PyResult<Contact> {
        Contact::build(py, self.0.to_draft(), allow_dotless_domain)
    }

    #[doc = doc!("OrderContact.to_dict")]
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        value::dict(py, self.0.fields())
    }

    #[doc = doc!("OrderContact.to_json")]
    fn to_json(&self) -> PyResult<Cow<'static, [u8]>> {
        value::to_json(&self.0)
    }

    #[doc = doc!("OrderContact.show")]
    fn show(&self, py: Python<'_>) -> PyResult<String> {
        repr::call(py, "OrderContact", 0, self.0.fields())
    }

    fn __repr__(&self) -> String {
        let fields = self.0.fields().map(|(field, _)| field.as_str());
        repr::names("OrderContact", fields)
    }

    const fn __copy__(this: Py<Self>) -> Py<Self> {
        this
    }

    const fn __deepcopy__(this: Py<Self>, _memo: &Bound<'_, PyAny>) -> Py<Self> {
        this
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<PickledJson<'py>> {
        let from_json = py.get_type::<Self>().getattr("from_json")?;
        Ok((from_json, (self.to_json()?,)))
    }
}
