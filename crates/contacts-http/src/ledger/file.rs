//! The windows in a file. Every step locks, reads, writes and unlocks, so that a process may die at
//! any moment: what it had begun is counted as answered when its lease is over.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use fs4::FileExt;
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
    next_ticket: Ticket,
}

#[derive(Serialize, Deserialize)]
struct Lease {
    ticket: Ticket,
    until: Duration,
}

const VERSION: u32 = 1;

impl SharedFile {
    pub(crate) const fn new(path: PathBuf, lease: Duration) -> Self {
        Self { path, lease }
    }

    pub(crate) fn try_begin(&self, limits: &[RateLimit]) -> io::Result<Result<Ticket, Later>> {
        self.change(|stored, now| {
            super::begin(&mut stored.windows, limits, now)?;
            stored.next_ticket += 1;
            stored.leases.push(Lease {
                ticket: stored.next_ticket,
                until: now + self.lease,
            });
            Ok(stored.next_ticket)
        })
    }

    pub(crate) fn end(&self, ticket: Ticket, ended: Ended) -> io::Result<()> {
        self.change(|stored, now| {
            let held = stored.leases.len();
            stored.leases.retain(|lease| lease.ticket != ticket);
            if stored.leases.len() < held {
                stored.windows.end(now, ended);
            }
        })
    }

    /// One step on the file, alone.
    fn change<T>(&self, step: impl FnOnce(&mut Stored, Duration) -> T) -> io::Result<T> {
        let _lock = self.lock()?;
        // After the lock was had: waiting for it takes time.
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let now = now.unwrap_or_default();
        let mut stored = self.read()?;
        stored.expire(now);
        let result = step(&mut stored, now);
        self.write(&stored)?;
        Ok(result)
    }

    /// The lock is on a file beside it, since the file itself is replaced.
    fn lock(&self) -> io::Result<File> {
        let path = beside(&self.path, ".lock");
        let mut options = OpenOptions::new();
        let file = options
            .create(true)
            .truncate(false)
            .write(true)
            .open(path)?;
        FileExt::lock(&file)?;
        Ok(file)
    }

    fn read(&self) -> io::Result<Stored> {
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
                let message = "it is no rate limit file of this version; \
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
        self.windows.not_after(now);
        for lease in &mut self.leases {
            // The clock may have been set back.
            lease.until = lease.until.min(now + Duration::from_secs(3600));
        }
        let over = self.leases.extract_if(.., |lease| lease.until <= now);
        for lease in over {
            self.windows.end(lease.until, Ended::Answered);
        }
    }
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name: OsString = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

#[cfg(test)]
mod tests {
    use super::{Duration, Later, RateLimit, SharedFile, fs};
    use crate::window::Ended;

    fn file(folder: &tempfile::TempDir, lease: Duration) -> SharedFile {
        SharedFile::new(folder.path().join("limit.json"), lease)
    }

    const LIMITS: [RateLimit; 1] = [RateLimit::new(3, Duration::from_secs(3600))];
    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn two_processes_share_the_windows() {
        let folder = tempfile::tempdir().unwrap();
        let (a, b) = (file(&folder, MINUTE), file(&folder, MINUTE));
        let ticket = a.try_begin(&LIMITS).unwrap().unwrap();
        a.end(ticket, Ended::Answered).unwrap();
        assert!(b.try_begin(&LIMITS).unwrap().is_ok());
        assert!(a.try_begin(&LIMITS).unwrap().is_ok());
        let later = b.try_begin(&LIMITS).unwrap().unwrap_err();
        assert!(
            matches!(later, Later::In(wait) if wait > MINUTE),
            "{later:?}"
        );
    }

    #[test]
    fn what_a_dead_process_had_begun_counts_as_answered() {
        let folder = tempfile::tempdir().unwrap();
        let dead = file(&folder, Duration::from_millis(1));
        for _ in 0..3 {
            dead.try_begin(&LIMITS).unwrap().unwrap();
        }
        std::thread::sleep(Duration::from_millis(5));
        let later = file(&folder, MINUTE).try_begin(&LIMITS).unwrap();
        assert!(
            matches!(later, Err(Later::In(_))),
            "a slot is held, but not for ever: {later:?}"
        );
    }

    #[test]
    fn a_request_that_outlived_its_lease_is_counted_once() {
        let folder = tempfile::tempdir().unwrap();
        let slow = file(&folder, Duration::from_millis(1));
        let ticket = slow.try_begin(&LIMITS).unwrap().unwrap();
        std::thread::sleep(Duration::from_millis(5));
        slow.try_begin(&LIMITS).unwrap().unwrap();
        slow.end(ticket, Ended::Answered).unwrap();
        assert!(slow.try_begin(&LIMITS).unwrap().is_ok());
        assert!(slow.try_begin(&LIMITS).unwrap().is_err());
    }

    #[test]
    fn a_damaged_file_is_told_and_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let file = file(&folder, MINUTE);
        for damaged in ["", "{", "{\"version\":2}", "null"] {
            fs::write(&file.path, damaged).unwrap();
            let error = file.try_begin(&LIMITS).unwrap_err().to_string();
            assert!(
                error.starts_with("it is no rate limit file of this version"),
                "{error}"
            );
            assert_eq!(fs::read_to_string(&file.path).unwrap(), damaged);
        }
    }
}
