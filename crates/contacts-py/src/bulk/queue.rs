//! The option `send` of a run: a Python function that has another process update an order.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use contacts_bulk::{Failure, FailureKind, OrderResult, PlannedOrder, worker};
use contacts_core::Outcome;
use pyo3::exceptions::{PyBaseException, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyCFunction, PyTuple};

use crate::call::CancelFlag;
use crate::finalization;

/// How soon a wait notices that it is cancelled.
const TICK: Duration = Duration::from_millis(40);

/// Python threads that call the function.
pub(super) struct Queue {
    threads: Py<PyAny>,
    base_url: String,
    /// The first exception of the function that is not the failure of an order.
    raised: Mutex<Option<PyErr>>,
}

/// What the function returned or raised.
enum Answer {
    Returned(String),
    Failed(Failure),
    Raised(PyErr),
}

impl Queue {
    pub(super) fn start(send: &Bound<'_, PyAny>, threads: usize, base_url: &str) -> PyResult<Self> {
        let class = python_class!(send.py(), "_send", "SendThreads")?;
        Ok(Self {
            threads: class.call1((send, threads))?.unbind(),
            base_url: base_url.to_owned(),
            raised: Mutex::new(None),
        })
    }

    /// Calls the function in one of the threads, and waits for the result or until `cancelled` is set.
    pub(super) fn send(&self, order: &PlannedOrder, cancelled: &CancelFlag) -> OrderResult {
        let (done, answer) = mpsc::channel();
        let json = worker::order_to_json(order, &self.base_url, SystemTime::now());
        let put = |py: Python<'_>| {
            let done = PyCFunction::new_closure(py, None, None, move |arguments, _| {
                // A cancelled run has dropped the receiver.
                let _ = done.send(Answer::new(arguments));
            })?;
            let json = String::from_utf8_lossy(&json);
            self.threads.call_method1(py, "put", (json, done)).map(drop)
        };
        match finalization::attach(false, put) {
            Some(Ok(())) => {}
            Some(Err(error)) => return self.raise(error),
            None => return OrderResult::Failed(cancelled_meanwhile()),
        }
        loop {
            match answer.recv_timeout(TICK) {
                Ok(answer) => return self.result(order, answer),
                Err(RecvTimeoutError::Timeout) if !cancelled.is_set() => {}
                Err(_) => return OrderResult::Failed(cancelled_meanwhile()),
            }
        }
    }

    fn result(&self, order: &PlannedOrder, answer: Answer) -> OrderResult {
        match answer {
            Answer::Returned(json) => worker::result_from_json(order.order(), json.as_bytes())
                .unwrap_or_else(|error| self.raise(PyValueError::new_err(error.to_string()))),
            Answer::Failed(failure) => OrderResult::Failed(failure),
            Answer::Raised(error) => self.raise(error),
        }
    }

    /// Keeps the exception for the end of the run, which stops. Other orders that a worker has go on.
    fn raise(&self, error: PyErr) -> OrderResult {
        self.raised().get_or_insert(error);
        OrderResult::Failed(cancelled_meanwhile())
    }

    /// Ends the threads. Returns the exception of the function.
    pub(super) fn stop(self, py: Python<'_>) -> PyResult<()> {
        self.threads.call_method0(py, "stop")?;
        let raised = self.raised().take();
        raised.map_or(Ok(()), Err)
    }

    fn raised(&self) -> MutexGuard<'_, Option<PyErr>> {
        self.raised.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Answer {
    fn new(arguments: &Bound<'_, PyTuple>) -> Self {
        Self::parse(arguments).unwrap_or_else(Self::Raised)
    }

    fn parse(arguments: &Bound<'_, PyTuple>) -> PyResult<Self> {
        let answer = arguments.get_item(0)?;
        if let Ok(json) = answer.extract() {
            return Ok(Self::Returned(json));
        }
        let py = answer.py();
        if answer.is_instance(python_class!(py, "_exceptions", "RequestError")?)? {
            let rate_limited = python_class!(py, "_exceptions", "RateLimitError")?;
            let kind = if answer.is_instance(rate_limited)? {
                FailureKind::RateLimited
            } else {
                FailureKind::Unavailable
            };
            let message = answer.str()?.to_string();
            return Ok(Self::Failed(Failure::new(kind, Outcome::Unknown, message)));
        }
        if answer.is_instance_of::<PyBaseException>() {
            return Err(PyErr::from_value(answer));
        }
        let found = answer.get_type().name()?;
        let message = format!("send must return the str of Client.send_planned, not {found}");
        Err(PyTypeError::new_err(message))
    }
}

/// A worker may still have the order.
fn cancelled_meanwhile() -> Failure {
    let message = "cancelled while a worker may have had the order";
    Failure::new(FailureKind::Cancelled, Outcome::Unknown, message)
}
