//! Lists the journals of the default folder, and removes old ones.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use contacts_bulk::file::FileErrorKind;
use contacts_bulk::{JournalFile, OrderResult, Replay};
use serde::{Serialize, Serializer};

use crate::args;
use crate::command::new_file::write_error;
use crate::command::state;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::session::{self, Session};
use crate::view;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A run, as its journal shows it.
#[derive(Debug, Serialize)]
pub(crate) struct ListedRun {
    #[serde(serialize_with = "as_name")]
    pub(crate) journal: PathBuf,
    pub(crate) state: RunState,
    /// `None` if the journal cannot be read.
    #[serde(flatten)]
    pub(crate) progress: Option<RunProgress>,
}

/// What a run has done.
#[derive(Debug, Serialize)]
pub(crate) struct RunProgress {
    pub(crate) started: String,
    pub(crate) orders: usize,
    pub(crate) changed: usize,
    pub(crate) not_changed: usize,
    pub(crate) remaining: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, strum::Display)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub(crate) enum RunState {
    Finished,
    Unfinished,
    InProgress,
    NothingSent,
    Unreadable,
}

pub(crate) fn run(args: &args::Runs, session: &mut Session<'_, '_>) -> Result<Exit, CommandError> {
    let journals = state::journals(session)?;
    let runs = journals.into_iter().rev().map(ListedRun::read);
    let oldest = args
        .prune
        .and_then(|days| session.io.now().checked_sub(DAY * days));
    let is_old = |run: &ListedRun| oldest.is_some_and(|time| run.is_over_since(time));
    let (removed, kept): (Vec<_>, Vec<_>) = runs.partition(is_old);
    for run in &removed {
        fs::remove_file(&run.journal).map_err(|error| write_error(&run.journal, &error))?;
    }
    let text = view::text::runs(&kept, &removed);
    session.print(&text, &view::json::runs(&kept, &removed));
    Ok(Exit::Done)
}

impl ListedRun {
    fn read(journal: PathBuf) -> Self {
        let (state, progress) = match JournalFile::open(&journal) {
            Ok((file, bytes)) => {
                // Unlocks it.
                drop(file);
                parse(&bytes)
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => (RunState::InProgress, None),
            Err(_) => (RunState::Unreadable, None),
        };
        Self {
            journal,
            state,
            progress,
        }
    }

    /// Whether nothing is left to do, and the journal was last written before a time.
    fn is_over_since(&self, time: SystemTime) -> bool {
        let is_over = matches!(self.state, RunState::Finished | RunState::NothingSent);
        let modified = fs::metadata(&self.journal).and_then(|file| file.modified());
        is_over && modified.is_ok_and(|modified| modified <= time)
    }
}

fn parse(bytes: &[u8]) -> (RunState, Option<RunProgress>) {
    match Replay::read(bytes) {
        Ok(replay) => {
            let progress = RunProgress::of(&replay);
            let state = match progress.remaining {
                0 => RunState::Finished,
                _ => RunState::Unfinished,
            };
            (state, Some(progress))
        }
        Err(error) if error.kind == FileErrorKind::NothingSent => (RunState::NothingSent, None),
        Err(_) => (RunState::Unreadable, None),
    }
}

impl RunProgress {
    fn of(replay: &Replay) -> Self {
        let mut progress = Self {
            started: replay.created().to_owned(),
            orders: 0,
            changed: 0,
            not_changed: 0,
            remaining: replay.remaining(),
        };
        for (_, result) in replay.orders() {
            progress.orders += 1;
            match result {
                Some(OrderResult::Changed(_)) => progress.changed += 1,
                None | Some(OrderResult::Unchanged | OrderResult::Skipped) => {}
                Some(_) => progress.not_changed += 1,
            }
        }
        progress
    }
}

fn as_name<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&session::name(path))
}
