use std::borrow::Cow;
use std::collections::BTreeMap;

use contacts_core::{DvStatus, OrderId};
use pyo3::prelude::*;
use pyo3::types::PyType;
use serde::Serialize;

use crate::order_contact::OrderContact;
use crate::{argument, error, value};

#[doc = doc!("Order")]
#[pyclass(frozen, eq, hash, skip_from_py_object, module = "digicert_contacts")]
#[derive(Clone, PartialEq, Hash)]
pub(crate) struct Order {
    id: OrderId,
    order: contacts_core::Order,
}

/// A function, and the JSON text that it restores the object from.
pub(crate) type PickledJson<'py> = (Bound<'py, PyAny>, (Cow<'py, [u8]>,));

/// The known members, in the form of the API.
#[derive(Serialize)]
struct OrderView<'a> {
    id: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    organization_contact: Option<&'a contacts_core::OrderContact>,
    #[serde(skip_serializing_if = "Option::is_none")]
    technical_contact: Option<&'a contacts_core::OrderContact>,
    #[serde(skip_serializing_if = "Option::is_none")]
    product: Option<BTreeMap<&'static str, &'a str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate: Option<BTreeMap<&'static str, &'a str>>,
}

impl Order {
    pub(crate) const fn new(id: OrderId, order: contacts_core::Order) -> Self {
        Self { id, order }
    }

    fn view(&self) -> OrderView<'_> {
        let order = &self.order;
        let product = order.product.as_ref().map(|product| {
            let members = [
                ("name_id", &product.name_id),
                ("name", &product.name),
                ("type", &product.product_type),
                ("validation_type", &product.validation_type),
            ];
            let members = members.into_iter();
            members
                .filter_map(|(name, value)| Some((name, value.as_deref()?)))
                .collect()
        });
        OrderView {
            id: self.id(),
            status: self.status(),
            organization_contact: order.organization_contact.as_ref(),
            technical_contact: order.technical_contact.as_ref(),
            product,
            certificate: self
                .common_name()
                .map(|name| BTreeMap::from([("common_name", name)])),
        }
    }
}

#[pymethods]
impl Order {
    #[doc = doc!("Order.from_json")]
    #[classmethod]
    fn from_json(_class: &Bound<'_, PyType>, json: &Bound<'_, PyAny>) -> PyResult<Self> {
        let order = argument::parse(json, contacts_core::Order::from_json)?;
        let id = order.id.ok_or_else(|| error::no_order_id(json.py()))?;
        Ok(Self::new(id, order))
    }

    #[classattr]
    const fn __match_args__() -> (&'static str, &'static str) {
        ("id", "status")
    }

    #[doc = doc!("Order.id")]
    #[getter]
    const fn id(&self) -> u64 {
        self.id.get()
    }

    #[doc = doc!("Order.status")]
    #[getter]
    fn status(&self) -> Option<&str> {
        self.order.status.as_deref()
    }

    #[doc = doc!("Order.common_name")]
    #[getter]
    fn common_name(&self) -> Option<&str> {
        self.order.common_name.as_deref()
    }

    #[doc = doc!("Order.product_name_id")]
    #[getter]
    fn product_name_id(&self) -> Option<&str> {
        self.order.product.as_ref()?.name_id.as_deref()
    }

    #[doc = doc!("Order.validation_type")]
    #[getter]
    fn validation_type(&self) -> Option<&str> {
        self.order.product.as_ref()?.validation_type.as_deref()
    }

    #[doc = doc!("Order.contact")]
    fn contact(&self, contact_type: &str) -> PyResult<Option<OrderContact>> {
        let contact_type = argument::contact_type(contact_type)?;
        Ok(self.order.contact(contact_type).cloned().map(OrderContact))
    }

    #[doc = doc!("Order.technical_contact")]
    #[getter]
    fn technical_contact(&self) -> Option<OrderContact> {
        self.order.technical_contact.clone().map(OrderContact)
    }

    #[doc = doc!("Order.organization_contact")]
    #[getter]
    fn organization_contact(&self) -> Option<OrderContact> {
        self.order.organization_contact.clone().map(OrderContact)
    }

    #[doc = doc!("Order.dv")]
    #[getter]
    fn dv(&self) -> Option<bool> {
        match self.order.dv_status() {
            DvStatus::Yes => Some(true),
            DvStatus::No => Some(false),
            DvStatus::Unknown => None,
        }
    }

    #[doc = doc!("Order.to_dict")]
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        value::to_python(py, &self.view())
    }

    #[doc = doc!("Order.to_json")]
    fn to_json(&self) -> PyResult<Cow<'static, [u8]>> {
        value::to_json(&self.view())
    }

    fn __repr__(&self) -> String {
        format!("<Order {}>", self.id)
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
