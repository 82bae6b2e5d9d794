use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use contacts_bulk::input::Snapshot;
use contacts_bulk::undo::{self, NotRestorable};
use contacts_bulk::{
    JournalFile, JournalStorage, Plan, PlanFile, PlanStopped, PlannedOrder, Replay, Run, State,
    UndoPlan,
};
use contacts_http::RateLimit;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::{PyDict, PyTuple};

use super::api::CancellableApi;
use super::output;
use super::progress::Progress;
use super::record::{self, BulkOrders};
use super::run::{self, Options, ReportArguments};
use super::source::BulkSource;
use crate::client::Client;
use crate::{call, error};

#[doc = doc!("BulkPlan")]
#[pyclass(frozen, module = "digicert_contacts._core")]
pub(crate) struct BulkPlan {
    plan: Arc<PlanFile>,
    not_restorable: Vec<NotRestorable>,
    client: Py<Client>,
    applied: AtomicBool,
}

impl BulkPlan {
    pub(super) fn new(plan: PlanFile, client: &Bound<'_, Client>) -> Self {
        let warnings = || plan.plan().orders().iter().flat_map(undo::warnings);
        let not_restorable = call::detached(client.py(), || warnings().collect(), |all| all);
        Self::of_undo(plan, not_restorable, client)
    }

    fn of_undo(
        plan: PlanFile,
        not_restorable: Vec<NotRestorable>,
        client: &Bound<'_, Client>,
    ) -> Self {
        Self {
            plan: Arc::new(plan),
            not_restorable,
            client: client.clone().unbind(),
            applied: AtomicBool::new(false),
        }
    }
}

#[pymethods]
impl BulkPlan {
    #[doc = doc!("BulkPlan.orders")]
    #[getter]
    fn orders(&self) -> BulkOrders {
        BulkOrders::planned(Arc::clone(&self.plan))
    }

    #[doc = doc!("BulkPlan.summary")]
    #[getter]
    fn summary<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let class = python_class!(py, "_records", "PlanSummary")?;
        record::summary(class, &self.plan.plan().summary())
    }

    #[doc = doc!("BulkPlan.not_restorable")]
    #[getter]
    fn not_restorable<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let records = self.not_restorable.iter();
        let records = records.map(|item| record::not_restorable(py, item));
        PyTuple::new(py, records.collect::<PyResult<Vec<_>>>()?)
    }

    #[doc = doc!("BulkPlan.base_url")]
    #[getter]
    fn base_url(&self) -> &str {
        self.plan.base_url()
    }

    #[doc = doc!("BulkPlan.created")]
    #[getter]
    fn created(&self) -> &str {
        self.plan.created()
    }

    #[doc = doc!("BulkPlan.digest")]
    #[getter]
    fn digest(&self) -> String {
        self.plan.digest()
    }

    #[doc = doc!("BulkPlan.write")]
    #[expect(clippy::needless_pass_by_value, reason = "pyo3 passes owned values")]
    fn write(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        let write = || output::write_new(&path, |to| self.plan.write(to));
        call::detached(py, write, |written| {
            written.map_err(|e| error::file(&path, &e))
        })
    }

    #[doc = doc!("BulkPlan.estimate")]
    #[pyo3(signature = (**options))]
    fn estimate(&self, options: Option<&Bound<'_, PyDict>>) -> PyResult<(usize, f64)> {
        let options = Options::new(options)?;
        let requests = options.settings.max_requests(&self.plan.plan().summary());
        let time = RateLimit::shortest_time(self.client.get().rate_limits(), requests);
        Ok((requests, time.as_secs_f64()))
    }

    #[doc = doc!("BulkPlan.apply")]
    #[pyo3(signature = (journal, callback, **options))]
    fn apply<'py>(
        &self,
        py: Python<'py>,
        journal: Option<PathBuf>,
        callback: Option<Py<PyAny>>,
        options: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<ReportArguments<'py>> {
        let options = Options::new(options)?;
        let client = self.client.get();
        let open = client.open(py)?;
        let checked = self.plan.check(client.account());
        checked.map_err(|mismatch| error::account_mismatch(py, "the plan", &mismatch))?;
        if self.applied.swap(true, Ordering::SeqCst) {
            let message = "the plan was already applied; use resume(), or make a new plan";
            return Err(PyRuntimeError::new_err(message));
        }
        let (has_journal, path) = (journal.is_some(), journal.unwrap_or_default());
        let start = || {
            let storage: Box<dyn JournalStorage + Send> = if has_journal {
                Box::new(JournalFile::create(&path)?)
            } else {
                Box::new(io::sink())
            };
            let plan = PlanFile::clone(&self.plan);
            Run::start(plan, client.account(), storage, SystemTime::now).inspect_err(|_| {
                // A journal without its plan is useless.
                if has_journal {
                    let _ = std::fs::remove_file(&path);
                }
            })
        };
        let started = call::detached(py, start, |run| run.map_err(|e| error::file(&path, &e)));
        let run = started.inspect_err(|_| self.applied.store(false, Ordering::SeqCst))?;
        run::apply(py, run, options, open, callback)
    }
}

#[doc = doc!("bulk_plan")]
#[pyfunction]
#[pyo3(signature = (client, source, callback))]
pub(crate) fn bulk_plan(
    client: &Bound<'_, Client>,
    source: &BulkSource,
    callback: Option<Py<PyAny>>,
) -> PyResult<BulkPlan> {
    let input = source.input(client.py())?;
    let orders = input.orders().len();
    let plan = read_orders(client, orders, callback, |api, progress| {
        Plan::fetch(input, api, progress)
    })?;
    Ok(BulkPlan::new(plan, client))
}

#[doc = doc!("bulk_snapshot_plan")]
#[pyfunction]
#[expect(clippy::needless_pass_by_value, reason = "pyo3 passes owned values")]
pub(crate) fn bulk_snapshot_plan(
    client: &Bound<'_, Client>,
    source: &BulkSource,
    name: &str,
    content: PyBackedBytes,
    created: f64,
) -> PyResult<BulkPlan> {
    let py = client.py();
    let input = source.input(py)?;
    let read =
        || Snapshot::from_bytes(&content).map(|snapshot| Plan::from_snapshot(input, &snapshot));
    let name = contacts_core::printable(name);
    let plan = call::detached(py, read, |plan| {
        plan.map_err(|problems| error::input(py, Some(&name), &problems))
    })?;
    let created = Duration::try_from_secs_f64(created).unwrap_or_default();
    let base_url = client.get().account().base_url();
    let plan = PlanFile::new(plan, base_url, SystemTime::UNIX_EPOCH + created);
    Ok(BulkPlan::new(plan, client))
}

#[doc = doc!("bulk_unread_plan")]
#[pyfunction]
pub(crate) fn bulk_unread_plan(
    client: &Bound<'_, Client>,
    source: &BulkSource,
) -> PyResult<BulkPlan> {
    let plan = Plan::unread(source.input(client.py())?);
    let base_url = client.get().account().base_url();
    let plan = PlanFile::new(plan, base_url, SystemTime::now());
    Ok(BulkPlan::new(plan, client))
}

#[doc = doc!("bulk_read_plan")]
#[pyfunction]
pub(crate) fn bulk_read_plan(
    client: &Bound<'_, Client>,
    name: &str,
    content: &[u8],
) -> PyResult<BulkPlan> {
    let py = client.py();
    let read = || PlanFile::read(content);
    let plan = call::detached(py, read, |plan| {
        plan.map_err(|e| error::invalid_file(py, name, &e))
    })?;
    plan.check(client.get().account())
        .map_err(|mismatch| error::account_mismatch(py, name, &mismatch))?;
    Ok(BulkPlan::new(plan, client))
}

#[doc = doc!("bulk_undo")]
#[pyfunction]
#[pyo3(signature = (client, name, journal, other_key, callback))]
pub(crate) fn bulk_undo(
    client: &Bound<'_, Client>,
    name: &str,
    journal: &[u8],
    other_key: bool,
    callback: Option<Py<PyAny>>,
) -> PyResult<BulkPlan> {
    let py = client.py();
    let read = || Replay::read(journal);
    let replay = call::detached(py, read, |replay| {
        replay.map_err(|e| error::invalid_file(py, name, &e))
    })?;
    run::check(py, &replay, client.get(), other_key, name)?;
    let mut not_restorable = Vec::new();
    let plan = read_orders(client, replay.changed(), callback, |api, progress| {
        let undo = UndoPlan::fetch(&replay, api, progress)?;
        not_restorable.extend_from_slice(undo.not_restorable());
        Ok(undo.into_plan())
    })?;
    Ok(BulkPlan::of_undo(plan, not_restorable, client))
}

/// Makes a plan with `make`, which reads `total` orders.
fn read_orders(
    client: &Bound<'_, Client>,
    total: usize,
    callback: Option<Py<PyAny>>,
    make: impl FnOnce(&CancellableApi, &mut dyn FnMut(&PlannedOrder)) -> Result<Plan, PlanStopped>
    + Send,
) -> PyResult<PlanFile> {
    let created = SystemTime::now();
    let read = |api: &CancellableApi, progress: &mut Progress| {
        progress.expect(total);
        make(api, &mut |order| {
            let failed = matches!(order.state(), State::ReadFailed(_));
            progress.finished(order.order(), order.state().name(), failed);
        })
    };
    Progress::read(client, callback, read, |plan| {
        let plan = plan.map_err(|stopped| error::plan_stopped(client.py(), &stopped))?;
        Ok(PlanFile::new(
            plan,
            client.get().account().base_url(),
            created,
        ))
    })
}
