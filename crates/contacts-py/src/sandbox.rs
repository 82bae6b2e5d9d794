use std::sync::{Mutex, PoisonError};

use pyo3::exceptions::{PyOSError, PyRuntimeError};
use pyo3::prelude::*;

/// A local stand-in for DigiCert's API.
#[pyclass(frozen, module = "digicert_contacts.testing")]
pub(crate) struct Sandbox {
    /// `None` once it was stopped.
    running: Mutex<Option<contacts_sandbox::Sandbox>>,
    base_url: String,
    api_key: String,
}

impl Sandbox {
    fn with<T>(&self, look: impl FnOnce(&contacts_sandbox::Sandbox) -> T) -> PyResult<T> {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let stopped = || PyRuntimeError::new_err("the sandbox was stopped");
        running.as_ref().map(look).ok_or_else(stopped)
    }
}

#[pymethods]
impl Sandbox {
    #[new]
    #[pyo3(signature = (*, port=0))]
    fn new(py: Python<'_>, port: u16) -> PyResult<Self> {
        let address = ([127, 0, 0, 1], port).into();
        let started = py.detach(|| {
            contacts_sandbox::Sandbox::builder()
                .address(address)
                .start()
        });
        let sandbox = started.map_err(|error| {
            PyOSError::new_err(format!(
                "the sandbox can't listen on 127.0.0.1:{port}: {error}"
            ))
        })?;
        Ok(Self {
            base_url: sandbox.base_url(),
            api_key: sandbox.api_key().to_owned(),
            running: Mutex::new(Some(sandbox)),
        })
    }

    #[getter]
    fn base_url(&self) -> &str {
        &self.base_url
    }

    #[getter]
    fn api_key(&self) -> &str {
        &self.api_key
    }

    /// An order as it stands, as a dict; `None` where there is none.
    fn order<'py>(&self, py: Python<'py>, order_id: u64) -> PyResult<Option<Bound<'py, PyAny>>> {
        let Some(order) = self.with(|sandbox| sandbox.order(order_id))? else {
            return Ok(None);
        };
        let loads = py.import("json")?.getattr("loads")?;
        loads.call1((order.to_string(),)).map(Some)
    }

    /// The requests that were answered: method, path, status.
    fn requests(&self) -> PyResult<Vec<(String, String, u16)>> {
        let requests = self.with(contacts_sandbox::Sandbox::requests)?;
        let told = requests.into_iter().map(|r| (r.method, r.target, r.status));
        Ok(told.collect())
    }

    /// Stops it; a second time does nothing.
    fn stop(&self, py: Python<'_>) {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let sandbox = running.take();
        drop(running);
        py.detach(|| drop(sandbox));
    }

    const fn __enter__(this: PyRef<'_, Self>) -> PyRef<'_, Self> {
        this
    }

    #[pyo3(signature = (*_exception))]
    fn __exit__(&self, py: Python<'_>, _exception: &Bound<'_, PyAny>) {
        self.stop(py);
    }

    fn __repr__(&self) -> String {
        format!("<Sandbox at {}>", self.base_url)
    }
}
