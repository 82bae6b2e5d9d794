//! The rolling windows of the rate limits, as pure functions of what was answered and of the time.
//! Times are counted from any fixed moment.

use std::collections::VecDeque;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::rate_limit::RateLimit;

/// What counts against the limits.
///
/// A slot becomes free one window after the *answer* to its request came. The server counted the
/// request before it answered, so however long either way took, in the server's own windows the
/// request is out by then; and no clock but ours is needed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Windows {
    /// Not kept in a file, which knows each request that is under way.
    #[serde(skip)]
    under_way: usize,
    /// When requests were answered, as far back as the longest window reaches.
    answered: VecDeque<Duration>,
    /// Nothing is sent before, after a 429.
    closed_until: Duration,
    pace: Pace,
}

/// When the next request may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    Now,
    At(Duration),
    /// Not before, after a 429.
    Closed(Duration),
    /// When one under way has been answered.
    AfterAnswer,
}

/// How a request ended, as far as the limits are concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    Answered,
    /// With 429: somebody else uses the key, or the limits have changed.
    Refused {
        wait: Duration,
    },
}

/// Clocks of different machines tick in different steps; a slot is held so much longer.
const MARGIN: Duration = Duration::from_millis(1);
/// However long a file or a server asks for.
const LONGEST_CLOSED: Duration = Duration::from_secs(3600);

impl Windows {
    pub(crate) fn next(&mut self, limits: &[RateLimit], now: Duration) -> Next {
        self.forget(limits, now);
        if self.closed_until > now {
            return Next::Closed(self.closed_until);
        }
        let mut at = now;
        for limit in limits {
            let most = self.pace.of(limit.requests());
            if self.under_way >= most {
                return Next::AfterAnswer;
            }
            // With this many before it, the answer at this place must be out of the window.
            let free = most - self.under_way;
            if let Some(place) = self.answered.len().checked_sub(free) {
                at = at.max(self.answered[place] + limit.window() + MARGIN);
            }
        }
        if at > now { Next::At(at) } else { Next::Now }
    }

    /// Goes on from a file in which `under_way` requests are under way. Times that lie ahead,
    /// because the clock was set back, become `now`; whatever else a file may hold is put right in
    /// a way that breaks no limit.
    pub(crate) fn resumed(&mut self, under_way: usize, now: Duration) {
        self.under_way = under_way;
        for at in &mut self.answered {
            *at = (*at).min(now);
        }
        self.answered.make_contiguous().sort_unstable();
        self.closed_until = self.closed_until.min(now + LONGEST_CLOSED);
        self.pace.resumed(now);
    }

    fn forget(&mut self, limits: &[RateLimit], now: Duration) {
        let longest = limits.iter().map(|limit| limit.window()).max();
        let longest = longest.unwrap_or_default();
        let out = |at: &Duration| *at + longest + MARGIN <= now;
        while self.answered.front().is_some_and(out) {
            self.answered.pop_front();
        }
    }

    pub(crate) fn begin(&mut self) {
        self.under_way += 1;
    }

    /// Notes the answer to a request that began at `begun`.
    pub(crate) fn end(&mut self, begun: Duration, now: Duration, ended: Ended) {
        self.under_way = self.under_way.saturating_sub(1);
        // A clock that was set back must not unsort them.
        let last = self.answered.back().copied().unwrap_or_default();
        self.answered.push_back(now.max(last));
        match ended {
            Ended::Answered => self.pace.recover(),
            Ended::Refused { wait } => {
                self.pace.slow_down(begun, now);
                let wait = wait.min(LONGEST_CLOSED);
                self.closed_until = self.closed_until.max(now + wait);
            }
        }
    }
}

/// Which part of the limits is used: all of it, until a 429 tells that somebody shares the key.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Pace {
    percent: u32,
    answers_since: u32,
    /// When it was slowed down last.
    slowed: Option<Duration>,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            percent: Self::FULL,
            answers_since: 0,
            slowed: None,
        }
    }
}

impl Pace {
    const FULL: u32 = 100;
    const LEAST: u32 = 10;
    /// So many answers without a 429 give 10 % back.
    const CALM: u32 = 50;

    fn of(&self, requests: u32) -> usize {
        let part = u64::from(requests) * u64::from(self.percent) / u64::from(Self::FULL);
        usize::try_from(part.max(1)).unwrap_or(usize::MAX)
    }

    /// Requests that were under way together are refused for one reason: those that began before
    /// the pace was slowed down tell nothing new.
    fn slow_down(&mut self, begun: Duration, now: Duration) {
        self.answers_since = 0;
        if self.slowed.is_none_or(|at| begun > at) {
            self.percent = (self.percent / 2).max(Self::LEAST);
            self.slowed = Some(now);
        }
    }

    fn resumed(&mut self, now: Duration) {
        self.percent = self.percent.clamp(Self::LEAST, Self::FULL);
        self.slowed = self.slowed.map(|at| at.min(now));
    }

    fn recover(&mut self) {
        self.answers_since = self.answers_since.saturating_add(1);
        if self.answers_since >= Self::CALM {
            self.percent = (self.percent + Self::LEAST).min(Self::FULL);
            self.answers_since = 0;
        }
    }
}

#[cfg(test)]
mod tests;
