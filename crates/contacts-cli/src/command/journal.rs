//! The journal of a new run.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use contacts_bulk::{AccountIdentity, JournalFile, JournalStorage, PlanFile, Replay, Run};

use crate::args::{Connection, JournalOption};
use crate::command::{new_file, state};
use crate::connection::Connected;
use crate::error::CommandError;
use crate::session::{self, Session};

/// A journal file, created before the first request and removed again if no run starts.
pub(crate) struct NewJournal {
    file: Option<(PathBuf, JournalFile)>,
    started: bool,
}

impl NewJournal {
    /// By default there is no journal with `--sandbox`: an embedded sandbox forgets its orders.
    pub(crate) fn create(
        path: Option<&Path>,
        connection: &Connection,
        session: &Session<'_, '_>,
    ) -> Result<Self, CommandError> {
        let names: Box<dyn Iterator<Item = PathBuf>> = match path {
            Some(path) => Box::new(std::iter::once(path.to_owned())),
            None if connection.sandbox => Box::new(std::iter::empty()),
            None => {
                let folder = state::create(session)?;
                Box::new(default_names(session.io.now()).map(move |name| folder.join(name)))
            }
        };
        let mut result = Ok(None);
        for path in names {
            result = match JournalFile::create(&path) {
                Ok(file) => Ok(Some((path, file))),
                Err(error) => Err((error.kind(), new_file::write_error(&path, &error))),
            };
            if !matches!(result, Err((ErrorKind::AlreadyExists, _))) {
                break;
            }
        }
        let file = result.map_err(|(_, error)| error.with_hint("; nothing was sent"))?;
        Ok(Self {
            file,
            started: false,
        })
    }

    pub(crate) fn path(&self) -> Option<&Path> {
        self.file.as_ref().map(|(path, _)| path.as_path())
    }

    /// Starts a run. Without changes, it writes no journal.
    pub(crate) fn start<C: Fn() -> SystemTime>(
        &mut self,
        plan: PlanFile,
        account: &AccountIdentity,
        clock: C,
        has_changes: bool,
    ) -> Result<Run<Box<dyn JournalStorage + '_>, C>, CommandError> {
        let (path, storage): (_, Box<dyn JournalStorage>) = match &mut self.file {
            Some((path, file)) if has_changes => (path.as_path(), Box::new(file)),
            _ => (Path::new(""), Box::new(std::io::sink())),
        };
        let run = Run::start(plan, account, storage, clock).map_err(|error| {
            new_file::write_error(path, &error).with_hint("; nothing was changed")
        })?;
        self.started = has_changes;
        Ok(run)
    }
}

impl NewJournal {
    /// Removes the journal of a run that found nothing to change.
    pub(crate) fn discard(mut self) {
        self.started = false;
    }
}

impl Drop for NewJournal {
    fn drop(&mut self) {
        if let (Some((path, _)), false) = (&self.file, self.started) {
            let _ = std::fs::remove_file(path);
        }
    }
}

/// The journal that an option names.
pub(crate) fn path(
    option: &JournalOption,
    session: &mut Session<'_, '_>,
) -> Result<PathBuf, CommandError> {
    if let Some(path) = &option.journal {
        return Ok(path.clone());
    }
    let last = state::journals(session)?.pop();
    let last = last.ok_or_else(|| CommandError::usage("no run yet: `runs` lists none"))?;
    session
        .io
        .err(&format!("journal: {}\n", session::name(&last)));
    Ok(last)
}

/// Checks that the run of a journal belongs to the account. `other_key` allows another key.
pub(crate) fn check(
    replay: &Replay,
    other_key: bool,
    file: &Path,
    connected: &Connected,
) -> Result<(), CommandError> {
    let checked = if other_key {
        replay.check_base_url(&connected.account)
    } else {
        replay.check(&connected.account)
    };
    checked.map_err(|mismatch| CommandError::mismatch(file, &mismatch))
}

/// Names with the time; several runs can start within a second.
fn default_names(now: SystemTime) -> impl Iterator<Item = PathBuf> {
    let now = now.max(SystemTime::UNIX_EPOCH);
    let time = humantime::format_rfc3339_seconds(now).to_string();
    let time: String = time.chars().filter(char::is_ascii_alphanumeric).collect();
    (1..=99).map(move |n| match n {
        1 => format!("digicert-contacts-{time}.jsonl").into(),
        n => format!("digicert-contacts-{time}-{n}.jsonl").into(),
    })
}
