//! How long to wait, and how long a call may wait.

use std::time::Duration;

/// A wait before a request can be sent or retried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wait {
    For(Duration),
    /// The rest of the pause after a 429, during which no clone sends a request.
    Paused(Duration),
    /// Until a request in flight gets its response.
    Response,
}

impl Wait {
    /// Its time, if that is known in advance.
    pub(crate) const fn time(self) -> Option<Duration> {
        match self {
            Self::For(time) | Self::Paused(time) => Some(time),
            Self::Response => None,
        }
    }
}

/// How long a call waits for its permit at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct WaitBudget {
    pub(crate) total: Duration,
    /// For pauses after a 429. Other calls can get a 429 again and again, so a pause can be
    /// extended without end.
    pub(crate) paused: Duration,
}

impl WaitBudget {
    pub(crate) const NONE: Self = Self::new(Duration::ZERO);

    pub(crate) const fn new(total: Duration) -> Self {
        Self {
            total,
            paused: total,
        }
    }

    pub(crate) fn allows(self, wait: Wait) -> bool {
        let limit = match wait {
            Wait::Paused(_) => self.total.min(self.paused),
            Wait::For(_) | Wait::Response => self.total,
        };
        !self.total.is_zero() && wait.time().unwrap_or_default() <= limit
    }

    pub(crate) fn spend(&mut self, wait: Wait, time: Duration) {
        self.total = self.total.saturating_sub(time);
        if matches!(wait, Wait::Paused(_)) {
            self.paused = self.paused.saturating_sub(time);
        }
    }
}
