use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use contacts_bulk::{
    JournalFile, JournalStorage, NotRestorable, Plan, PlanFile, PlanStopped, PlannedOrder,
    PlannedRecord, Replay, Run, State, UndoPlan, create_private,
};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

use super::progress::Progress;
use super::run::{self, Settings, Told};
use super::source::BulkSource;
use super::watched::Watched;
use crate::client::Client;
use crate::{call, error};

#[doc = doc!("BulkPlan")]
#[pyclass(frozen, module = "digicert_contacts._core")]
pub(crate) struct BulkPlan {
    plan: PlanFile,
    left: Vec<NotRestorable>,
    client: Py<Client>,
    applied: AtomicBool,
}

impl BulkPlan {
    const fn new(plan: PlanFile, left: Vec<NotRestorable>, client: Py<Client>) -> Self {
        Self {
            plan,
            left,
            client,
            applied: AtomicBool::new(false),
        }
    }
}

#[pymethods]
impl BulkPlan {
    #[doc = doc!("BulkPlan.orders")]
    fn orders(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        let orders = self.plan.plan().orders();
        py.detach(|| {
            let records = orders.iter().map(PlannedRecord::from);
            records.map(|record| run::json(&record)).collect()
        })
    }

    #[doc = doc!("BulkPlan.summary")]
    fn summary(&self) -> PyResult<String> {
        run::json(&self.plan.plan().summary())
    }

    #[doc = doc!("BulkPlan.left")]
    fn left(&self) -> PyResult<String> {
        run::json(&self.left)
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
    #[expect(clippy::needless_pass_by_value, reason = "Python hands it over")]
    fn write(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        let write = || {
            let file = create_private(&path)?;
            let mut to = BufWriter::new(&file);
            let written = self.plan.write(&mut to).and_then(|()| to.flush());
            written.and_then(|()| file.sync_all()).inspect_err(|_| {
                let _ = std::fs::remove_file(&path);
            })
        };
        call::outside(py, write, |written| {
            written.map_err(|e| error::file(&path, &e))
        })
    }

    #[doc = doc!("BulkPlan.apply")]
    #[pyo3(signature = (journal, settings, callback))]
    fn apply(
        &self,
        py: Python<'_>,
        journal: Option<PathBuf>,
        settings: &Bound<'_, PyAny>,
        callback: Option<Py<PyAny>>,
    ) -> PyResult<Told> {
        let settings = Settings::of(settings)?;
        let client = self.client.get();
        let open = client.open()?;
        let checked = self.plan.check(client.account());
        checked.map_err(|refused| error::refused(py, "the plan", &refused))?;
        if self.applied.swap(true, Ordering::SeqCst) {
            let message = "the plan was applied before; go on with resume(), or make another";
            return Err(PyRuntimeError::new_err(message));
        }
        let (kept, path) = (journal.is_some(), journal.unwrap_or_default());
        let start = || {
            let storage: Box<dyn JournalStorage + Send> = if kept {
                Box::new(JournalFile::create(&path)?)
            } else {
                Box::new(io::sink())
            };
            let plan = self.plan.clone();
            let run = Run::start(plan, client.account(), storage, SystemTime::now);
            run.inspect_err(|_| {
                // A journal without its whole plan is of no use.
                if kept {
                    let _ = std::fs::remove_file(&path);
                }
            })
        };
        let begun = call::outside(py, start, |begun| begun.map_err(|e| error::file(&path, &e)));
        let mut run = begun.inspect_err(|_| self.applied.store(false, Ordering::SeqCst))?;
        run::apply(py, &mut run, settings, open, callback)
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
    let made = reading(client, orders, callback, |api, progress| {
        Plan::new(input, api, progress)
    })?;
    Ok(BulkPlan::new(made.0, Vec::new(), made.1))
}

#[doc = doc!("bulk_read_plan")]
#[pyfunction]
pub(crate) fn bulk_read_plan(
    client: &Bound<'_, Client>,
    name: &str,
    content: &[u8],
) -> PyResult<BulkPlan> {
    let py = client.py();
    let plan = PlanFile::read(content).map_err(|e| error::plan_file(py, name, &e))?;
    plan.check(client.get().account())
        .map_err(|refused| error::refused(py, name, &refused))?;
    Ok(BulkPlan::new(plan, Vec::new(), client.clone().unbind()))
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
    let replay = Replay::read(journal).map_err(|e| error::journal(py, name, &e))?;
    replay
        .check(client.get().account(), other_key)
        .map_err(|refused| error::refused(py, name, &refused))?;
    let mut left = Vec::new();
    let made = reading(client, replay.changed(), callback, |api, progress| {
        let undo = UndoPlan::new(&replay, api, progress)?;
        left.extend_from_slice(undo.left());
        Ok(undo.into_plan())
    })?;
    Ok(BulkPlan::new(made.0, left, made.1))
}

/// Makes a plan of `orders` orders with `make`.
fn reading(
    client: &Bound<'_, Client>,
    orders: usize,
    callback: Option<Py<PyAny>>,
    make: impl FnOnce(&Watched, &mut dyn FnMut(&PlannedOrder)) -> Result<Plan, PlanStopped> + Send,
) -> PyResult<(PlanFile, Py<Client>)> {
    let py = client.py();
    let open = client.get().open()?;
    let created = SystemTime::now();
    let stop = call::cancellation();
    let mut progress = Progress::new(callback, stop.clone(), orders);
    let read = move || {
        let api = Watched::new(open, stop);
        let plan = make(&api, &mut |order| {
            let (state, failed) = (order.state(), matches!(order.state(), State::ReadFailed(_)));
            progress.ended(order.order(), state.name(), failed);
        });
        (plan, progress.raised())
    };
    call::outside(py, read, |(plan, raised)| {
        if let Some(error) = raised {
            return Err(error);
        }
        let plan = plan.map_err(|stopped| error::stopped(py, &stopped))?;
        let base_url = client.get().account().base_url();
        Ok((
            PlanFile::new(plan, base_url, created),
            client.clone().unbind(),
        ))
    })
}
