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
    ) -> MutexGuard<'a, T>;
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
pub(crate) struct VirtualClock(std::sync::Mutex<Duration>);

#[cfg(test)]
impl VirtualClock {
    pub(crate) fn advance(&self, time: Duration) {
        *self.0.lock().unwrap() += time.max(Duration::from_millis(1));
    }
}

#[cfg(test)]
impl Clock for VirtualClock {
    fn now(&self) -> Duration {
        *self.0.lock().unwrap()
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
