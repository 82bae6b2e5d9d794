//! Notices when the clock of the store is set forward: then its windows would end too early.

use std::time::Duration;

/// What this process knows about the clock of the store.
#[derive(Debug, Default)]
pub(super) struct StoreClock {
    last: Option<Reading>,
    /// A jump that the store has not been told about.
    jumped: bool,
}

/// The difference between both clocks lies between these values, in microseconds.
#[derive(Clone, Copy, Debug)]
struct Reading {
    least: i64,
    most: i64,
    taken: Duration,
}

/// Less than this is no jump; clocks drift by up to 500 ppm.
const TOLERANCE: i64 = 20_000;
const DRIFT_PER_MILLION: i64 = 500;

impl StoreClock {
    /// Compares a time of the store with the local times between which it was read.
    pub(super) fn observe(&mut self, store: i64, sent: Duration, received: Duration) {
        let reading = Reading {
            least: store.saturating_sub(micros(received)),
            most: store.saturating_sub(micros(sent)),
            taken: received,
        };
        let last = self.last.replace(reading);
        self.jumped |= last.is_some_and(|last| {
            let elapsed = micros(received.saturating_sub(last.taken));
            let drift = elapsed / 1_000_000 * DRIFT_PER_MILLION;
            reading.least > last.most.saturating_add(TOLERANCE + drift)
        });
    }

    pub(super) fn take_jumped(&mut self) -> bool {
        std::mem::take(&mut self.jumped)
    }

    /// For a store that was not reached.
    pub(super) fn set_jumped(&mut self) {
        self.jumped = true;
    }

    pub(super) const fn has_jumped(&self) -> bool {
        self.jumped
    }

    /// Whether this process has used the store.
    pub(super) const fn is_known(&self) -> bool {
        self.last.is_some()
    }
}

pub(super) fn micros(time: Duration) -> i64 {
    i64::try_from(time.as_micros()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Duration, StoreClock};

    /// Whether a jump is noticed between two times of the store, read after 1 s and after 11 s.
    fn jumps(delay: u64, advanced: i64) -> bool {
        let mut clock = StoreClock::default();
        let ms = Duration::from_millis;
        clock.observe(5_000_000, ms(1000), ms(1000 + delay));
        clock.observe(5_000_000 + advanced, ms(11_000), ms(11_000 + delay));
        clock.take_jumped()
    }

    #[test]
    fn a_clock_that_is_set_forward_is_noticed() {
        assert!(jumps(1, 11_000_000));
        assert!(jumps(1, 10_040_000));
    }

    #[test]
    fn a_clock_that_runs_on_or_is_set_back_is_no_jump() {
        for advanced in [10_000_000, 10_002_000, 9_990_000, 0, -3_600_000_000] {
            assert!(!jumps(1, advanced), "{advanced}");
        }
    }

    #[test]
    fn a_slow_answer_is_no_jump() {
        assert!(!jumps(1000, 10_900_000));
        assert!(jumps(1000, 12_100_000));
    }
}
