//! The rolling windows of the rate limits, as pure functions of responses and time.
//! Times are counted from any fixed moment.

use std::collections::VecDeque;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::rate_limit::RateLimit;
use crate::retry::Wait;

/// The requests that count against the limits.
///
/// A request leaves a window one window length after its *response*. The server counted the request
/// before it responded, so by then it has left the server's window as well, whatever the network
/// delay was, and no clock but ours is needed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Windows {
    /// Not stored in a file, which holds a lease for each request in flight.
    #[serde(skip)]
    in_flight: usize,
    /// When responses arrived, as far back as the longest window reaches.
    #[serde(rename = "answered")]
    responses: VecDeque<Duration>,
    /// No request starts before, after a 429.
    #[serde(rename = "closed_until")]
    paused_until: Duration,
    #[serde(rename = "pace")]
    share: Share,
}

/// Clocks of different machines have different resolutions, so a window is this much longer.
const MARGIN: Duration = Duration::from_millis(1);
/// The longest pause that a server or a file can ask for.
const LONGEST_PAUSE: Duration = Duration::from_secs(3600);

impl Windows {
    /// Starts a request, or returns how long it has to wait.
    pub(crate) fn try_acquire(&mut self, limits: &[RateLimit], now: Duration) -> Result<(), Wait> {
        self.expire(limits, now);
        let pause = self.paused_until.saturating_sub(now);
        if !pause.is_zero() {
            return Err(Wait::Paused(pause));
        }
        let mut start = now;
        for limit in limits {
            let allowed = self.share.of(limit.requests());
            if self.in_flight >= allowed {
                return Err(Wait::Response);
            }
            // The response at this index must have left the window first.
            let free = allowed - self.in_flight;
            if let Some(index) = self.responses.len().checked_sub(free) {
                start = start.max(self.responses[index] + limit.window() + MARGIN);
            }
        }
        let wait = start.saturating_sub(now);
        if !wait.is_zero() {
            return Err(Wait::For(wait));
        }
        self.in_flight += 1;
        Ok(())
    }

    /// Records the response to a request that started at `started`. After a 429, `pause` is how
    /// long no request starts.
    pub(crate) fn release(&mut self, started: Duration, now: Duration, pause: Option<Duration>) {
        self.in_flight = self.in_flight.saturating_sub(1);
        // Keeps the order when the clock is set back.
        let last = self.responses.back().copied().unwrap_or_default();
        self.responses.push_back(now.max(last));
        match pause {
            None => self.share.recover(),
            Some(pause) => {
                self.share.reduce(started, now);
                let until = now + pause.min(LONGEST_PAUSE);
                self.paused_until = self.paused_until.max(until);
            }
        }
    }

    /// Makes the content of a file valid without breaking a limit. Times in the future, after the
    /// clock was set back, become `now`.
    pub(crate) fn restore(&mut self, in_flight: usize, now: Duration) {
        self.in_flight = in_flight;
        for response in &mut self.responses {
            *response = (*response).min(now);
        }
        self.responses.make_contiguous().sort_unstable();
        self.paused_until = self.paused_until.min(now + LONGEST_PAUSE);
        self.share.restore(now);
    }

    fn expire(&mut self, limits: &[RateLimit], now: Duration) {
        let longest = RateLimit::longest_window(limits);
        let expired = |response: &Duration| *response + longest + MARGIN <= now;
        while self.responses.front().is_some_and(expired) {
            self.responses.pop_front();
        }
    }
}

/// The share of the limits in use. It is 100 % until a 429 shows that another program uses the key,
/// or that the limits have changed.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Share {
    percent: u32,
    #[serde(rename = "answers_since")]
    responses_since_429: u32,
    #[serde(rename = "slowed")]
    reduced_at: Option<Duration>,
}

impl Default for Share {
    fn default() -> Self {
        Self {
            percent: Self::FULL,
            responses_since_429: 0,
            reduced_at: None,
        }
    }
}

impl Share {
    const FULL: u32 = 100;
    const LEAST: u32 = 10;
    const STEP: u32 = 10;
    /// The number of responses without a 429 that add one step.
    const RESPONSES_PER_STEP: u32 = 50;

    fn of(&self, requests: u32) -> usize {
        let share = u64::from(requests) * u64::from(self.percent) / u64::from(Self::FULL);
        usize::try_from(share.max(1)).unwrap_or(usize::MAX)
    }

    /// Halves the share, once for all requests that were in flight together: they got their 429
    /// for one reason.
    fn reduce(&mut self, started: Duration, now: Duration) {
        self.responses_since_429 = 0;
        if self
            .reduced_at
            .is_none_or(|reduced_at| started > reduced_at)
        {
            self.percent = (self.percent / 2).max(Self::LEAST);
            self.reduced_at = Some(now);
        }
    }

    fn recover(&mut self) {
        self.responses_since_429 = self.responses_since_429.saturating_add(1);
        if self.responses_since_429 >= Self::RESPONSES_PER_STEP {
            self.percent = (self.percent + Self::STEP).min(Self::FULL);
            self.responses_since_429 = 0;
        }
    }

    fn restore(&mut self, now: Duration) {
        self.percent = self.percent.clamp(Self::LEAST, Self::FULL);
        self.reduced_at = self.reduced_at.map(|reduced_at| reduced_at.min(now));
    }
}

#[cfg(test)]
mod tests;
