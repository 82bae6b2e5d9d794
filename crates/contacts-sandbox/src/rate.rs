use std::collections::{HashMap, VecDeque};
use std::time::Duration;

/// The rolling windows that every key is held to.
///
/// ```
/// use contacts_sandbox::{RateLimits, Sandbox};
/// use std::time::Duration;
///
/// // For a load test:
/// let fast = Sandbox::builder().rate_limits(RateLimits::off()).start()?;
/// // For a test of what a client does at the limit:
/// let narrow = RateLimits::new([(3, Duration::from_secs(1))]);
/// let slow = Sandbox::builder().rate_limits(narrow).start()?;
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RateLimits {
    windows: Vec<(usize, Duration)>,
    count_rejected: bool,
}

/// How full one window of a key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Gauge {
    pub(crate) used: usize,
    pub(crate) limit: usize,
    pub(crate) length: Duration,
}

impl Default for RateLimits {
    fn default() -> Self {
        Self::documented()
    }
}

impl RateLimits {
    const LARGEST: usize = 1_000_000;

    /// What DigiCert documents: 100 requests in 5 seconds and 1000 in 3 minutes. The default.
    #[must_use]
    pub fn documented() -> Self {
        Self::new([
            (100, Duration::from_secs(5)),
            (1000, Duration::from_secs(180)),
        ])
    }

    /// No limit.
    #[must_use]
    pub fn off() -> Self {
        Self::new([])
    }

    /// So many requests in such a time each; at most 1,000,000 requests in a window.
    #[must_use]
    pub fn new(windows: impl IntoIterator<Item = (u32, Duration)>) -> Self {
        let windows = windows
            .into_iter()
            .map(|(limit, length)| ((limit as usize).min(Self::LARGEST), length));
        Self {
            windows: windows.collect(),
            count_rejected: true,
        }
    }

    /// Whether a request that is answered 429 takes a place in the windows too. Nobody has seen how
    /// DigiCert does it; the stricter `true` is the default.
    #[must_use]
    pub const fn count_rejected(mut self, count: bool) -> Self {
        self.count_rejected = count;
        self
    }
}

/// When each key's latest requests came.
#[derive(Debug)]
pub(crate) struct Windows {
    limits: RateLimits,
    longest: usize,
    keys: HashMap<String, VecDeque<Duration>>,
}

impl Windows {
    pub(crate) fn new(limits: RateLimits) -> Self {
        let longest = limits.windows.iter().map(|(limit, _)| *limit).max();
        Self {
            limits,
            longest: longest.unwrap_or_default(),
            keys: HashMap::new(),
        }
    }

    /// Counts a request of a key that exists; `false` if it is over a limit.
    pub(crate) fn admit(&mut self, key: &str, now: Duration) -> bool {
        if self.longest == 0 {
            return self.limits.windows.is_empty();
        }
        if !self.keys.contains_key(key) {
            self.keys.insert(key.to_owned(), VecDeque::new());
        }
        let Some(times) = self.keys.get_mut(key) else {
            return true;
        };
        let free = |&(limit, length): &(usize, Duration)| {
            // The request that must have left the window before this one fits.
            let oldest = times.len().checked_sub(limit).map(|at| times.get(at));
            match oldest {
                None => true,
                Some(time) => time.is_some_and(|time| now.saturating_sub(*time) >= length),
            }
        };
        let admitted = self.limits.windows.iter().all(free);
        if admitted || self.limits.count_rejected {
            if times.len() == self.longest {
                times.pop_front();
            }
            times.push_back(now);
        }
        admitted
    }

    /// How full the windows of a key are.
    pub(crate) fn gauges(&self, key: &str, now: Duration) -> Vec<Gauge> {
        let times = self.keys.get(key);
        let used = |length| {
            let within = |time: &&Duration| now.saturating_sub(**time) < length;
            times.map_or(0, |times| times.iter().rev().take_while(within).count())
        };
        let gauge = |&(limit, length): &(usize, Duration)| Gauge {
            used: used(length).min(limit),
            limit,
            length,
        };
        self.limits.windows.iter().map(gauge).collect()
    }

    pub(crate) fn clear(&mut self) {
        self.keys.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// How many of `count` requests get in, one every `pace`, from `begin` on.
    fn admitted(windows: &mut Windows, begin: Duration, pace: Duration, count: u32) -> u32 {
        let times = (0..count).map(|n| begin + pace * n);
        let mut admitted = 0;
        for time in times {
            admitted += u32::from(windows.admit("key", time));
        }
        admitted
    }

    #[test]
    fn the_documented_windows_roll() {
        let mut windows = Windows::new(RateLimits::documented().count_rejected(false));
        assert_eq!(
            admitted(&mut windows, Duration::ZERO, SECOND / 100, 150),
            100
        );
        assert!(!windows.admit("key", Duration::from_millis(4999)));
        assert!(windows.admit("key", 5 * SECOND), "the first is out");
        assert!(!windows.admit("key", 5 * SECOND), "the second is not");
        assert!(windows.admit("other", 5 * SECOND), "each key has its own");
    }

    #[test]
    fn the_long_window_holds_when_the_short_one_does() {
        let mut windows = Windows::new(RateLimits::documented().count_rejected(false));
        // 20 a second is within 100 in 5 seconds.
        let pace = SECOND / 20;
        assert_eq!(admitted(&mut windows, Duration::ZERO, pace, 3600), 1000);
        assert_eq!(admitted(&mut windows, 180 * SECOND, pace, 20), 20);
    }

    #[test]
    fn whoever_goes_on_asking_stays_out_if_rejected_requests_count() {
        let mut windows = Windows::new(RateLimits::new([(2, SECOND)]));
        assert_eq!(admitted(&mut windows, Duration::ZERO, SECOND / 4, 40), 2);
        assert!(windows.admit("key", 12 * SECOND));
        let gauges = windows.gauges("key", 12 * SECOND);
        assert_eq!((gauges[0].used, gauges[0].limit), (1, 2));
    }

    #[test]
    fn no_window_and_an_empty_window() {
        let mut off = Windows::new(RateLimits::off());
        assert_eq!(
            admitted(&mut off, Duration::ZERO, Duration::ZERO, 5000),
            5000
        );
        let mut shut = Windows::new(RateLimits::new([(0, SECOND)]));
        assert_eq!(admitted(&mut shut, Duration::ZERO, SECOND, 10), 0);
        let mut half = Windows::new(RateLimits::new([(0, SECOND), (5, SECOND)]));
        assert_eq!(admitted(&mut half, Duration::ZERO, SECOND, 10), 0);
    }
}
