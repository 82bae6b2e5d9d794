//! The windows in a file. Every step locks, reads, writes and unlocks, so a process can be killed at
//! any moment: its requests in flight count as answered when their leases expire.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use fs4::{FileExt, TryLockError};
use serde::{Deserialize, Serialize};

use super::Lease;
use crate::limit::rate_limit::RateLimit;
use crate::limit::windows::Windows;
use crate::retry::Wait;

pub(crate) struct FileStore {
    path: PathBuf,
    /// The longest time that a request can take.
    lease: Duration,
}

#[derive(Default, Serialize, Deserialize)]
struct Content {
    version: u32,
    windows: Windows,
    leases: Vec<Lease>,
    next_id: u64,
}

/// Holds the lock until it is dropped.
struct Lock(File);

impl Drop for Lock {
    /// Closing the file is not enough: a forked child has it open as well, and would keep the lock.
    fn drop(&mut self) {
        let _ = FileExt::unlock(&self.0);
    }
}

const VERSION: u32 = 1;
const INVALID: &str = "not a rate limit file of this version; remove it when no process uses it";
/// How long to try for the lock before the limiter checks for a cancellation.
const LOCK_TIMEOUT: Duration = Duration::from_millis(50);
/// For a release, which is not repeated.
const RELEASE_LOCK_TIMEOUT: Duration = Duration::from_secs(2);
const LOCK_RETRY_INTERVAL: Duration = Duration::from_millis(2);
/// The longest timeout is a day; the rest is for what surrounds a request.
const LONGEST_LEASE: Duration = Duration::from_secs(25 * 3600);

impl FileStore {
    pub(crate) const fn new(path: PathBuf, lease: Duration) -> Self {
        Self { path, lease }
    }

    pub(crate) fn try_acquire(&self, limits: &[RateLimit]) -> io::Result<Result<Lease, Wait>> {
        let Some(lock) = self.lock(LOCK_TIMEOUT)? else {
            return Ok(Err(Wait::For(LOCK_RETRY_INTERVAL)));
        };
        self.update(&lock, |content, now| {
            content.windows.try_acquire(limits, now)?;
            content.next_id = content.next_id.wrapping_add(1);
            let lease = Lease {
                id: content.next_id,
                started: now,
                duration: self.lease,
            };
            content.leases.push(lease);
            Ok(lease)
        })
    }

    /// If the lock is not available in time, the lease expires later.
    pub(crate) fn release(&self, lease: Lease, pause: Option<Duration>) -> io::Result<()> {
        let Some(lock) = self.lock(RELEASE_LOCK_TIMEOUT)? else {
            return Ok(());
        };
        self.update(&lock, |content, now| {
            let count = content.leases.len();
            content.leases.retain(|other| other.id != lease.id);
            if content.leases.len() < count {
                content.windows.release(lease.started, now, pause);
            }
        })
    }

    fn update<T>(
        &self,
        _lock: &Lock,
        step: impl FnOnce(&mut Content, Duration) -> T,
    ) -> io::Result<T> {
        // Read the time after locking, which can take a while.
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let now = now.unwrap_or_default();
        let mut content = self.read()?;
        content.expire(now);
        let result = step(&mut content, now);
        self.write(&content)?;
        Ok(result)
    }

    /// Locks a second file, since a rename replaces the first. It never blocks for longer than
    /// `timeout`, so that a wait can be cancelled.
    fn lock(&self, timeout: Duration) -> io::Result<Option<Lock>> {
        let path = with_suffix(&self.path, ".lock");
        require_regular(&path)?;
        let mut options = OpenOptions::new();
        let file = options
            .create(true)
            .truncate(false)
            .write(true)
            .open(path)?;
        let started = Instant::now();
        loop {
            match FileExt::try_lock(&file) {
                Ok(()) => return Ok(Some(Lock(file))),
                Err(TryLockError::Error(error)) => return Err(error),
                Err(TryLockError::WouldBlock) if started.elapsed() >= timeout => return Ok(None),
                Err(TryLockError::WouldBlock) => thread::sleep(LOCK_RETRY_INTERVAL),
            }
        }
    }

    fn read(&self) -> io::Result<Content> {
        require_regular(&self.path)?;
        let content = match fs::read(&self.path) {
            Err(error) if error.kind() == ErrorKind::NotFound => Some(Content {
                version: VERSION,
                ..Content::default()
            }),
            bytes => serde_json::from_slice(&bytes?).ok(),
        };
        content
            .filter(|content| content.version == VERSION)
            .ok_or_else(|| io::Error::new(ErrorKind::InvalidData, INVALID))
    }

    /// Writes a temporary file and renames it, so that the file is complete at every moment.
    fn write(&self, content: &Content) -> io::Result<()> {
        let temporary = with_suffix(&self.path, ".new");
        let mut file = File::create(&temporary)?;
        file.write_all(&serde_json::to_vec(content)?)?;
        drop(file);
        fs::rename(temporary, &self.path)
    }
}

impl Content {
    /// Makes the content valid and releases expired leases.
    fn expire(&mut self, now: Duration) {
        self.windows.restore(self.leases.len(), now);
        for lease in &mut self.leases {
            // The clock may have been set back.
            lease.started = lease.started.min(now);
            lease.duration = lease.duration.min(LONGEST_LEASE);
        }
        let expired = |lease: &mut Lease| lease.started + lease.duration <= now;
        for lease in self.leases.extract_if(.., expired) {
            let end = lease.started + lease.duration;
            self.windows.release(lease.started, end, None);
        }
    }
}

/// Opening a pipe would block until another process opens its other end.
fn require_regular(path: &Path) -> io::Result<()> {
    if fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        return Err(io::Error::other("not a regular file"));
    }
    Ok(())
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name: OsString = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

#[cfg(test)]
mod tests;
