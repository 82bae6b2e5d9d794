//! Passes the events of the other crates to Python's logger `digicert_contacts`.
//!
//! Events of third-party crates are dropped, such as those of ureq, which contain requests. If the
//! program has not imported `logging`, nothing is logged.

use std::cell::Cell;
use std::sync::Once;

use log::{Level, LevelFilter, Log, Metadata, Record};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyDict;

use crate::{finalization, main_thread};

const NAME: &str = "digicert_contacts";

static LOGGER: PyOnceLock<Py<PyAny>> = PyOnceLock::new();

thread_local! {
    /// Read once for each call.
    static LEVEL: Cell<LevelFilter> = const { Cell::new(LevelFilter::Off) };
}

struct Bridge;

impl Log for Bridge {
    fn enabled(&self, event: &Metadata<'_>) -> bool {
        event.target().starts_with("contacts_") && event.level() <= LEVEL.get()
    }

    fn log(&self, event: &Record<'_>) {
        if self.enabled(event.metadata()) {
            let message = event.args().to_string();
            let level = number(event.level());
            finalization::attach(main_thread::is_current(), |py| {
                let Some(logger) = LOGGER.get(py) else { return };
                if let Err(error) = logger.call_method1(py, intern!(py, "log"), (level, message)) {
                    error.write_unraisable(py, None);
                }
            });
        }
    }

    fn flush(&self) {}
}

/// Installs the logger before the first call, not on import: the console command has its own.
fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // It fails in a second interpreter of the process.
        if log::set_logger(&Bridge).is_ok() {
            log::set_max_level(LevelFilter::Debug);
        }
    });
}

/// Reads the level of the logger, before a call.
pub(crate) fn update_level(py: Python<'_>) {
    install();
    LEVEL.set(level(py).unwrap_or(LevelFilter::Off));
}

/// The level of this thread, for the threads of a run.
pub(crate) fn current_level() -> LevelFilter {
    LEVEL.get()
}

/// Sets the level of this thread.
pub(crate) fn set_level(level: LevelFilter) {
    LEVEL.set(level);
}

fn level(py: Python<'_>) -> Option<LevelFilter> {
    let logger = match LOGGER.get(py) {
        Some(logger) => logger.bind(py),
        None => logger(py)?,
    };
    let method = intern!(py, "getEffectiveLevel");
    let level: i64 = logger.call_method0(method).ok()?.extract().ok()?;
    let all = [Level::Debug, Level::Info, Level::Warn, Level::Error];
    let lowest = all
        .into_iter()
        .find(|candidate| number(*candidate) >= level);
    Some(lowest.map_or(LevelFilter::Off, |level| level.to_level_filter()))
}

/// `None` until the program imports `logging`.
fn logger(py: Python<'_>) -> Option<&Bound<'_, PyAny>> {
    static MODULES: PyOnceLock<Py<PyDict>> = PyOnceLock::new();
    let modules = || PyResult::Ok(py.import("sys")?.getattr("modules")?.cast_into()?.unbind());
    let modules = MODULES.get_or_try_init(py, modules).ok()?.bind(py);
    let logging = modules.get_item(intern!(py, "logging"));
    let logging = logging.ok()??;
    let create = || {
        let logger = logging.call_method1("getLogger", (NAME,))?;
        // Without a handler, Python would print warnings to the standard error.
        logger.call_method1("addHandler", (logging.call_method0("NullHandler")?,))?;
        PyResult::Ok(logger.unbind())
    };
    let logger = LOGGER.get_or_try_init(py, create).ok()?;
    Some(logger.bind(py))
}

const fn number(level: Level) -> i64 {
    match level {
        Level::Error => 40,
        Level::Warn => 30,
        Level::Info => 20,
        Level::Debug | Level::Trace => 10,
    }
}
