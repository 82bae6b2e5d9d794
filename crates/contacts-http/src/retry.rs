//! Whether and when a failed request is retried, as pure functions.

mod budget;
mod failure;
mod status;

use std::time::Duration;

pub(crate) use budget::{Wait, WaitBudget};
pub(crate) use failure::Failure;
pub(crate) use status::{Status, StatusKind};

/// When a request is retried.
///
/// A retry is safe for the order: the request sets absolute values. Whether DigiCert sends e-mail
/// after each of them is unknown, so an update that may have been applied is retried only if a read of
/// the order does not confirm it, see [`Client::update_contacts`](crate::Client::update_contacts).
///
/// | failure | retry |
/// |---|---|
/// | no connection, a broken connection, also during the TLS handshake, a timeout, status 408, 500, 502, 503 or 504 | after a random wait of up to 0.5 s, 1 s, 2 s and so on, at most 20 s (full jitter), or after exactly the time of `Retry-After` |
/// | a pooled connection that the server had closed | at once, on a new connection |
/// | status 429 | after a pause of all clones; does not count as an attempt |
/// | a TLS error (but not a cut handshake), a redirect, another status, a response that is unreadable or not HTTP | never |
/// | a web page, or anything else without an error code of DigiCert | as the status says |
///
/// A pause after a 429 takes 5 s at first and doubles up to 180 s, or takes the time of
/// `Retry-After` (1 s to one hour). It also happens if the call that got the 429 fails. Afterwards
/// all clones use half of their rate limit, and more again as requests succeed.
///
/// A call fails at once if the wait does not fit into its time, or for the pause of another call
/// into 180 s if that is longer.
///
/// ```
/// use contacts_http::Retry;
/// use std::time::Duration;
///
/// let retry = Retry::default();
/// assert_eq!((retry.attempts(), retry.time()), (3, Duration::from_secs(600)));
/// assert_eq!(Retry::none().attempts(), 1);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    attempts: u32,
    time: Duration,
}

impl Default for Retry {
    /// 3 attempts within 10 minutes.
    fn default() -> Self {
        Self::new(3, Duration::from_secs(600))
    }
}

impl Retry {
    /// At most `attempts` attempts within `time` of the start of the first one.
    ///
    /// The wait for the first permit of the rate limiter does not count, except that a pause after
    /// a 429 of another call is waited for at most `time`, or 180 s if that is longer.
    /// [`Builder::build`](crate::Builder::build) rejects a policy without an attempt.
    #[must_use]
    pub const fn new(attempts: u32, time: Duration) -> Self {
        Self { attempts, time }
    }

    /// One attempt; a 429 is an error at once. Later calls still wait for the pause after it, up to
    /// 180 s. An update of unknown outcome is still followed by a read, unless the rate limit requires
    /// a wait.
    #[must_use]
    pub const fn none() -> Self {
        Self::new(1, Duration::ZERO)
    }

    /// The largest number of attempts, without those that got a 429.
    #[must_use]
    pub const fn attempts(self) -> u32 {
        self.attempts
    }

    /// The time within which the last attempt starts. A read that checks an update may follow it.
    #[must_use]
    pub const fn time(self) -> Duration {
        self.time
    }
}

/// How a failed request is retried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RetryClass {
    Never,
    /// Not by this client; a later call can succeed.
    Later,
    /// After a random wait, or the time of `Retry-After`.
    Backoff,
    /// After a pause of all clones.
    RateLimited,
    /// At once, on a new connection.
    Reconnect,
}

/// The attempts of a call so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct History {
    /// Without those that got a 429.
    pub(crate) attempts: u32,
    /// 429s in a row.
    pub(crate) rate_limited: u32,
    pub(crate) elapsed: Duration,
}

const FIRST_BACKOFF: Duration = Duration::from_millis(500);
const LONGEST_BACKOFF: Duration = Duration::from_secs(20);
const FIRST_PAUSE: Duration = Duration::from_secs(5);
const SHORTEST_PAUSE: Duration = Duration::from_secs(1);

impl Retry {
    /// The longest pause without a `Retry-After`: DigiCert's longest window.
    pub(crate) const LONGEST_PAUSE: Duration = Duration::from_secs(180);

    /// How long all clones pause after a 429 that follows `rate_limited` others.
    pub(crate) fn pause(retry_after: Option<Duration>, rate_limited: u32) -> Duration {
        // A `Retry-After: 0` must not become a loop without a wait.
        retry_after.map_or_else(
            || doubled(FIRST_PAUSE, rate_limited).min(Self::LONGEST_PAUSE),
            |time| time.max(SHORTEST_PAUSE),
        )
    }

    /// The wait before the next attempt, or `None` to stop. `random` is between 0 and 1.
    pub(crate) fn decide(
        self,
        class: RetryClass,
        retry_after: Option<Duration>,
        history: History,
        random: f64,
    ) -> Option<Wait> {
        let wait = match class {
            RetryClass::Never | RetryClass::Later => return None,
            RetryClass::RateLimited => Wait::Paused(Self::pause(retry_after, history.rate_limited)),
            _ if history.attempts >= self.attempts => return None,
            RetryClass::Reconnect => Wait::For(Duration::ZERO),
            RetryClass::Backoff => Wait::For(retry_after.unwrap_or_else(|| {
                let longest = doubled(FIRST_BACKOFF, history.attempts.saturating_sub(1));
                longest.min(LONGEST_BACKOFF).mul_f64(random)
            })),
        };
        let end = history
            .elapsed
            .saturating_add(wait.time().unwrap_or_default());
        (end <= self.time).then_some(wait)
    }
}

fn doubled(first: Duration, times: u32) -> Duration {
    first.saturating_mul(2_u32.saturating_pow(times))
}

#[cfg(test)]
mod tests;
