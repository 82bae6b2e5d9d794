use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::lock::lock;

/// A clock that moves only when it is advanced, for the rate windows of a sandbox and the times in
/// its records. Clones share the time. Faults that delay a response use the system clock.
///
/// ```
/// use contacts_sandbox::{ManualClock, Sandbox};
/// use std::time::Duration;
///
/// let clock = ManualClock::default();
/// let sandbox = Sandbox::builder().clock(clock.clone()).start()?;
/// // For the rate limit, three minutes pass at once.
/// clock.advance(Duration::from_secs(180));
/// assert_eq!(clock.now(), Duration::from_secs(180));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct ManualClock(Arc<Mutex<Duration>>);

impl ManualClock {
    /// The sum of all advances.
    #[must_use]
    pub fn now(&self) -> Duration {
        *lock(&self.0)
    }

    /// Moves the clock forward.
    pub fn advance(&self, time: Duration) {
        let mut now = lock(&self.0);
        *now = now.saturating_add(time);
    }
}

/// The clock of a sandbox.
#[derive(Clone, Debug)]
pub(crate) enum Clock {
    System(Instant),
    Manual(ManualClock),
}

impl Clock {
    pub(crate) fn now(&self) -> Duration {
        match self {
            Self::System(start) => start.elapsed(),
            Self::Manual(clock) => clock.now(),
        }
    }
}
