use std::borrow::Cow;

use contacts_core::{DvStatus, Field};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyType};
use serde_json::{Map, Value, json};

use crate::{arg, error, show};

#[doc = doc!("Order")]
#[pyclass(frozen, eq, module = "digicert_contacts")]
#[derive(Clone, PartialEq)]
pub(crate) struct Order(pub(crate) contacts_core::Order);

/// What pickle needs: a call that makes the same again.
type Made<'py> = (Bound<'py, PyAny>, (Cow<'static, [u8]>,));

impl Order {
    /// What is known of it, in the form of the API's answer.
    fn value(&self) -> Value {
        let order = &self.0;
        let product = order.product.as_ref().map(|product| {
            members([
                ("name_id", product.name_id.as_ref()),
                ("name", product.name.as_ref()),
                ("type", product.product_type.as_ref()),
                ("validation_type", product.validation_type.as_ref()),
            ])
        });
        let certificate = order.common_name.as_ref();
        let given = [
            ("id", order.id.map(|id| json!(id.get()))),
            ("status", order.status.as_ref().map(|status| json!(status))),
            (
                "organization_contact",
                order.organization_contact.as_ref().map(|c| json!(c)),
            ),
            (
                "technical_contact",
                order.technical_contact.as_ref().map(|c| json!(c)),
            ),
            ("product", product),
            (
                "certificate",
                certificate.map(|name| json!({"common_name": name})),
            ),
        ];
        let given = given.into_iter();
        given
            .filter_map(|(name, value)| Some((name.to_owned(), value?)))
            .collect::<Map<_, _>>()
            .into()
    }
}

fn members<const N: usize>(given: [(&str, Option<&String>); N]) -> Value {
    let given = given.into_iter();
    given
        .filter_map(|(name, value)| Some((name.to_owned(), json!(value?))))
        .collect::<Map<_, _>>()
        .into()
}

#[pymethods]
impl Order {
    #[doc = doc!("Order.from_json")]
    #[classmethod]
    fn from_json(_class: &Bound<'_, PyType>, json: &Bound<'_, PyAny>) -> PyResult<Self> {
        let text = arg::Json::new(json)?;
        let read = contacts_core::Order::from_json(text.bytes());
        read.map(Self).map_err(|e| error::unreadable(json.py(), &e))
    }

    #[classattr]
    const fn __match_args__() -> (&'static str, &'static str) {
        ("id", "status")
    }

    #[doc = doc!("Order.id")]
    #[getter]
    fn id(&self) -> Option<u64> {
        self.0.id.map(contacts_core::OrderId::get)
    }

    #[doc = doc!("Order.status")]
    #[getter]
    fn status(&self) -> Option<&str> {
        self.0.status.as_deref()
    }

    #[doc = doc!("Order.common_name")]
    #[getter]
    fn common_name(&self) -> Option<&str> {
        self.0.common_name.as_deref()
    }

    #[doc = doc!("Order.product_name_id")]
    #[getter]
    fn product_name_id(&self) -> Option<&str> {
        self.0.product.as_ref()?.name_id.as_deref()
    }

    #[doc = doc!("Order.validation_type")]
    #[getter]
    fn validation_type(&self) -> Option<&str> {
        self.0.product.as_ref()?.validation_type.as_deref()
    }

    #[doc = doc!("Order.contact")]
    fn contact(&self, contact_type: &str) -> PyResult<Option<OrderContact>> {
        let kind = arg::contact_type(contact_type)?;
        Ok(self.0.contact(kind).cloned().map(OrderContact))
    }

    #[doc = doc!("Order.technical_contact")]
    #[getter]
    fn technical_contact(&self) -> Option<OrderContact> {
        self.0.technical_contact.clone().map(OrderContact)
    }

    #[doc = doc!("Order.organization_contact")]
    #[getter]
    fn organization_contact(&self) -> Option<OrderContact> {
        self.0.organization_contact.clone().map(OrderContact)
    }

    #[doc = doc!("Order.dv")]
    #[getter]
    fn dv(&self) -> Option<bool> {
        match self.0.dv_status() {
            DvStatus::Yes => Some(true),
            DvStatus::No => Some(false),
            DvStatus::Unknown => None,
        }
    }

    #[doc = doc!("Order.to_dict")]
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let loads = py.import("json")?.getattr("loads")?;
        loads.call1((self.value().to_string(),))
    }

    #[doc = doc!("Order.to_json")]
    fn to_json(&self) -> PyResult<Cow<'_, [u8]>> {
        arg::json_of(&self.value())
    }

    fn __hash__(&self) -> u64 {
        hash(&self.value())
    }

    fn __repr__(&self) -> String {
        let id = self.0.id.map(|id| format!(" {id}")).unwrap_or_default();
        format!("<Order{id}>")
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

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Made<'py>> {
        let make = py.get_type::<Self>().getattr("from_json")?;
        Ok((make, (arg::json_of(&self.value())?,)))
    }
}

#[doc = doc!("OrderContact")]
#[pyclass(frozen, eq, module = "digicert_contacts")]
#[derive(Clone, PartialEq)]
pub(crate) struct OrderContact(contacts_core::OrderContact);

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
        let text = arg::Json::new(json)?;
        let read = contacts_core::OrderContact::from_json(text.bytes());
        read.map(Self).map_err(|e| error::unreadable(json.py(), &e))
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
    fn to_json(&self) -> PyResult<Cow<'_, [u8]>> {
        arg::json_of(&self.0)
    }

    #[doc = doc!("OrderContact.show")]
    fn show(&self, py: Python<'_>) -> PyResult<String> {
        show::call(py, "OrderContact", 0, self.fields())
    }

    fn __hash__(&self) -> u64 {
        hash(&json!(self.0))
    }

    fn __repr__(&self) -> String {
        show::names(
            "OrderContact",
            self.fields().map(|(field, _)| field.as_str()),
        )
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

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Made<'py>> {
        let make = py.get_type::<Self>().getattr("from_json")?;
        Ok((make, (arg::json_of(&self.0)?,)))
    }
}

/// Of what makes two of them equal.
fn hash(value: &Value) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    value.to_string().hash(&mut hasher);
    hasher.finish()
}
