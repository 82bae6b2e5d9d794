//! The journal of a new run.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use contacts_bulk::{AccountIdentity, JournalFile, JournalStorage, PlanFile, Run};

use crate::abort::Abort;
use crate::args::Apply;
use crate::command::new_file;
use crate::io::Io;

/// The place of a journal, claimed before anything is read; it is gone again if no run begins.
pub(crate) struct Claimed {
    file: Option<(PathBuf, JournalFile)>,
    begun: bool,
}

impl Claimed {
    /// What an embedded sandbox holds is forgotten at the end, so a journal would be of no use.
    pub(crate) fn new(args: &Apply, io: &Io<'_>) -> Result<Self, Abort> {
        let names: Box<dyn Iterator<Item = PathBuf>> = match &args.journal {
            Some(path) => Box::new(std::iter::once(path.clone())),
            None if args.connection.sandbox => Box::new(std::iter::empty()),
            None => Box::new(default_names(io.now())),
        };
        let mut refused = None;
        for path in names {
            match JournalFile::create(&path) {
                Ok(file) => {
                    let (file, begun) = (Some((path, file)), false);
                    return Ok(Self { file, begun });
                }
                Err(error) => {
                    let taken = error.kind() == ErrorKind::AlreadyExists;
                    refused = Some(new_file::unusable(&path, &error));
                    if !taken {
                        break;
                    }
                }
            }
        }
        match refused {
            Some(mut abort) => {
                abort.message += "; nothing was sent";
                Err(abort)
            }
            None => Ok(Self {
                file: None,
                begun: false,
            }),
        }
    }

    pub(crate) fn path(&self) -> Option<&Path> {
        self.file.as_ref().map(|(path, _)| path.as_path())
    }

    /// Begins the run; without anything to `change` nothing is kept of it.
    pub(crate) fn start<C: Fn() -> SystemTime>(
        &mut self,
        plan: PlanFile,
        account: &AccountIdentity,
        clock: C,
        change: bool,
    ) -> Result<Run<Box<dyn JournalStorage + '_>, C>, Abort> {
        let (path, storage): (_, Box<dyn JournalStorage>) = match &mut self.file {
            Some((path, file)) if change => (path.as_path(), Box::new(file)),
            _ => (Path::new(""), Box::new(std::io::sink())),
        };
        let run = Run::start(plan, account, storage, clock).map_err(|error| {
            let mut abort = new_file::unusable(path, &error);
            abort.message += "; nothing was changed";
            abort
        })?;
        self.begun = change;
        Ok(run)
    }
}

impl Drop for Claimed {
    fn drop(&mut self) {
        if let (Some((path, _)), false) = (&self.file, self.begun) {
            let _ = std::fs::remove_file(path);
        }
    }
}

/// Named after the moment; several runs may begin within a second.
fn default_names(now: SystemTime) -> impl Iterator<Item = PathBuf> {
    let now = now.max(SystemTime::UNIX_EPOCH);
    let time = humantime::format_rfc3339_seconds(now).to_string();
    let time: String = time.chars().filter(char::is_ascii_alphanumeric).collect();
    (1..=99).map(move |n| match n {
        1 => format!("digicert-contacts-{time}.jsonl").into(),
        n => format!("digicert-contacts-{time}-{n}.jsonl").into(),
    })
}
