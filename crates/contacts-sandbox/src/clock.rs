use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// A clock that stands still until it is told to move, for the rate windows of a sandbox and the
/// times in its records. Clones are the same clock. Delays of faults are real all the same.
///
/// ```
/// use contacts_sandbox::{ManualClock, Sandbox};
/// use std::time::Duration;
///
/// let clock = ManualClock::default();
/// let sandbox = Sandbox::builder().clock(clock.clone()).start()?;
/// // Three minutes pass for the rate limit, without waiting.
/// clock.advance(Duration::from_secs(180));
/// assert_eq!(clock.now(), Duration::from_secs(180));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct ManualClock(
    /// Nanoseconds.
    Arc<AtomicU64>,
);

impl ManualClock {
    /// The sum of all advances.
    #[must_use]
    pub fn now(&self) -> Duration {
        Duration::from_nanos(self.0.load(Ordering::SeqCst))
    }

    /// Moves it forward. It ends after 584 years.
    pub fn advance(&self, by: Duration) {
        let by = u64::try_from(by.as_nanos()).unwrap_or(u64::MAX);
        let _ = self
            .0
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |now| {
                Some(now.saturating_add(by))
            });
    }
}

/// What tells a sandbox the time.
#[derive(Clone, Debug)]
pub(crate) enum Clock {
    System(Instant),
    Manual(ManualClock),
}

impl Clock {
    pub(crate) fn now(&self) -> Duration {
        match self {
            Self::System(begin) => begin.elapsed(),
            Self::Manual(clock) => clock.now(),
        }
    }
}
