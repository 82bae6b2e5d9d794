use std::sync::Arc;

use contacts_core::OrderId;
use pyo3::prelude::*;

use super::api::CancellableApi;
use crate::call::{self, CancelFlag};
use crate::client::Client;
use crate::{finalization, main_thread};

/// The progress of a plan or a run, which is passed to a callback. An exception of the callback
/// stops the plan or the run.
pub(crate) struct Progress {
    callback: Option<Py<PyAny>>,
    stop: Arc<CancelFlag>,
    total: usize,
    done: usize,
    failed: usize,
}

impl Progress {
    pub(crate) fn new(callback: Option<Py<PyAny>>, stop: Arc<CancelFlag>, total: usize) -> Self {
        Self {
            callback,
            stop,
            total,
            done: 0,
            failed: 0,
        }
    }

    /// Adds orders to the total.
    pub(crate) const fn expect(&mut self, orders: usize) {
        self.total += orders;
    }

    /// Counts a finished order.
    pub(crate) fn finished(&mut self, order: OrderId, result: &str, failed: bool) {
        self.done += 1;
        self.failed += usize::from(failed);
        let callback = self.callback.as_ref().filter(|_| !self.stop.has_raised());
        if let Some(callback) = callback {
            let counts = (self.done, self.total, self.failed, order.get(), result);
            let called = finalization::attach(main_thread::is_current(), |py| {
                let progress = python_class!(py, "_records", "Progress")?.call1(counts)?;
                callback.call1(py, (progress,))
            });
            match called {
                Some(Ok(_)) => {}
                Some(Err(error)) => self.stop.raise(error),
                // The interpreter is finalizing.
                None => self.stop.set(),
            }
        }
        self.check_interrupt();
    }

    /// Checks for signals and cancellation, in the thread of the call.
    pub(crate) fn check_interrupt(&self) {
        if call::interrupted() {
            self.stop.set();
        }
    }

    /// Reads orders with `read`, detached from the interpreter, and converts the result with `convert`,
    /// unless the callback or a signal handler raised.
    pub(crate) fn read<T: Send, R>(
        client: &Bound<'_, Client>,
        callback: Option<Py<PyAny>>,
        read: impl FnOnce(&CancellableApi, &mut Self) -> T + Send,
        convert: impl FnOnce(T) -> PyResult<R>,
    ) -> PyResult<R> {
        let open = client.get().open(client.py())?;
        let stop = call::cancellation_flag();
        let mut progress = Self::new(callback, stop.clone(), 0);
        let read = move || {
            let result = read(&CancellableApi::new(open, stop), &mut progress);
            (result, progress.raised())
        };
        call::detached(client.py(), read, |(result, raised)| {
            raised.map_or(Ok(()), Err)?;
            convert(result)
        })
    }

    /// The exception of the callback, a hook or a signal handler.
    pub(crate) fn raised(self) -> Option<PyErr> {
        let of_thread = call::take_raised();
        self.stop.take_raised().or(of_thread)
    }
}
