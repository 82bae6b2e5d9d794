use contacts_core::{Dv, Field};
use pyo3::prelude::*;

use crate::arg;

/// An order as the API told it.
#[pyclass(frozen, eq, module = "digicert_contacts")]
#[derive(Clone, PartialEq)]
pub(crate) struct Order(pub(crate) contacts_core::Order);

#[pymethods]
impl Order {
    #[getter]
    fn id(&self) -> Option<u64> {
        self.0.id.map(contacts_core::OrderId::get)
    }

    #[getter]
    fn status(&self) -> Option<&str> {
        self.0.status.as_deref()
    }

    #[getter]
    fn common_name(&self) -> Option<&str> {
        self.0.common_name.as_deref()
    }

    /// The contact of a type, if the order has one.
    fn contact(&self, contact_type: &str) -> PyResult<Option<OrderContact>> {
        let kind = arg::contact_type(contact_type)?;
        Ok(self.0.contact(kind).cloned().map(OrderContact))
    }

    #[getter]
    fn technical_contact(&self) -> Option<OrderContact> {
        self.0.technical_contact.clone().map(OrderContact)
    }

    #[getter]
    fn organization_contact(&self) -> Option<OrderContact> {
        self.0.organization_contact.clone().map(OrderContact)
    }

    /// Whether it is a DV order; `None` where the answer did not tell.
    #[getter]
    fn dv(&self) -> Option<bool> {
        match self.0.dv() {
            Dv::Yes => Some(true),
            Dv::No => Some(false),
            Dv::Unknown => None,
        }
    }

    fn __repr__(&self) -> String {
        let id = self.0.id.map(|id| format!(" {id}")).unwrap_or_default();
        format!("<Order{id}>")
    }
}

/// A contact as an order shows it.
#[pyclass(frozen, eq, module = "digicert_contacts")]
#[derive(Clone, PartialEq)]
pub(crate) struct OrderContact(contacts_core::OrderContact);

#[pymethods]
impl OrderContact {
    #[getter]
    fn first_name(&self) -> Option<&str> {
        self.0.get(Field::FirstName)
    }

    #[getter]
    fn last_name(&self) -> Option<&str> {
        self.0.get(Field::LastName)
    }

    #[getter]
    fn email(&self) -> Option<&str> {
        self.0.get(Field::Email)
    }

    #[getter]
    fn job_title(&self) -> Option<&str> {
        self.0.get(Field::JobTitle)
    }

    #[getter]
    fn telephone(&self) -> Option<&str> {
        self.0.get(Field::Telephone)
    }

    fn __repr__(&self) -> String {
        let set = Field::TEXT.iter().filter(|f| self.0.get(**f).is_some());
        let set: Vec<_> = set.map(|field| field.as_str()).collect();
        format!("<OrderContact with {}>", set.join(", "))
    }
}
