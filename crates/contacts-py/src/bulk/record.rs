//! The records of plans and reports, for `digicert_contacts._records`.

use std::sync::Arc;

use contacts_bulk::report::{FieldConflict, PlannedRecord, ResultRecord};
use contacts_bulk::undo::NotRestorable;
use contacts_bulk::{Failure, Plan, PlanFile, PlannedOrder, Report, ReportedOrder};
use contacts_core::{ContactType, Field, FieldChange};
use pyo3::exceptions::PyIndexError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple, PyType};
use serde::Serialize;

use crate::value;

#[doc = doc!("BulkOrders")]
#[pyclass(frozen, module = "digicert_contacts._core")]
pub(crate) struct BulkOrders(Orders);

/// Records are created on access: many of them take more memory than the plan.
enum Orders {
    Planned(Arc<PlanFile>),
    Reported(PlanFile, Report),
}

impl BulkOrders {
    pub(crate) const fn planned(plan: Arc<PlanFile>) -> Self {
        Self(Orders::Planned(plan))
    }

    pub(crate) const fn reported(plan: PlanFile, report: Report) -> Self {
        Self(Orders::Reported(plan, report))
    }

    fn plan(&self) -> &Plan {
        match &self.0 {
            Orders::Planned(plan) => plan.plan(),
            Orders::Reported(plan, _) => plan.plan(),
        }
    }
}

#[pymethods]
impl BulkOrders {
    fn __len__(&self) -> usize {
        self.plan().orders().len()
    }

    fn __getitem__<'py>(&self, py: Python<'py>, index: usize) -> PyResult<Bound<'py, PyAny>> {
        let out_of_range = || PyIndexError::new_err("index out of range");
        let planned = self.plan().orders().get(index).ok_or_else(out_of_range)?;
        match &self.0 {
            Orders::Planned(_) => planned_order(py, planned),
            Orders::Reported(_, report) => reported_order(py, planned, &report.orders()[index]),
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
