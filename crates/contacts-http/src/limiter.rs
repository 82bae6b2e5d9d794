//! The rate limits, kept as exact rolling windows.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// At most so many requests in any stretch of time this long.
///
/// DigiCert's page names two that hold at once, per API key: 100 in 5 seconds and 1000 in 3
/// minutes.
///
/// ```
/// use contacts_http::RateLimit;
///
/// assert_eq!(RateLimit::DIGICERT[0], RateLimit::new(100, std::time::Duration::from_secs(5)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    requests: u32,
    window: Duration,
}

impl RateLimit {
    /// The limits on DigiCert's current page.
    pub const DIGICERT: [Self; 2] = [
        Self::new(100, Duration::from_secs(5)),
        Self::new(1000, Duration::from_secs(180)),
    ];

    /// A limit of `requests` in any stretch of `window`. Zero requests count as one: nothing could
    /// ever be sent otherwise.
    #[must_use]
    pub const fn new(requests: u32, window: Duration) -> Self {
        Self {
            requests: if requests == 0 { 1 } else { requests },
            window,
        }
    }

    /// How many requests.
    #[must_use]
    pub const fn requests(self) -> u32 {
        self.requests
    }

    /// In how long a time.
    #[must_use]
    pub const fn window(self) -> Duration {
        self.window
    }
}

/// Hands out slots for requests.
///
/// A slot becomes free one window after the *answer* to its request came. The server counted the
/// request before it answered, so however long either way took, in the server's own windows the
/// request is out by then; and no clock but ours is needed.
#[derive(Debug)]
pub(crate) struct Limiter {
    limits: Vec<RateLimit>,
    state: Mutex<State>,
    released: Condvar,
}

/// When requests were answered, as far back as the longest window reaches, and how many are under
/// way.
#[derive(Debug, Default)]
pub(crate) struct State {
    under_way: usize,
    answered: VecDeque<Instant>,
}

/// When the next request may be sent.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next {
    Now,
    At(Instant),
    /// When one under way has been answered.
    AfterAnswer,
}

/// Clocks of different machines tick in different steps; a slot is held so much longer.
const MARGIN: Duration = Duration::from_millis(1);
/// How often a wait looks whether it was cancelled.
const SLICE: Duration = Duration::from_millis(50);

impl State {
    /// A pure function of what has been answered and of the time.
    pub(crate) fn next(&mut self, limits: &[RateLimit], now: Instant) -> Next {
        self.forget(limits, now);
        let mut at = now;
        for limit in limits {
            let most = limit.requests as usize;
            if self.under_way >= most {
                return Next::AfterAnswer;
            }
            // With this many before it, the answer at this place must be out of the window.
            let free = most - self.under_way;
            if let Some(place) = self.answered.len().checked_sub(free) {
                at = at.max(self.answered[place] + limit.window + MARGIN);
            }
        }
        if at > now { Next::At(at) } else { Next::Now }
    }

    fn forget(&mut self, limits: &[RateLimit], now: Instant) {
        let longest = limits
            .iter()
            .map(|limit| limit.window)
            .max()
            .unwrap_or_default();
        while self
            .answered
            .front()
            .is_some_and(|&at| at + longest + MARGIN <= now)
        {
            self.answered.pop_front();
        }
    }

    pub(crate) fn begin(&mut self) {
        self.under_way += 1;
    }

    pub(crate) fn end(&mut self, now: Instant) {
        self.under_way -= 1;
        self.answered.push_back(now);
    }
}

/// A request under way. Dropping it starts its windows, however the request ended.
#[derive(Debug)]
pub(crate) struct Slot<'a>(&'a Limiter);

impl Limiter {
    pub(crate) fn new(limits: Vec<RateLimit>) -> Self {
        Self {
            limits,
            state: Mutex::default(),
            released: Condvar::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a slot; `None` when it was cancelled meanwhile.
    pub(crate) fn slot(&self, cancelled: impl Fn() -> bool) -> Option<Slot<'_>> {
        let mut state = self.lock();
        loop {
            let now = Instant::now();
            let wait = match state.next(&self.limits, now) {
                Next::Now => {
                    state.begin();
                    return Some(Slot(self));
                }
                Next::At(at) => (at - now).min(SLICE),
                Next::AfterAnswer => SLICE,
            };
            drop(state);
            // Outside of the lock: it may run code of the caller's.
            if cancelled() {
                return None;
            }
            let waited = self.released.wait_timeout(self.lock(), wait);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        self.0.lock().end(Instant::now());
        self.0.released.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::{Duration, Instant, Limiter, Next, RateLimit, State};
    use proptest::prelude::*;

    const fn ms(n: u64) -> Duration {
        Duration::from_millis(n)
    }

    /// Runs `requests` one after another on a virtual clock; gives the time the server counted
    /// each, which lies anywhere between sending and answer.
    fn run(limits: &[RateLimit], delays: &[(u64, u64)]) -> Vec<Duration> {
        let begin = Instant::now();
        let (mut now, mut state) = (begin, State::default());
        let mut counted = Vec::new();
        for &(there, back) in delays {
            match state.next(limits, now) {
                Next::Now => {}
                Next::At(at) => now = at,
                Next::AfterAnswer => panic!("one at a time never waits for an answer"),
            }
            assert_eq!(state.next(limits, now), Next::Now);
            state.begin();
            counted.push(now + ms(there) - begin);
            now += ms(there + back);
            state.end(now);
        }
        counted
    }

    /// Whether some stretch of `window` holds more than allowed, tried from every request on.
    fn broken(limit: RateLimit, counted: &[Duration]) -> bool {
        counted.iter().any(|&from| {
            let within = |at: &&Duration| **at >= from && **at < from + limit.window();
            counted.iter().filter(within).count() > limit.requests() as usize
        })
    }

    proptest! {
        #[test]
        fn no_window_is_ever_broken(
            limits in prop::collection::vec((1..20_u32, 1..2000_u64), 1..4),
            delays in prop::collection::vec((0..200_u64, 0..200_u64), 1..150),
        ) {
            let limits: Vec<_> = limits.into_iter().map(|(n, w)| RateLimit::new(n, ms(w))).collect();
            let counted = run(&limits, &delays);
            for limit in limits {
                prop_assert!(!broken(limit, &counted), "{limit:?} {counted:?}");
            }
        }
    }

    #[test]
    fn the_schedule_is_the_fastest_that_the_limits_permit() {
        // With instant answers: 100 every 5 s, but 1000 in 180 s, so the 1,000th starts at 45 s and
        // the 2,000th at 225 s.
        for (requests, fastest) in [(1000, 45), (2000, 225)] {
            let counted = run(&RateLimit::DIGICERT, &vec![(0, 0); requests]);
            let last = counted[requests - 1].as_secs_f64();
            let fastest = f64::from(fastest);
            assert!(
                last >= fastest && last < fastest * 1.02,
                "{requests}: {last} s"
            );
        }
    }

    #[test]
    fn requests_under_way_hold_their_slots() {
        let limits = [RateLimit::new(2, ms(100))];
        let now = Instant::now();
        let mut state = State::default();
        state.begin();
        state.begin();
        assert_eq!(state.next(&limits, now + ms(10_000)), Next::AfterAnswer);
        state.end(now);
        assert_eq!(state.next(&limits, now), Next::At(now + ms(101)));
        assert_eq!(state.next(&limits, now + ms(101)), Next::Now);
    }

    #[test]
    fn a_wait_can_be_cancelled() {
        let limiter = Limiter::new(vec![RateLimit::new(1, Duration::from_secs(3600))]);
        drop(limiter.slot(|| false));
        assert!(limiter.slot(|| true).is_none());
    }
}
