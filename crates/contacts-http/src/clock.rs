//! Time, so that tests can bring their own.

use std::sync::PoisonError;
use std::time::{Duration, Instant};

use crate::sync::{Condvar, MutexGuard};

/// However long a wait is, whoever waits looks so often whether it was cancelled, and whether another
/// process, which can ring no bell here, has given a slot back.
const SLICE: Duration = Duration::from_millis(50);

/// A clock that can be waited on.
pub(crate) trait Clock: Send + Sync {
    /// Time since a fixed moment; it never runs backwards.
    fn now(&self) -> Duration;

    /// Waits for `time`, or where there is none for `bell` alone; it may return early.
    fn wait<'a, T>(
        &self,
        bell: &Condvar,
        guard: MutexGuard<'a, T>,
        time: Option<Duration>,
    ) -> MutexGuard<'a, T>
    where
        Self: Sized;
}

fn slice(time: Option<Duration>) -> Duration {
    time.map_or(SLICE, |time| time.min(SLICE))
}

/// The clock of this machine.
#[derive(Clone, Debug)]
pub(crate) struct System {
    begin: Instant,
}

impl System {
    pub(crate) fn new() -> Self {
        Self {
            begin: Instant::now(),
        }
    }
}

impl Clock for System {
    fn now(&self) -> Duration {
        self.begin.elapsed()
    }

    fn wait<'a, T>(
        &self,
        bell: &Condvar,
        guard: MutexGuard<'a, T>,
        time: Option<Duration>,
    ) -> MutexGuard<'a, T> {
        let waited = bell.wait_timeout(guard, slice(time));
        waited.unwrap_or_else(PoisonError::into_inner).0
    }
}

/// A clock on which every wait is over at once.
#[cfg(test)]
#[derive(Debug, Default)]
pub(crate) struct Virtual(std::sync::atomic::AtomicU64);

#[cfg(test)]
impl Virtual {
    pub(crate) fn pass(&self, time: Duration) {
        let millis = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        self.0
            .fetch_add(millis.max(1), std::sync::atomic::Ordering::SeqCst);
    }
}

#[cfg(test)]
impl Clock for Virtual {
    fn now(&self) -> Duration {
        Duration::from_millis(self.0.load(std::sync::atomic::Ordering::SeqCst))
    }

    fn wait<'a, T>(
        &self,
        _: &Condvar,
        guard: MutexGuard<'a, T>,
        time: Option<Duration>,
    ) -> MutexGuard<'a, T> {
        self.pass(slice(time));
        guard
    }
}
