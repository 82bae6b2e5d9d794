use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use contacts_sandbox::{Account, Fault, FaultError, ManualClock, RateLimits};
use pyo3::exceptions::{PyOSError, PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::{argument, rate_limits, value};

#[doc = doc!("Sandbox")]
#[pyclass(frozen, module = "digicert_contacts.testing")]
pub(crate) struct Sandbox {
    /// `None` if it is stopped.
    running: Mutex<Option<contacts_sandbox::Sandbox>>,
    clock: Option<ManualClock>,
    base_url: String,
    admin_url: Option<String>,
    api_key: String,
}

impl Sandbox {
    fn with<T: Send>(
        &self,
        py: Python<'_>,
        read: impl FnOnce(&contacts_sandbox::Sandbox) -> T + Send,
    ) -> PyResult<T> {
        let stopped = || PyRuntimeError::new_err("the sandbox is stopped");
        py.detach(|| {
            let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
            running.as_ref().map(read)
        })
        .ok_or_else(stopped)
    }

    /// As Python dicts and lists.
    fn view<'py, T: Serialize + Send>(
        &self,
        py: Python<'py>,
        read: impl FnOnce(&contacts_sandbox::Sandbox) -> T + Send,
    ) -> PyResult<Bound<'py, PyAny>> {
        value::to_python(py, &self.with(py, read)?)
    }
}

fn order_count(orders: usize) -> PyResult<u32> {
    let orders = u32::try_from(orders).ok().filter(|n| *n <= 5_000_000);
    orders.ok_or_else(|| PyValueError::new_err("orders must be at most 5,000,000"))
}

fn seconds(value: f64) -> PyResult<Duration> {
    Duration::try_from_secs_f64(value)
        .map_err(|_| PyValueError::new_err("seconds must be a finite number, and not negative"))
}

fn invalid_fault(error: &FaultError) -> PyErr {
    PyValueError::new_err(error.to_string())
}

#[pymethods]
impl Sandbox {
    #[new]
    #[pyo3(signature = (
        *, port=0, admin=false, orders=None, seed=1, snapshot=None, rate_limits=None,
        manual_clock=false, faults=None,
    ))]
    #[expect(clippy::too_many_arguments, reason = "keywords, in Python")]
    fn new(
        py: Python<'_>,
        port: u16,
        admin: bool,
        orders: Option<&Bound<'_, PyAny>>,
        seed: u64,
        snapshot: Option<PathBuf>,
        rate_limits: Option<&Bound<'_, PyAny>>,
        manual_clock: bool,
        faults: Option<Vec<String>>,
    ) -> PyResult<Self> {
        if orders.is_some() && snapshot.is_some() {
            return Err(PyValueError::new_err("pass either orders or snapshot"));
        }
        let orders = orders.map(|orders| argument::count("orders", orders, 0));
        let orders = orders.transpose()?.map(order_count).transpose()?;
        let builder = contacts_sandbox::Sandbox::builder().address(([127, 0, 0, 1], port).into());
        let mut builder = match rate_limits {
            Some(windows) => builder.rate_limits(RateLimits::new(rate_limits::windows(windows)?)),
            None => builder,
        };
        if admin {
            builder = builder.admin(([127, 0, 0, 1], 0).into());
        }
        for fault in faults.unwrap_or_default() {
            builder = builder.fault(fault.parse().map_err(|error| invalid_fault(&error))?);
        }
        let clock = manual_clock.then(ManualClock::default);
        if let Some(clock) = &clock {
            builder = builder.clock(clock.clone());
        }
        let started = py.detach(|| {
            if let Some(orders) = orders {
                builder = builder.account(Account::seeded(orders, seed));
            }
            if let Some(snapshot) = snapshot {
                builder = builder.snapshot(snapshot)?;
            }
            builder.start()
        });
        let sandbox = started.map_err(|error| match error.kind() {
            std::io::ErrorKind::InvalidData => PyValueError::new_err(error.to_string()),
            std::io::ErrorKind::NotFound => error.into(),
            _ => PyOSError::new_err(format!(
                "the sandbox cannot listen on 127.0.0.1:{port}: {error}"
            )),
        })?;
        Ok(Self {
            base_url: sandbox.base_url(),
            admin_url: sandbox.admin_url(),
            api_key: sandbox.api_key().to_owned(),
            clock,
            running: Mutex::new(Some(sandbox)),
        })
    }

    #[doc = doc!("Sandbox.base_url")]
    #[getter]
    fn base_url(&self) -> &str {
        &self.base_url
    }

    #[doc = doc!("Sandbox.admin_url")]
    #[getter]
    fn admin_url(&self) -> Option<&str> {
        self.admin_url.as_deref()
    }

    #[doc = doc!("Sandbox.api_key")]
    #[getter]
    fn api_key(&self) -> &str {
        &self.api_key
    }

    #[doc = doc!("Sandbox.order")]
    fn order<'py>(&self, py: Python<'py>, order_id: u64) -> PyResult<Bound<'py, PyAny>> {
        self.view(py, |sandbox| sandbox.order(order_id))
    }

    #[doc = doc!("Sandbox.requests")]
    fn requests(&self, py: Python<'_>) -> PyResult<Vec<(String, String, u16)>> {
        let requests = self.with(py, contacts_sandbox::Sandbox::requests)?;
        let requests = requests.into_iter();
        Ok(requests.map(|r| (r.method, r.target, r.status)).collect())
    }

    #[doc = doc!("Sandbox.log")]
    fn log<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.view(py, contacts_sandbox::Sandbox::requests)
    }

    #[doc = doc!("Sandbox.changes")]
    fn changes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.view(py, contacts_sandbox::Sandbox::changes)
    }

    #[doc = doc!("Sandbox.history")]
    fn history<'py>(&self, py: Python<'py>, order_id: u64) -> PyResult<Bound<'py, PyAny>> {
        self.view(py, |sandbox| sandbox.history(order_id))
    }

    #[doc = doc!("Sandbox.state")]
    fn state<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.view(py, contacts_sandbox::Sandbox::state)
    }

    #[doc = doc!("Sandbox.add_fault")]
    #[pyo3(signature = (action, **settings))]
    fn add_fault(
        &self,
        py: Python<'_>,
        action: &str,
        settings: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<u64> {
        let settings = settings.map_or_else(|| Ok(PyDict::new(py)), PyDictMethods::copy)?;
        settings.set_item("action", action)?;
        let settings: Map<String, Value> = pythonize::depythonize(&settings)?;
        let fault = Fault::try_from(settings).map_err(|error| invalid_fault(&error))?;
        self.with(py, |sandbox| sandbox.add_fault(fault))?
            .map_err(|error| invalid_fault(&error))
    }

    #[doc = doc!("Sandbox.remove_fault")]
    fn remove_fault(&self, py: Python<'_>, fault_id: u64) -> PyResult<()> {
        self.with(py, |sandbox| sandbox.remove_fault(fault_id))
    }

    #[doc = doc!("Sandbox.clear_faults")]
    fn clear_faults(&self, py: Python<'_>) -> PyResult<()> {
        self.with(py, contacts_sandbox::Sandbox::clear_faults)
    }

    #[doc = doc!("Sandbox.faults")]
    fn faults<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.view(py, contacts_sandbox::Sandbox::faults)
    }

    #[doc = doc!("Sandbox.advance")]
    #[pyo3(name = "advance")]
    fn advance_clock(&self, seconds: f64) -> PyResult<()> {
        let message = "only a sandbox with manual_clock=True has a clock that can be advanced";
        let clock = self.clock.as_ref();
        let clock = clock.ok_or_else(|| PyRuntimeError::new_err(message))?;
        clock.advance(self::seconds(seconds)?);
        Ok(())
    }

    #[doc = doc!("Sandbox.save")]
    fn save(&self, py: Python<'_>, file: PathBuf) -> PyResult<()> {
        Ok(self.with(py, |sandbox| sandbox.save(file))??)
    }

    #[doc = doc!("Sandbox.restore")]
    fn restore(&self, py: Python<'_>, file: PathBuf) -> PyResult<()> {
        let restored = self.with(py, |sandbox| sandbox.restore(file))?;
        restored.map_err(|error| match error.kind() {
            std::io::ErrorKind::InvalidData => PyValueError::new_err(error.to_string()),
            _ => error.into(),
        })
    }

    #[doc = doc!("Sandbox.stop")]
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
