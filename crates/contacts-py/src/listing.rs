//! The orders of an account, and their report.

use std::borrow::Cow;
use std::io::Read;
use std::sync::{Mutex, PoisonError};

use contacts_http::{Error, OrderList, OrderReport};
use pyo3::prelude::*;

use crate::order::Order;
use crate::{arg, call, error};

#[doc = doc!("Orders")]
#[pyclass(frozen, module = "digicert_contacts")]
pub(crate) struct Orders(Mutex<Reading>);

struct Reading {
    list: OrderList,
    /// Kept until the orders before it were given.
    failed: Option<Error>,
}

impl Orders {
    pub(crate) fn new(list: OrderList) -> Self {
        Self(Mutex::new(Reading { list, failed: None }))
    }
}

#[pymethods]
impl Orders {
    const fn __iter__(this: PyRef<'_, Self>) -> PyRef<'_, Self> {
        this
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Order>> {
        let next = || {
            let mut reading = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            match reading.failed.take() {
                Some(error) => Some(Err(error)),
                None => reading.list.next(),
            }
        };
        call::outside(py, next, |next| {
            let order = next.map(|order| order.map(Order));
            order.transpose().map_err(|e| error::request(py, &e))
        })
    }

    #[doc = doc!("Orders.take")]
    fn take(&self, py: Python<'_>, count: &Bound<'_, PyAny>) -> PyResult<Vec<Order>> {
        let count = arg::count("count", count, 0)?;
        let take = || {
            let mut reading = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let mut taken = Vec::new();
            while taken.len() < count && reading.failed.is_none() {
                match reading.list.next() {
                    Some(Ok(order)) => taken.push(Order(order)),
                    Some(Err(error)) => reading.failed = Some(error),
                    None => break,
                }
            }
            match reading.failed.take_if(|_| taken.is_empty()) {
                Some(error) => Err(error),
                None => Ok(taken),
            }
        };
        call::outside(py, take, |taken| taken.map_err(|e| error::request(py, &e)))
    }

    #[expect(clippy::unused_self, reason = "Python calls it on an object")]
    const fn __repr__(&self) -> &'static str {
        "<Orders>"
    }
}

#[doc = doc!("ReportBytes")]
#[pyclass(frozen, module = "digicert_contacts._core")]
pub(crate) struct ReportBytes(Mutex<OrderReport>);

impl ReportBytes {
    pub(crate) fn new(report: OrderReport) -> Self {
        Self(Mutex::new(report))
    }
}

#[pymethods]
impl ReportBytes {
    #[doc = doc!("ReportBytes.read")]
    fn read(&self, py: Python<'_>, most: u32) -> PyResult<Cow<'_, [u8]>> {
        let read = || {
            let mut report = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let mut buffer = vec![0; most.min(64 * 1024) as usize];
            let count = report.read(&mut buffer)?;
            buffer.truncate(count);
            std::io::Result::Ok(buffer)
        };
        call::outside(py, read, |read| {
            read.map(Cow::Owned).map_err(|e| error::report(py, &e))
        })
    }
}
