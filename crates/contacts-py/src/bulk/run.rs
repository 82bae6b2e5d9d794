use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::SystemTime;

use contacts_bulk::{
    JournalFile, JournalStorage, OrderResult, Replay, ResultRecord, Run, RunEvent, RunSettings,
};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use serde::Serialize;

use super::progress::Progress;
use super::watched::Watched;
use crate::client::Client;
use crate::{arg, call, error};

/// The keywords of a run.
pub(crate) struct Settings {
    limit: Option<usize>,
    run: RunSettings,
}

impl Settings {
    pub(crate) fn of(given: &Bound<'_, PyAny>) -> PyResult<Self> {
        let count = |name, least| {
            let number = given.getattr(name)?;
            let counted = (!number.is_none()).then(|| arg::count(name, &number, least));
            counted.transpose()
        };
        let is_set = |name| {
            let value = given.getattr(name)?;
            let found = value.get_type().name()?;
            value.extract::<bool>().map_err(|_| {
                PyTypeError::new_err(format!("{name} must be True or False, not {found}"))
            })
        };
        let concurrency = count("concurrency", 1)?.and_then(NonZeroUsize::new);
        let mut run = RunSettings::default()
            .concurrency(concurrency.unwrap_or(NonZeroUsize::MIN))
            .check_again(is_set("check_again")?)
            .verify(is_set("verify")?);
        let limit = count("limit", 0)?;
        if let Some(orders) = limit {
            run = run.limit(orders);
        }
        if let Some(failures) = count("stop_after_failures", 1)? {
            run = run.stop_after_failures(failures);
        }
        Ok(Self { limit, run })
    }
}

/// What a run told: its counts, what stopped it, and each order, as JSON.
pub(crate) type Told = (String, Option<String>, Vec<String>);

#[doc = doc!("bulk_resume")]
#[pyfunction]
#[pyo3(signature = (client, journal, other_key, settings, callback))]
#[expect(clippy::needless_pass_by_value, reason = "Python hands it over")]
pub(crate) fn bulk_resume(
    py: Python<'_>,
    client: &Client,
    journal: PathBuf,
    other_key: bool,
    settings: &Bound<'_, PyAny>,
    callback: Option<Py<PyAny>>,
) -> PyResult<Told> {
    let settings = Settings::of(settings)?;
    let open = client.open()?;
    let name = journal.display().to_string();
    let opened = call::outside(
        py,
        || JournalFile::open(&journal).map(|(file, bytes)| (file, Replay::read(&bytes))),
        |opened| opened.map_err(|e| error::file(&journal, &e)),
    );
    let (mut file, replay) = opened?;
    let replay = replay.map_err(|e| error::journal(py, &name, &e))?;
    replay
        .check(client.account(), other_key)
        .map_err(|refused| error::refused(py, &name, &refused))?;
    let length = u64::try_from(replay.length()).unwrap_or(u64::MAX);
    let resumed = file
        .cut(length)
        .and_then(|()| Run::resume(replay, client.account(), file, SystemTime::now));
    let mut run = resumed.map_err(|e| error::file(&journal, &e))?;
    apply(py, &mut run, settings, open, callback)
}

/// Sends what a run has open.
pub(crate) fn apply<S: JournalStorage + Send, C: Fn() -> SystemTime + Send + Sync>(
    py: Python<'_>,
    run: &mut Run<S, C>,
    settings: Settings,
    client: contacts_http::Client,
    callback: Option<Py<PyAny>>,
) -> PyResult<Told> {
    let stop = call::cancellation();
    let total = run.open().min(settings.limit.unwrap_or(usize::MAX));
    let mut progress = Progress::new(callback, stop.clone(), total);
    let send = move || {
        let api = Watched::new(client, stop);
        let report = run.apply(&settings.run, &api, |event| match event {
            RunEvent::Ended(result) => {
                let end = result.result();
                if is_progress(end) {
                    let failed = !matches!(end, OrderResult::Changed(_));
                    progress.ended(result.order(), end.name(), failed);
                }
            }
            _ => progress.look(),
        });
        let orders = run.plan().orders().iter().zip(report.orders());
        let orders = orders.map(|(planned, result)| json(&ResultRecord::new(planned, result)));
        let stopped = report.stopped().map(json).transpose();
        let orders: PyResult<Vec<_>> = orders.collect();
        let told = (json(&report.summary()), stopped, orders);
        (told, progress.raised())
    };
    call::outside(py, send, |((summary, stopped, orders), raised)| {
        raised.map_or(Ok(()), Err)?;
        Ok((summary?, stopped?, orders?))
    })
}

/// Whether something was done about the order.
const fn is_progress(result: &OrderResult) -> bool {
    matches!(
        result,
        OrderResult::Changed(_) | OrderResult::Failed(_) | OrderResult::Conflict
    )
}

pub(crate) fn json(value: &impl Serialize) -> PyResult<String> {
    serde_json::to_string(value).map_err(|error| PyValueError::new_err(error.to_string()))
}
