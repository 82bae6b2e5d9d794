//! The clock of the limiter, replaceable in tests.

use std::sync::PoisonError;
use std::time::{Duration, Instant};

use super::sync::{Condvar, MutexGuard};

/// The longest uninterrupted sleep. A cancellation and a permit released by another process signal
/// no condition variable here, so a waiting thread checks for both this often.
const SLICE: Duration = Duration::from_millis(50);

/// A clock that a thread can wait on.
pub(crate) trait Clock: Send + Sync {
    /// Time since a fixed moment; it never runs backwards.
    fn now(&self) -> Duration;

    /// Waits for `time`, or without it until `condition` is signalled; it may return early.
    fn wait<'a, T>(
        &self,
        condition: &Condvar,
        guard: MutexGuard<'a, T>,
        time: Option<Duration>,
    ) -> MutexGuard<'a, T>
    where
        Self: Sized;
}

fn slice(time: Option<Duration>) -> Duration {
    time.map_or(SLICE, |time| time.min(SLICE))
}

/// The monotonic clock of this machine.
#[derive(Debug)]
pub(crate) struct SystemClock(Instant);

impl SystemClock {
    pub(crate) fn new() -> Self {
        Self(Instant::now())
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Duration {
        self.0.elapsed()
    }

    fn wait<'a, T>(
        &self,
        condition: &Condvar,
        guard: MutexGuard<'a, T>,
        time: Option<Duration>,
    ) -> MutexGuard<'a, T> {
        let waited = condition.wait_timeout(guard, slice(time));
        waited.unwrap_or_else(PoisonError::into_inner).0
    }
}

/// A clock on which every wait returns at once.
#[cfg(test)]
#[derive(Debug, Default)]
pub(crate) struct VirtualClock(std::sync::atomic::AtomicU64);

#[cfg(test)]
impl VirtualClock {
    pub(crate) fn advance(&self, time: Duration) {
        let millis = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        self.0
            .fetch_add(millis.max(1), std::sync::atomic::Ordering::SeqCst);
    }
}

#[cfg(test)]
impl Clock for VirtualClock {
    fn now(&self) -> Duration {
        Duration::from_millis(self.0.load(std::sync::atomic::Ordering::SeqCst))
    }

    fn wait<'a, T>(
        &self,
        _: &Condvar,
        guard: MutexGuard<'a, T>,
        time: Option<Duration>,
    ) -> MutexGuard<'a, T> {
        self.advance(slice(time));
        guard
    }
}
