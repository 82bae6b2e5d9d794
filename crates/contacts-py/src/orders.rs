use std::sync::{Mutex, PoisonError};

use contacts_http::{Error, OrderList};
use log::warn;
use pyo3::prelude::*;

use crate::order::Order;
use crate::{argument, call, error};

#[doc = doc!("Orders")]
#[pyclass(frozen, module = "digicert_contacts")]
pub(crate) struct Orders(Mutex<State>);

struct State {
    list: OrderList,
    /// Raised after the orders that were read before it.
    pending_error: Option<Error>,
}

impl Orders {
    pub(crate) fn new(list: OrderList) -> Self {
        Self(Mutex::new(State {
            list,
            pending_error: None,
        }))
    }
}

impl State {
    fn take(&mut self, count: usize) -> Result<Vec<Order>, Error> {
        let mut orders = Vec::new();
        while orders.len() < count && self.pending_error.is_none() {
            match self.list.next() {
                Some(Ok(order)) => match order.id {
                    Some(id) => orders.push(Order::new(id, order)),
                    None => warn!(
                        target: "contacts_py",
                        "a listed order has no readable id and is skipped"
                    ),
                },
                Some(Err(error)) => self.pending_error = Some(error),
                None => break,
            }
        }
        match self.pending_error.take_if(|_| orders.is_empty()) {
            Some(error) => Err(error),
            None => Ok(orders),
        }
    }
}

#[pymethods]
impl Orders {
    const fn __iter__(this: PyRef<'_, Self>) -> PyRef<'_, Self> {
        this
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Order>> {
        self.take_next(py, 1).map(|mut orders| orders.pop())
    }

    #[doc = doc!("Orders.take")]
    fn take(&self, py: Python<'_>, count: &Bound<'_, PyAny>) -> PyResult<Vec<Order>> {
        self.take_next(py, argument::count("count", count, 0)?)
    }

    #[expect(clippy::unused_self, reason = "Python calls it on an object")]
    const fn __repr__(&self) -> &'static str {
        "<Orders>"
    }
}

impl Orders {
    fn take_next(&self, py: Python<'_>, count: usize) -> PyResult<Vec<Order>> {
        let take = || {
            let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            state.take(count)
        };
        call::detached(py, take, |orders| {
            orders.map_err(|e| error::request(py, &e))
        })
    }
}
