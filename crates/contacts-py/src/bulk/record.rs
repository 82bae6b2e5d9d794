//! The records of plans, reports and searches, for `digicert_contacts._records`.

use std::sync::Arc;

use contacts_bulk::report::{FieldConflict, PlannedRecord, ResultRecord};
use contacts_bulk::search::{FoundOrder, SearchResult};
use contacts_bulk::undo::NotRestorable;
use contacts_bulk::{Failure, PlanFile, PlannedOrder, Report, ReportedOrder};
use contacts_core::{ContactType, Field, FieldChange, OrderId};
use pyo3::exceptions::PyIndexError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple, PyType};
use serde::Serialize;

use crate::order_contact::OrderContact;
use crate::value;

#[doc = doc!("BulkOrders")]
#[pyclass(frozen, module = "digicert_contacts._core")]
pub(crate) struct BulkOrders(Orders);

/// Records are created on access: many of them take more memory than the plan.
enum Orders {
    Planned(Arc<PlanFile>),
    Reported(PlanFile, Report),
    /// The contacts, each with the index of its order.
    Found(Arc<SearchResult>, Vec<(usize, ContactType)>),
}

impl BulkOrders {
    pub(crate) const fn planned(plan: Arc<PlanFile>) -> Self {
        Self(Orders::Planned(plan))
    }

    pub(crate) const fn reported(plan: PlanFile, report: Report) -> Self {
        Self(Orders::Reported(plan, report))
    }

    pub(crate) fn found(result: Arc<SearchResult>) -> Self {
        let orders = result.orders().iter().enumerate();
        let contacts = orders.flat_map(|(index, order)| {
            let contacts = order.contacts.iter();
            contacts.map(move |contact| (index, contact.contact_type))
        });
        let contacts = contacts.collect();
        Self(Orders::Found(result, contacts))
    }
}

#[pymethods]
impl BulkOrders {
    fn __len__(&self) -> usize {
        match &self.0 {
            Orders::Planned(plan) => plan.plan().orders().len(),
            Orders::Reported(_, report) => report.orders().len(),
            Orders::Found(_, contacts) => contacts.len(),
        }
    }

    fn __getitem__<'py>(&self, py: Python<'py>, index: usize) -> PyResult<Bound<'py, PyAny>> {
        if index >= self.__len__() {
            return Err(PyIndexError::new_err("index out of range"));
        }
        match &self.0 {
            Orders::Planned(plan) => planned_order(py, &plan.plan().orders()[index]),
            Orders::Reported(plan, report) => {
                reported_order(py, &plan.plan().orders()[index], &report.orders()[index])
            }
            Orders::Found(result, contacts) => {
                let (order, contact_type) = contacts[index];
                found_contact(py, &result.orders()[order], contact_type)
            }
        }
    }
}

fn planned_order<'py>(py: Python<'py>, order: &PlannedOrder) -> PyResult<Bound<'py, PyAny>> {
    let order = PlannedRecord::from(order);
    python_class!(py, "_records", "PlannedOrder")?.call1((
        order.order_id.get(),
        order.common_name,
        order.status,
        PyTuple::new(py, order.lines)?,
        order.state,
        field_changes(py, order.changes)?,
        value::to_python(py, &order.blocked)?,
        order.failure.map(|f| failure(py, f)).transpose()?,
    ))
}

fn found_contact<'py>(
    py: Python<'py>,
    found: &FoundOrder,
    contact_type: ContactType,
) -> PyResult<Bound<'py, PyAny>> {
    let order = &found.order;
    let product = order.product.as_ref();
    python_class!(py, "_records", "FoundContact")?.call1((
        found.order_id.get(),
        contact_type.as_str(),
        order.contact(contact_type).cloned().map(OrderContact),
        &order.common_name,
        &order.status,
        product.and_then(|product| product.name.as_ref().or(product.name_id.as_ref())),
    ))
}

/// The orders that could not be read.
pub(crate) fn failed_orders<'py>(
    py: Python<'py>,
    failed: &[(OrderId, Failure)],
) -> PyResult<Bound<'py, PyTuple>> {
    let class = python_class!(py, "_records", "FailedOrder")?;
    let failed = failed.iter();
    let failed = failed.map(|(order, reason)| class.call1((order.get(), failure(py, reason)?)));
    PyTuple::new(py, failed.collect::<PyResult<Vec<_>>>()?)
}

fn reported_order<'py>(
    py: Python<'py>,
    planned: &PlannedOrder,
    reported: &ReportedOrder,
) -> PyResult<Bound<'py, PyAny>> {
    let order = ResultRecord::new(planned, reported);
    python_class!(py, "_records", "ReportedOrder")?.call1((
        order.order_id.get(),
        order.common_name,
        order.status,
        PyTuple::new(py, order.lines)?,
        order.result,
        field_changes(py, order.changes)?,
        value::to_python(py, &order.blocked)?,
        order.failure.map(|f| failure(py, f)).transpose()?,
        order.verification,
        field_changes(py, order.differences)?,
        field_conflicts(py, order.conflicts)?,
    ))
}

fn field_conflicts<'py>(
    py: Python<'py>,
    conflicts: &[FieldConflict],
) -> PyResult<Bound<'py, PyTuple>> {
    let class = python_class!(py, "_records", "FieldConflict")?;
    let conflicts = conflicts.iter().map(|conflict| {
        class.call1((
            conflict.contact_type.as_str(),
            conflict.field.as_str(),
            conflict.planned.as_deref(),
            conflict.now.as_deref(),
            conflict.wanted.as_deref(),
        ))
    });
    PyTuple::new(py, conflicts.collect::<PyResult<Vec<_>>>()?)
}

fn field_changes<'py>(py: Python<'py>, changes: &[FieldChange]) -> PyResult<Bound<'py, PyTuple>> {
    let class = python_class!(py, "_records", "FieldChange")?;
    let changes = changes.iter().map(|change| {
        class.call1((
            change.contact_type.as_str(),
            change.field.as_str(),
            value::to_python(py, &change.state)?,
            change.before.as_deref(),
            &change.after,
        ))
    });
    PyTuple::new(py, changes.collect::<PyResult<Vec<_>>>()?)
}

pub(crate) fn failure<'py>(py: Python<'py>, failure: &Failure) -> PyResult<Bound<'py, PyAny>> {
    python_class!(py, "_records", "Failure")?.call1((
        value::to_python(py, &failure.kind())?,
        failure.outcome().as_str(),
        PyTuple::new(py, failure.codes())?,
        failure.to_string(),
    ))
}

pub(crate) fn not_restorable<'py>(
    py: Python<'py>,
    item: &NotRestorable,
) -> PyResult<Bound<'py, PyAny>> {
    python_class!(py, "_records", "NotRestorable")?.call1((
        item.order_id.get(),
        item.contact_type.map(ContactType::as_str),
        item.field.map(Field::as_str),
        value::to_python(py, &item.reason)?,
        item.rule,
    ))
}

/// A summary, whose members are the arguments of its class.
pub(crate) fn summary<'py>(
    class: &Bound<'py, PyType>,
    summary: &impl Serialize,
) -> PyResult<Bound<'py, PyAny>> {
    let counts = value::to_python(class.py(), summary)?;
    class.call((), Some(counts.cast::<PyDict>()?))
}
