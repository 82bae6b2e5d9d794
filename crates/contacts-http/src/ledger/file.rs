//! The windows in a file. Every step locks, reads, writes and unlocks, so that a process may die at
//! any moment: what it had begun is counted as answered when its lease is over.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use fs4::{FileExt, TryLockError};
use serde::{Deserialize, Serialize};

use super::{Later, Ticket};
use crate::rate_limit::RateLimit;
use crate::window::{Ended, Windows};

pub(crate) struct SharedFile {
    path: PathBuf,
    /// How long a request can take.
    lease: Duration,
}

#[derive(Default, Serialize, Deserialize)]
struct Stored {
    version: u32,
    windows: Windows,
    leases: Vec<Lease>,
    next_id: u64,
}

#[derive(Serialize, Deserialize)]
struct Lease {
    id: u64,
    begun: Duration,
    /// How long it can take.
    time: Duration,
}

/// The lock, until it is dropped.
struct Lock(File);

impl Drop for Lock {
    /// Closing alone would not do: a process that was forked meanwhile has the file open as well, and
    /// would keep the lock for as long as it lives.
    fn drop(&mut self) {
        let _ = FileExt::unlock(&self.0);
    }
}

const VERSION: u32 = 1;
/// How long to try for the lock before the caller is asked whether to go on.
const LOCK_TIME: Duration = Duration::from_millis(50);
/// For noting an answer, which nobody asks for again.
const LOCK_TIME_TO_END: Duration = Duration::from_secs(2);
const LOCK_STEP: Duration = Duration::from_millis(2);
/// No time limit is longer than a day; a little more for what surrounds a request.
const LONGEST_LEASE: Duration = Duration::from_secs(25 * 3600);

impl SharedFile {
    pub(crate) const fn new(path: PathBuf, lease: Duration) -> Self {
        Self { path, lease }
    }

    pub(crate) fn try_begin(&self, limits: &[RateLimit]) -> io::Result<Result<Ticket, Later>> {
        let Some(lock) = self.lock(LOCK_TIME)? else {
            return Ok(Err(Later::In(LOCK_STEP)));
        };
        self.change(&lock, |stored, now| {
            super::begin(&mut stored.windows, limits, now)?;
            stored.next_id = stored.next_id.wrapping_add(1);
            let id = stored.next_id;
            stored.leases.push(Lease {
                id,
                begun: now,
                time: self.lease,
            });
            Ok(Ticket { id, begun: now })
        })
    }

    /// What can't be noted now is made good by the lease.
    pub(crate) fn end(&self, ticket: Ticket, ended: Ended) -> io::Result<()> {
        let Some(lock) = self.lock(LOCK_TIME_TO_END)? else {
            return Ok(());
        };
        self.change(&lock, |stored, now| {
            let held = stored.leases.len();
            stored.leases.retain(|lease| lease.id != ticket.id);
            if stored.leases.len() < held {
                stored.windows.end(ticket.begun, now, ended);
            }
        })
    }

    /// One step on the file, alone.
    fn change<T>(
        &self,
        _lock: &Lock,
        step: impl FnOnce(&mut Stored, Duration) -> T,
    ) -> io::Result<T> {
        // After the lock was had: waiting for it takes time.
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let now = now.unwrap_or_default();
        let mut stored = self.read()?;
        stored.expire(now);
        let result = step(&mut stored, now);
        self.write(&stored)?;
        Ok(result)
    }

    /// The lock, if it is to be had within `time`. It is on a file beside it, since the file itself
    /// is replaced. A lock that blocks could not be given up when the caller asks to stop.
    fn lock(&self, time: Duration) -> io::Result<Option<Lock>> {
        let path = beside(&self.path, ".lock");
        only_a_file(&path)?;
        let mut options = OpenOptions::new();
        let file = options
            .create(true)
            .truncate(false)
            .write(true)
            .open(path)?;
        let begin = Instant::now();
        loop {
            match FileExt::try_lock(&file) {
                Ok(()) => return Ok(Some(Lock(file))),
                Err(TryLockError::Error(error)) => return Err(error),
                Err(TryLockError::WouldBlock) if begin.elapsed() >= time => return Ok(None),
                Err(TryLockError::WouldBlock) => thread::sleep(LOCK_STEP),
            }
        }
    }

    fn read(&self) -> io::Result<Stored> {
        only_a_file(&self.path)?;
        let bytes = match fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Ok(Stored {
                    version: VERSION,
                    ..Stored::default()
                });
            }
            Err(error) => return Err(error),
        };
        let stored = serde_json::from_slice::<Stored>(&bytes).ok();
        stored
            .filter(|stored| stored.version == VERSION)
            .ok_or_else(|| {
                let message = "not a rate limit file of this version; \
                           remove it when no process uses it";
                io::Error::new(ErrorKind::InvalidData, message)
            })
    }

    /// Replaces the file, so that it is whole at every moment.
    fn write(&self, stored: &Stored) -> io::Result<()> {
        let new = beside(&self.path, ".new");
        let mut file = File::create(&new)?;
        file.write_all(&serde_json::to_vec(stored)?)?;
        drop(file);
        fs::rename(new, &self.path)
    }
}

impl Stored {
    /// Ends what should have ended by now.
    fn expire(&mut self, now: Duration) {
        self.windows.resumed(self.leases.len(), now);
        for lease in &mut self.leases {
            // The clock may have been set back.
            lease.begun = lease.begun.min(now);
            lease.time = lease.time.min(LONGEST_LEASE);
        }
        let over = |lease: &mut Lease| lease.begun + lease.time <= now;
        for lease in self.leases.extract_if(.., over) {
            let end = lease.begun + lease.time;
            self.windows.end(lease.begun, end, Ended::Answered);
        }
    }
}

/// A pipe would keep us waiting for whoever is at its other end.
fn only_a_file(path: &Path) -> io::Result<()> {
    if fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        return Err(io::Error::other("not a regular file"));
    }
    Ok(())
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name: OsString = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

#[cfg(test)]
mod tests;
