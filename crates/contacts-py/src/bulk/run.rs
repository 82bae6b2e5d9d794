use std::collections::HashSet;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use contacts_bulk::{
    InvalidVerify, JournalFile, JournalStorage, OrderResult, PlannedOrder, Replay, Run, RunEvent,
    RunSettings, Verify,
};
use pyo3::exceptions::{PyDeprecationWarning, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use super::api::CancellableApi;
use super::progress::Progress;
use super::queue::Queue;
use super::record::{self, BulkOrders};
use crate::client::Client;
use crate::{argument, call, error};

/// The options of a run.
pub(crate) struct Options {
    limit: Option<usize>,
    concurrency: NonZeroUsize,
    refresh: bool,
    /// A function that has another process update an order.
    send: Option<Py<PyAny>>,
    pub(super) settings: RunSettings,
}

impl Options {
    pub(crate) fn new(keywords: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        let mut options = Self {
            limit: None,
            concurrency: NonZeroUsize::MIN,
            refresh: true,
            send: None,
            settings: RunSettings::default(),
        };
        for (name, value) in keywords.into_iter().flatten() {
            options.set(&name.to_string(), &value)?;
        }
        if options.send.is_some() {
            if !options.refresh {
                let message = "send always compares an order before it is changed; remove refresh";
                return Err(PyValueError::new_err(message));
            }
            // The worker reads each order again.
            options.settings = options.settings.reuse_reads(Duration::MAX);
        }
        Ok(options)
    }

    fn set(&mut self, name: &str, value: &Bound<'_, PyAny>) -> PyResult<()> {
        let count = |min| argument::count(name, value, min);
        let positive = || count(1).map(|n| NonZeroUsize::new(n).unwrap_or(NonZeroUsize::MIN));
        let settings = std::mem::take(&mut self.settings);
        self.settings = match name {
            "limit" | "stop_after_failures" | "send" if value.is_none() => settings,
            "limit" => {
                self.limit = Some(count(0)?);
                settings.limit(count(0)?)
            }
            "concurrency" => {
                self.concurrency = positive()?;
                settings.concurrency(self.concurrency)
            }
            "verify" => settings.verify(verify(value)?),
            "refresh" if !is_true(name, value)? => {
                self.refresh = false;
                settings.no_refresh()
            }
            "refresh" => settings,
            "send" => {
                self.send = Some(function(name, value)?);
                settings
            }
            "check_again" => {
                is_true(name, value)?;
                let category = value.py().get_type::<PyDeprecationWarning>();
                let message =
                    c"check_again does nothing: orders are always read before they are changed";
                PyErr::warn(value.py(), &category, message, 1)?;
                settings
            }
            "stop_after_failures" => settings.stop_after_failures(positive()?),
            _ => {
                let message = format!("unexpected keyword argument '{name}'");
                return Err(PyTypeError::new_err(message));
            }
        };
        Ok(())
    }
}

/// `True`, `False`, or text such as `sample:20`.
fn verify(value: &Bound<'_, PyAny>) -> PyResult<Verify> {
    if let Ok(text) = value.cast::<PyString>() {
        let parsed = text.to_str()?.parse();
        return parsed
            .map_err(|error: InvalidVerify| PyValueError::new_err(format!("verify: {error}")));
    }
    let found = value.get_type().name()?;
    match value.extract() {
        Ok(true) => Ok(Verify::All),
        Ok(false) => Ok(Verify::None),
        Err(_) => {
            let message = format!("verify must be True, False or a str, not {found}");
            Err(PyTypeError::new_err(message))
        }
    }
}

fn function(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
    if value.is_callable() {
        return Ok(value.clone().unbind());
    }
    let found = value.get_type().name()?;
    let message = format!("{name} must be a function, not {found}");
    Err(PyTypeError::new_err(message))
}

fn is_true(name: &str, value: &Bound<'_, PyAny>) -> PyResult<bool> {
    let found = value.get_type().name()?;
    value
        .extract()
        .map_err(|_| PyTypeError::new_err(format!("{name} must be True or False, not {found}")))
}

/// The arguments of the Python class `Report`.
pub(crate) type ReportArguments<'py> = (Bound<'py, PyAny>, Option<Bound<'py, PyAny>>, BulkOrders);

#[doc = doc!("bulk_resume")]
#[pyfunction]
#[pyo3(signature = (client, journal, other_key, callback, **options))]
#[expect(clippy::needless_pass_by_value, reason = "pyo3 passes owned values")]
pub(crate) fn bulk_resume<'py>(
    py: Python<'py>,
    client: &Client,
    journal: PathBuf,
    other_key: bool,
    callback: Option<Py<PyAny>>,
    options: Option<&Bound<'py, PyDict>>,
) -> PyResult<ReportArguments<'py>> {
    let options = Options::new(options)?;
    let open = client.open(py)?;
    let name = journal.display().to_string();
    let opened = call::detached(
        py,
        || JournalFile::open(&journal).map(|(file, bytes)| (file, Replay::read(&bytes))),
        |opened| opened.map_err(|e| error::file(&journal, &e)),
    );
    let (file, replay) = opened?;
    let replay = replay.map_err(|e| error::invalid_file(py, &name, &e))?;
    check(py, &replay, client, other_key, &name)?;
    let resumed = Run::resume(replay, client.account(), file, SystemTime::now);
    let run = resumed.map_err(|e| error::file(&journal, &e))?;
    apply(py, run, options, open, callback)
}

/// Checks that a run belongs to the client's account. `other_key` allows another key.
pub(crate) fn check(
    py: Python<'_>,
    replay: &Replay,
    client: &Client,
    other_key: bool,
    name: &str,
) -> PyResult<()> {
    let checked = if other_key {
        replay.check_base_url(client.account())
    } else {
        replay.check(client.account())
    };
    checked.map_err(|mismatch| error::account_mismatch(py, name, &mismatch))
}

/// Sends the remaining requests of a run.
pub(crate) fn apply<S: JournalStorage + Send, C: Fn() -> SystemTime + Send + Sync>(
    py: Python<'_>,
    mut run: Run<S, C>,
    options: Options,
    client: contacts_http::Client,
    callback: Option<Py<PyAny>>,
) -> PyResult<ReportArguments<'_>> {
    let threads = options.concurrency.get().min(run.plan().orders().len());
    let base_url = client.base_url().to_string();
    let start = |send: &Py<PyAny>| Queue::start(send.bind(py), threads, &base_url);
    let queue = options.send.as_ref().map(start).transpose()?;
    let stop = call::cancellation_flag();
    let total = run.remaining().min(options.limit.unwrap_or(usize::MAX));
    let mut progress = Progress::new(callback, stop.clone(), total);
    let send = move || {
        let api = CancellableApi::new(client, stop).with_queue(queue);
        let orders = run.plan().orders().iter();
        let pending = orders.filter(|order| order.needs_update());
        let pending: HashSet<_> = pending.map(PlannedOrder::order).collect();
        let report = run.apply(&options.settings, &api, |event| match event {
            RunEvent::Finished(order)
                if pending.contains(&order.order()) && *order.result() != OrderResult::Skipped =>
            {
                let is_right = matches!(
                    order.result(),
                    OrderResult::Changed(_) | OrderResult::Unchanged
                );
                let failed = !is_right;
                progress.finished(order.order(), order.result().name(), failed);
            }
            RunEvent::Finished(_) => {}
            _ => progress.check_interrupt(),
        });
        (run.into_plan(), report, progress.raised(), api.into_queue())
    };
    call::detached(py, send, |(plan, report, raised, queue)| {
        let stopped = queue.map_or(Ok(()), |queue| queue.stop(py));
        raised.map_or(stopped, Err)?;
        let class = python_class!(py, "_records", "RunSummary")?;
        let stopped = report.stopped().map(|failure| record::failure(py, failure));
        Ok((
            record::summary(class, &report.summary())?,
            stopped.transpose()?,
            BulkOrders::reported(plan, report),
        ))
    })
}
