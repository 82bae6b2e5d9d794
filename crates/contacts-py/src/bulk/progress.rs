//! How far a plan or a run is, told to Python while it lasts.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use contacts_core::OrderId;
use pyo3::prelude::*;

use crate::{call, leaving, main_thread};

/// The callback of a plan or a run; whatever it raises ends that.
pub(crate) struct Progress {
    callback: Option<Py<PyAny>>,
    stop: Arc<AtomicBool>,
    raised: Option<PyErr>,
    total: usize,
    done: usize,
    failed: usize,
}

impl Progress {
    pub(crate) fn new(callback: Option<Py<PyAny>>, stop: Arc<AtomicBool>, total: usize) -> Self {
        Self {
            callback,
            stop,
            raised: None,
            total,
            done: 0,
            failed: 0,
        }
    }

    /// An order came to its end.
    pub(crate) fn ended(&mut self, order: OrderId, result: &str, failed: bool) {
        self.done += 1;
        self.failed += usize::from(failed);
        let callback = self.callback.as_ref().filter(|_| self.raised.is_none());
        if let Some(callback) = callback {
            let event = (self.done, self.total, self.failed, order.get(), result);
            let told = leaving::inside(main_thread::is_here(), |py| callback.call1(py, event));
            match told {
                Some(Ok(_)) => {}
                Some(Err(error)) => self.raise(error),
                // The interpreter is leaving.
                None => self.stop.store(true, Ordering::SeqCst),
            }
        }
        self.look();
    }

    /// Looks for signals and cancellation, on the thread that called.
    pub(crate) fn look(&self) {
        if call::interrupted() {
            self.stop.store(true, Ordering::SeqCst);
        }
    }

    fn raise(&mut self, error: PyErr) {
        self.stop.store(true, Ordering::SeqCst);
        self.raised = Some(error);
    }

    /// What the callback or a handler of a signal raised.
    pub(crate) fn raised(self) -> Option<PyErr> {
        self.raised.or_else(call::raised)
    }
}
