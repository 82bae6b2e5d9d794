use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use contacts_http::{Error, OrderFilter, OrderList};
use log::warn;
use pyo3::prelude::*;

use crate::client::Client;
use crate::order::Order;
use crate::{argument, call, error};

#[doc = doc!("Orders")]
#[pyclass(frozen, module = "digicert_contacts")]
pub(crate) struct Orders {
    state: Mutex<State>,
    client: Py<Client>,
}

struct State {
    list: OrderList,
    /// Orders that were read, and kept because a hook or a signal handler raised.
    buffer: VecDeque<Order>,
    /// Raised after the orders that were read before it.
    pending_error: Option<Error>,
}

pub(crate) fn filter(
    status: Option<&str>,
    search: Option<&str>,
    product_name_id: Option<&str>,
) -> OrderFilter {
    let mut filter = OrderFilter::default();
    if let Some(status) = status {
        filter = filter.status(status);
    }
    if let Some(text) = search {
        filter = filter.search(text);
    }
    if let Some(name_id) = product_name_id {
        filter = filter.product_name_id(name_id);
    }
    filter
}

impl Orders {
    pub(crate) const fn new(list: OrderList, client: Py<Client>) -> Self {
        let state = State {
            list,
            buffer: VecDeque::new(),
            pending_error: None,
        };
        Self {
            state: Mutex::new(state),
            client,
        }
    }
}

impl State {
    fn take(&mut self, count: usize) -> Result<Vec<Order>, Error> {
        while self.buffer.len() < count && self.pending_error.is_none() {
            match self.list.next() {
                Some(Ok(order)) => match order.id {
                    Some(id) => self.buffer.push_back(Order::new(id, order)),
                    None => warn!(
                        target: "contacts_py",
                        "a listed order has no readable id and is skipped"
                    ),
                },
                Some(Err(error)) => self.pending_error = Some(error),
                None => break,
            }
        }
        if call::has_raised() {
            return Ok(Vec::new());
        }
        if let Some(error) = self.pending_error.take_if(|_| self.buffer.is_empty()) {
            return Err(error);
        }
        let count = count.min(self.buffer.len());
        Ok(self.buffer.drain(..count).collect())
    }
}

#[pymethods]
impl Orders {
    const fn __iter__(this: PyRef<'_, Self>) -> PyRef<'_, Self> {
        this
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Order>> {
        self.detached(py, |state| state.take(1))
            .map(|mut orders| orders.pop())
    }

    #[doc = doc!("Orders.take")]
    fn take(&self, py: Python<'_>, count: &Bound<'_, PyAny>) -> PyResult<Vec<Order>> {
        let count = argument::count("count", count, 0)?;
        self.detached(py, |state| state.take(count))
    }

    #[doc = doc!("Orders.list")]
    fn list(&self, py: Python<'_>) -> PyResult<Vec<Order>> {
        let list = |state: &mut State| {
            let orders = state.take(usize::MAX)?;
            let error = state.pending_error.take_if(|_| !call::has_raised());
            error.map_or(Ok(orders), Err)
        };
        self.detached(py, list)
    }

    #[expect(clippy::unused_self, reason = "Python calls it on an object")]
    const fn __repr__(&self) -> &'static str {
        "<Orders>"
    }
}

impl Orders {
    fn detached(
        &self,
        py: Python<'_>,
        take: impl FnOnce(&mut State) -> Result<Vec<Order>, Error> + Send,
    ) -> PyResult<Vec<Order>> {
        let client = self.client.get();
        client.open(py)?;
        let take = || take(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
        call::requests(py, take, |orders| {
            orders.map_err(|e| error::request(py, &e, client.account().base_url()))
        })
    }
}
