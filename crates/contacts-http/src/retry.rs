//! Whether and when to send a request again, as a pure function.

use std::time::Duration;

/// When a request is sent again.
///
/// It is safe for the order: the request sets absolute values. Whether DigiCert sends e-mail to
/// anybody on each of them is unknown.
///
/// Sent again are requests that met no connection, a broken connection, a time limit, or one of
/// the statuses 408, 429, 500, 502, 503 and 504. Never sent again are those that met a certificate
/// problem, a redirect, another status, or an answer that can't be understood. The wait is random
/// between nothing and 0.5 s, 1 s, 2 s and so on up to 20 s (full jitter). A `Retry-After` is kept to
/// exactly, or, where the time is too short for it, ends the call at once.
///
/// A 429 is no failure of the request but a question of time: it does not count as an attempt. All
/// clones send nothing for 5 s at first and twice as long each time up to 180 s (or as `Retry-After`
/// says, 1 s at least and an hour at most), and go on at half the pace; also where the call that met
/// it gives up. A call that would have to wait for longer than its time, or 180 s if that is longer,
/// fails at once.
///
/// After a connection that had served before and turns out to be closed, the next attempt is made at
/// once, on a new one.
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

    /// Every request is sent once; also a 429 is an error at once. Calls that come after it wait as it
    /// asks, up to 180 s.
    #[must_use]
    pub const fn none() -> Self {
        Self::new(1, Duration::ZERO)
    }

    /// How often a request is sent at most, not counting those that met a 429.
    #[must_use]
    pub const fn attempts(self) -> u32 {
        self.attempts
    }

    /// How long a call goes on at most, beside the time of its last request.
    #[must_use]
    pub const fn time(self) -> Duration {
        self.time
    }
}

/// What went wrong with a request, as far as sending it again is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// A connection that had served before broke off, probably because it had been idle for too
    /// long.
    StaleConnection,
    /// It may go better next time.
    Passing { retry_after: Option<Duration> },
    /// 429.
    RateLimited { retry_after: Option<Duration> },
    /// It would go the same way again.
    Lasting,
}

/// What a call has been through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct History {
    /// Attempts made, as they are counted.
    pub(crate) attempts: u32,
    /// 429s in a row.
    pub(crate) refusals: u32,
    pub(crate) elapsed: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// At once, on a new connection.
    Reconnect,
    After(Duration),
    /// Nobody sends anything before.
    AllAfter(Duration),
    GiveUp,
}

const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(20);
const FIRST_REFUSAL: Duration = Duration::from_secs(5);
const LEAST_REFUSAL: Duration = Duration::from_secs(1);

impl Retry {
    /// The longest wait of our own after a 429: DigiCert's longest window.
    pub(crate) const LONGEST_REFUSAL: Duration = Duration::from_secs(180);

    /// How long all have to wait after a 429, if so many came before it in a row.
    pub(crate) fn after_refusal(retry_after: Option<Duration>, refusals: u32) -> Duration {
        let wait = doubled(FIRST_REFUSAL, refusals).min(Self::LONGEST_REFUSAL);
        // A server that says 0 means soon; a loop without a pause is not meant.
        retry_after.map_or(wait, |asked| asked.max(LEAST_REFUSAL))
    }

    /// `random` lies between 0 and 1.
    pub(crate) fn decide(self, trouble: Trouble, history: History, random: f64) -> Decision {
        let (wait, to_all) = match trouble {
            Trouble::Lasting => return Decision::GiveUp,
            Trouble::RateLimited { retry_after } => {
                (Self::after_refusal(retry_after, history.refusals), true)
            }
            _ if history.attempts >= self.attempts => return Decision::GiveUp,
            Trouble::StaleConnection if history.elapsed <= self.time => return Decision::Reconnect,
            Trouble::StaleConnection => return Decision::GiveUp,
            Trouble::Passing {
                retry_after: Some(wait),
            } => (wait, false),
            Trouble::Passing { retry_after: None } => {
                let most = doubled(FIRST_WAIT, history.attempts.saturating_sub(1));
                (most.min(LONGEST_WAIT).mul_f64(random), false)
            }
        };
        let in_time = history.elapsed.saturating_add(wait) <= self.time;
        match (in_time, to_all) {
            (false, _) => Decision::GiveUp,
            (true, true) => Decision::AllAfter(wait),
            (true, false) => Decision::After(wait),
        }
    }
}

fn doubled(first: Duration, times: u32) -> Duration {
    first.saturating_mul(2_u32.saturating_pow(times))
}

#[cfg(test)]
mod tests {
    use super::{Decision, Duration, History, Retry, Trouble};

    const PASSING: Trouble = Trouble::Passing { retry_after: None };

    const fn secs(n: u64) -> Duration {
        Duration::from_secs(n)
    }

    fn decide(trouble: Trouble, history: History) -> Decision {
        Retry::new(9, secs(600)).decide(trouble, history, 1.0)
    }

    fn after(attempts: u32) -> History {
        History {
            attempts,
            ..History::default()
        }
    }

    #[test]
    fn the_wait_doubles_up_to_20_seconds_and_is_random_down_to_nothing() {
        let waits = [500, 1000, 2000, 4000, 8000, 16_000, 20_000, 20_000];
        for (attempts, wait) in (1..).zip(waits) {
            let wait = Duration::from_millis(wait);
            assert_eq!(decide(PASSING, after(attempts)), Decision::After(wait));
            let half = Retry::new(9, secs(600)).decide(PASSING, after(attempts), 0.5);
            assert_eq!(half, Decision::After(wait / 2));
            let none = Retry::new(9, secs(600)).decide(PASSING, after(attempts), 0.0);
            assert_eq!(none, Decision::After(Duration::ZERO));
        }
    }

    #[test]
    fn attempts_and_time_are_bounded() {
        assert_eq!(decide(PASSING, after(8)), Decision::After(secs(20)));
        assert_eq!(decide(PASSING, after(9)), Decision::GiveUp);
        let late = |seconds| History {
            elapsed: secs(seconds),
            ..after(7)
        };
        assert_eq!(decide(PASSING, late(580)), Decision::After(secs(20)));
        assert_eq!(decide(PASSING, late(581)), Decision::GiveUp);
        assert_eq!(
            decide(
                PASSING,
                History {
                    elapsed: Duration::MAX,
                    ..after(1)
                }
            ),
            Decision::GiveUp
        );
        assert_eq!(decide(Trouble::Lasting, after(1)), Decision::GiveUp);
    }

    #[test]
    fn a_retry_after_is_kept_to_exactly_or_told() {
        for (seconds, expected) in [
            (0, Decision::After(secs(0))),
            (600, Decision::After(secs(600))),
            (601, Decision::GiveUp),
            (999_999_999_999, Decision::GiveUp),
        ] {
            let retry_after = Some(secs(seconds));
            assert_eq!(decide(Trouble::Passing { retry_after }, after(1)), expected);
        }
        let limited = |seconds| Trouble::RateLimited {
            retry_after: Some(secs(seconds)),
        };
        assert_eq!(decide(limited(7), after(1)), Decision::AllAfter(secs(7)));
        assert_eq!(decide(limited(0), after(1)), Decision::AllAfter(secs(1)));
        assert_eq!(
            decide(limited(600), after(1)),
            Decision::AllAfter(secs(600))
        );
        assert_eq!(decide(limited(601), after(1)), Decision::GiveUp);
    }

    #[test]
    fn a_429_makes_all_wait_longer_each_time_and_is_no_attempt() {
        let limited = Trouble::RateLimited { retry_after: None };
        for (refusals, seconds) in (0..).zip([5, 10, 20, 40, 80, 160, 180, 180]) {
            let history = History {
                refusals,
                ..after(9)
            };
            assert_eq!(decide(limited, history), Decision::AllAfter(secs(seconds)));
        }
        let late = History {
            elapsed: secs(596),
            ..after(0)
        };
        assert_eq!(decide(limited, late), Decision::GiveUp);
    }

    #[test]
    fn a_connection_that_was_closed_is_replaced_at_once_while_there_are_attempts() {
        let stale = Trouble::StaleConnection;
        assert_eq!(decide(stale, after(8)), Decision::Reconnect);
        assert_eq!(decide(stale, after(9)), Decision::GiveUp);
        let late = |elapsed| History {
            elapsed: secs(elapsed),
            ..after(1)
        };
        let stale = |elapsed| decide(Trouble::StaleConnection, late(elapsed));
        assert_eq!(stale(600), Decision::Reconnect);
        assert_eq!(stale(601), Decision::GiveUp);
    }

    #[test]
    fn without_retries_everything_is_final() {
        let limited = Trouble::RateLimited { retry_after: None };
        for trouble in [PASSING, limited, Trouble::StaleConnection, Trouble::Lasting] {
            assert_eq!(
                Retry::none().decide(trouble, after(1), 1.0),
                Decision::GiveUp
            );
        }
    }
}
