//! The log of `--verbose` and `--log-file`.
//!
//! The crates of this workspace log neither keys nor contacts. Others are left out: ureq logs requests.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::{PoisonError, RwLock};
use std::time::SystemTime;

use contacts_core::printable;
use log::{LevelFilter, Log, Metadata, Record};

use crate::args::LogOptions;
use crate::error::CommandError;
use crate::session;

static LOGGER: Logger = Logger(RwLock::new(Sinks {
    stderr: LevelFilter::Off,
    file: None,
}));

struct Logger(RwLock<Sinks>);

struct Sinks {
    stderr: LevelFilter,
    /// Gets everything.
    file: Option<File>,
}

/// Logs until the value is dropped.
pub(crate) struct Logging(());

impl Logging {
    /// Starts to log as the options say; `None` if they ask for nothing.
    pub(crate) fn start(options: &LogOptions) -> Result<Option<Self>, CommandError> {
        let stderr = match options.verbose {
            0 => LevelFilter::Off,
            1 => LevelFilter::Info,
            _ => LevelFilter::Debug,
        };
        let file = options.log_file.as_deref().map(open).transpose()?;
        if stderr == LevelFilter::Off && file.is_none() {
            return Ok(None);
        }
        set(Sinks { stderr, file });
        // It fails in a program with a logger of its own, which then gets the events.
        if log::set_logger(&LOGGER).is_ok() {
            log::set_max_level(LevelFilter::Debug);
        }
        Ok(Some(Self(())))
    }
}

impl Drop for Logging {
    fn drop(&mut self) {
        set(Sinks {
            stderr: LevelFilter::Off,
            file: None,
        });
    }
}

fn set(sinks: Sinks) {
    *LOGGER.0.write().unwrap_or_else(PoisonError::into_inner) = sinks;
}

/// Opens a file to append to. On Unix only its owner can read it.
fn open(path: &Path) -> Result<File, CommandError> {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.append(true).create(true).open(path);
    file.map_err(|error| {
        let name = session::name(path);
        CommandError::failed(format!("cannot write the log `{name}`: {error}"))
    })
}

impl Log for Logger {
    fn enabled(&self, event: &Metadata<'_>) -> bool {
        let sinks = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let is_wanted = sinks.file.is_some() || event.level() <= sinks.stderr;
        is_wanted && event.target().starts_with("contacts_")
    }

    fn log(&self, event: &Record<'_>) {
        if !self.enabled(event.metadata()) {
            return;
        }
        let time = humantime::format_rfc3339_millis(SystemTime::now());
        let level = event.level().as_str().to_lowercase();
        let message = event.args().to_string();
        let line = format!("{time} {level}: {}\n", printable(&message));
        let sinks = self.0.read().unwrap_or_else(PoisonError::into_inner);
        // A log that cannot be written must not end a run.
        if let Some(mut file) = sinks.file.as_ref() {
            let _ = file.write_all(line.as_bytes());
        }
        if event.level() <= sinks.stderr {
            let _ = io::stderr().write_all(line.as_bytes());
        }
    }

    fn flush(&self) {}
}
