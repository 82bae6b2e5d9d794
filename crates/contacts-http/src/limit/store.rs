//! The stores of the windows: memory, a file that several processes of one machine share, or Redis.

mod file;
#[cfg(feature = "redis")]
mod redis;

use std::io;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::rate_limit::RateLimit;
use super::windows::Windows;
use crate::retry::Wait;

pub(crate) use file::FileStore;
#[cfg(feature = "redis")]
pub(crate) use redis::{Answer, RedisStore, StoreAddress, StoreError, StoreLease, TlsSetup};

pub(crate) enum Store {
    Memory(Windows),
    File(FileStore),
}

/// A request in flight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Lease {
    /// Unique within a file; 0 in memory.
    id: u64,
    /// On the clock of the store.
    #[serde(rename = "begun")]
    started: Duration,
    /// In a file, the lease of a killed process expires after this time.
    #[serde(rename = "time")]
    duration: Duration,
}

impl Store {
    pub(crate) fn in_memory() -> Self {
        Self::Memory(Windows::default())
    }

    /// Starts a request, or returns how long it has to wait. `now` is for the store in memory; a
    /// file uses the system time, which all processes share.
    pub(crate) fn try_acquire(
        &mut self,
        limits: &[RateLimit],
        now: Duration,
    ) -> io::Result<Result<Lease, Wait>> {
        match self {
            Self::File(file) => file.try_acquire(limits),
            Self::Memory(windows) => Ok(windows.try_acquire(limits, now).map(|()| Lease {
                id: 0,
                started: now,
                duration: Duration::ZERO,
            })),
        }
    }

    pub(crate) fn release(&mut self, lease: Lease, now: Duration, pause: Option<Duration>) {
        match self {
            // If the file cannot be written now, the lease expires later.
            Self::File(file) => drop(file.release(lease, pause)),
            Self::Memory(windows) => windows.release(lease.started, now, pause),
        }
    }
}
