use std::borrow::Cow;
use std::hash::{DefaultHasher, Hash, Hasher};

use contacts_core::Field;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyType};

use crate::order::PickledJson;
use crate::{argument, error, repr, value};

#[doc = doc!("OrderContact")]
#[pyclass(frozen, eq, module = "digicert_contacts")]
#[derive(Clone, PartialEq)]
pub(crate) struct OrderContact(pub(crate) contacts_core::OrderContact);

impl OrderContact {
    fn fields(&self) -> impl Iterator<Item = (Field, &str)> {
        let fields = Field::TEXT.into_iter();
        fields.filter_map(|field| Some((field, self.0.get(field)?)))
    }
}

#[pymethods]
impl OrderContact {
    #[doc = doc!("OrderContact.from_json")]
    #[classmethod]
    fn from_json(_class: &Bound<'_, PyType>, json: &Bound<'_, PyAny>) -> PyResult<Self> {
        let text = argument::json(json)?;
        let contact = contacts_core::OrderContact::from_json(&text);
        contact
            .map(Self)
            .map_err(|e| error::read_error(json.py(), &e))
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

    #[doc = doc!("OrderContact.to_dict")]
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        for (field, value) in self.fields() {
            dict.set_item(field.as_str(), value)?;
        }
        Ok(dict)
    }

    #[doc = doc!("OrderContact.to_json")]
    fn to_json(&self) -> PyResult<Cow<'static, [u8]>> {
        value::to_json(&self.0)
    }

    #[doc = doc!("OrderContact.show")]
    fn show(&self, py: Python<'_>) -> PyResult<String> {
        repr::call(py, "OrderContact", 0, self.fields())
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        for field in self.fields() {
            field.hash(&mut hasher);
        }
        hasher.finish()
    }

    fn __repr__(&self) -> String {
        repr::names(
            "OrderContact",
            self.fields().map(|(field, _)| field.as_str()),
        )
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
