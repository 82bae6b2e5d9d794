use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use serde::Serialize;

use crate::data::record::seconds;

/// The rolling windows that limit the requests of each key.
///
/// ```
/// use contacts_sandbox::{RateLimits, Sandbox};
/// use std::time::Duration;
///
/// // For a load test:
/// let unlimited = Sandbox::builder().rate_limits(RateLimits::off()).start()?;
/// // To test what a client does at the limit:
/// let limits = RateLimits::new([(3, Duration::from_secs(1))]);
/// let limited = Sandbox::builder().rate_limits(limits).start()?;
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RateLimits {
    windows: Vec<(usize, Duration)>,
    count_rejected: bool,
}

impl Default for RateLimits {
    fn default() -> Self {
        Self::documented()
    }
}

impl RateLimits {
    /// The limits that DigiCert documents: 100 requests in 5 seconds and 1000 in 3 minutes. The
    /// default.
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

    /// Limits of a number of requests in a window of this length each. A request must be within all
    /// of them.
    #[must_use]
    pub fn new(windows: impl IntoIterator<Item = (u32, Duration)>) -> Self {
        let windows = windows.into_iter();
        Self {
            windows: windows
                .map(|(max, length)| (max as usize, length))
                .collect(),
            count_rejected: true,
        }
    }

    /// Does not count requests that get a 429. DigiCert's behavior is unknown; the default is the
    /// stricter one, which counts them.
    #[must_use]
    pub const fn ignore_rejected(mut self) -> Self {
        self.count_rejected = false;
        self
    }
}

/// How full one window of a key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct WindowUsage {
    used: usize,
    limit: usize,
    #[serde(rename = "seconds", serialize_with = "seconds::serialize")]
    length: Duration,
}

/// The times of each key's latest requests.
#[derive(Debug)]
pub(crate) struct RateWindows {
    limits: RateLimits,
    /// The number of times to store for each key.
    capacity: usize,
    keys: HashMap<String, VecDeque<Duration>>,
}

impl RateWindows {
    pub(crate) fn new(limits: RateLimits) -> Self {
        let capacity = limits.windows.iter().map(|(max, _)| *max).max();
        Self {
            limits,
            capacity: capacity.unwrap_or_default(),
            keys: HashMap::new(),
        }
    }

    /// Counts a request of a known key; `false` if it exceeds a limit.
    pub(crate) fn admit(&mut self, key: &str, now: Duration) -> bool {
        if self.capacity == 0 {
            return self.limits.windows.is_empty();
        }
        let times = self.keys.entry(key.to_owned()).or_default();
        let has_room = |&(max, length): &(usize, Duration)| {
            // Of the latest `max` requests, the oldest must have left the window.
            let oldest = times.len().checked_sub(max).map(|index| times.get(index));
            match oldest {
                None => true,
                Some(time) => time.is_some_and(|time| now.saturating_sub(*time) >= length),
            }
        };
        let admitted = self.limits.windows.iter().all(has_room);
        if admitted || self.limits.count_rejected {
            let longest = self.limits.windows.iter().map(|(_, length)| *length).max();
            let expired = |time: &Duration| longest.is_some_and(|l| now.saturating_sub(*time) >= l);
            if times.len() == self.capacity || times.front().is_some_and(expired) {
                times.pop_front();
            }
            times.push_back(now);
        }
        admitted
    }

    pub(crate) fn usage(&self, key: &str, now: Duration) -> Vec<WindowUsage> {
        let times = self.keys.get(key);
        let used = |length| {
            let is_within = |time: &&Duration| now.saturating_sub(**time) < length;
            times.map_or(0, |times| times.iter().rev().take_while(is_within).count())
        };
        let usage = |&(limit, length): &(usize, Duration)| WindowUsage {
            used: used(length).min(limit),
            limit,
            length,
        };
        self.limits.windows.iter().map(usage).collect()
    }

    pub(crate) fn clear(&mut self) {
        self.keys.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// The number admitted of `count` requests, one every `pace` from `start` on.
    fn admitted(windows: &mut RateWindows, start: Duration, pace: Duration, count: u32) -> usize {
        let times = (0..count).map(|n| start + pace * n);
        times.filter(|time| windows.admit("key", *time)).count()
    }

    #[test]
    fn the_documented_windows_roll() {
        let mut windows = RateWindows::new(RateLimits::documented().ignore_rejected());
        let start = Duration::ZERO;
        assert_eq!(admitted(&mut windows, start, SECOND / 100, 150), 100);
        assert!(!windows.admit("key", Duration::from_millis(4999)));
        assert!(windows.admit("key", 5 * SECOND), "the first has expired");
        assert!(!windows.admit("key", 5 * SECOND), "the second has not");
        assert!(windows.admit("other", 5 * SECOND), "each key has its own");
    }

    #[test]
    fn the_long_window_limits_a_rate_that_the_short_one_allows() {
        let mut windows = RateWindows::new(RateLimits::documented().ignore_rejected());
        // 20 a second is within 100 in 5 seconds.
        let pace = SECOND / 20;
        assert_eq!(admitted(&mut windows, Duration::ZERO, pace, 3600), 1000);
        assert_eq!(admitted(&mut windows, 180 * SECOND, pace, 20), 20);
    }

    #[test]
    fn a_client_that_keeps_sending_stays_limited_if_rejected_requests_count() {
        let mut windows = RateWindows::new(RateLimits::new([(2, SECOND)]));
        assert_eq!(admitted(&mut windows, Duration::ZERO, SECOND / 4, 40), 2);
        assert!(windows.admit("key", 12 * SECOND));
        let usage = windows.usage("key", 12 * SECOND);
        assert_eq!((usage[0].used, usage[0].limit), (1, 2));
    }

    #[test]
    fn no_window_admits_everything_and_an_empty_window_nothing() {
        let zero = Duration::ZERO;
        let mut off = RateWindows::new(RateLimits::off());
        assert_eq!(admitted(&mut off, zero, zero, 5000), 5000);
        let mut closed = RateWindows::new(RateLimits::new([(0, SECOND)]));
        assert_eq!(admitted(&mut closed, zero, SECOND, 10), 0);
        let mut one_closed = RateWindows::new(RateLimits::new([(0, SECOND), (5, SECOND)]));
        assert_eq!(admitted(&mut one_closed, zero, SECOND, 10), 0);
    }
}
