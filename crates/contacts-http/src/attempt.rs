//! One call: a slot, an exchange, and again if that makes sense.

use std::time::Duration;

use contacts_core::Outcome;

use crate::clock::Clock;
use crate::kind::Kind;
use crate::limiter::{Limiter, NoSlot, Slot};
use crate::retry::{Decision, History, Retry, Trouble};

/// How calls behave, whatever they ask for.
pub(crate) struct Calls<C> {
    pub(crate) limiter: Limiter<C>,
    pub(crate) retry: Retry,
    /// Whether a call waits for the rate limit, or ends with an error instead.
    pub(crate) waits: bool,
    /// Between 0 and 1.
    pub(crate) random: fn() -> f64,
}

/// A call that failed for good.
#[derive(Debug)]
pub(crate) struct Failed {
    pub(crate) kind: Kind,
    pub(crate) attempts: u32,
    pub(crate) outcome: Outcome,
    /// After a 429 that names no time: how long this client would have waited next.
    pub(crate) retry_after: Option<Duration>,
}

/// What a call tells while it goes on.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Event<'a> {
    Waits {
        time: Duration,
        why: &'a Kind,
    },
    Fails {
        attempt: u32,
        why: &'a Kind,
        took: Duration,
    },
}

/// A call that goes on.
struct Ongoing {
    begin: Duration,
    history: History,
    /// How many requests were sent.
    sent: u32,
    worst: Outcome,
    /// Whether the next request needs a new connection.
    fresh: bool,
}

impl<C: Clock> Calls<C> {
    /// Runs `exchange` until it succeeds or there is no point in another try. `exchange` is told
    /// whether a new connection is wanted.
    pub(crate) fn run<T>(
        &self,
        changes: bool,
        cancelled: &dyn Fn() -> bool,
        mut exchange: impl FnMut(bool) -> Result<T, Kind>,
        mut tell: impl FnMut(Event<'_>),
    ) -> Result<T, Failed> {
        let clock = &self.limiter.clock;
        let mut call = Ongoing::begun(clock.now());
        loop {
            let slot = self.slot(cancelled).map_err(|kind| call.failed(kind))?;
            let begin = clock.now();
            let kind = match exchange(call.fresh) {
                Ok(done) => return Ok(done),
                Err(kind) => kind,
            };
            call.note(&kind, changes, clock.now());
            tell(Event::Fails {
                attempt: call.sent,
                why: &kind,
                took: clock.now().saturating_sub(begin),
            });
            let decision = self
                .retry
                .decide(kind.trouble(), call.history, (self.random)());
            end(slot, &kind, decision);
            match decision {
                Decision::Reconnect => call.reconnect(),
                Decision::AllAfter(time) if self.waits => {
                    // The limiter makes all wait, this call included.
                    call.history.refusals += 1;
                    tell(Event::Waits { time, why: &kind });
                }
                Decision::After(time) => {
                    call.history.refusals = 0;
                    tell(Event::Waits { time, why: &kind });
                    if !self.limiter.pause(time, cancelled) {
                        return Err(call.failed(Kind::Cancelled));
                    }
                }
                Decision::GiveUp | Decision::AllAfter(_) => return Err(call.failed(kind)),
            }
        }
    }

    fn slot(&self, cancelled: &dyn Fn() -> bool) -> Result<Slot<'_, C>, Kind> {
        let longest = if self.waits {
            Duration::MAX
        } else {
            Duration::ZERO
        };
        match self.limiter.slot(longest, cancelled) {
            Ok(_) if cancelled() => Err(Kind::Cancelled),
            Ok(slot) => Ok(slot),
            Err(no_slot) => Err(no_slot.into()),
        }
    }
}

/// Gives a slot back; after a 429 with the time for which nobody sends.
fn end<C: Clock>(slot: Slot<'_, C>, kind: &Kind, decision: Decision) {
    match (kind.trouble(), decision) {
        (_, Decision::AllAfter(wait)) => slot.refused(wait),
        (Trouble::RateLimited { .. }, _) => slot.refused(Duration::ZERO),
        _ => drop(slot),
    }
}

impl Ongoing {
    fn begun(begin: Duration) -> Self {
        Self {
            begin,
            history: History::default(),
            sent: 0,
            worst: Outcome::NotSent,
            fresh: false,
        }
    }

    /// Takes note of a request that failed.
    fn note(&mut self, kind: &Kind, changes: bool, now: Duration) {
        self.sent += 1;
        self.worst = worse(self.worst, kind.outcome(changes));
        let counts = !matches!(kind.trouble(), Trouble::RateLimited { .. });
        self.history.attempts += u32::from(counts);
        self.history.elapsed = now.saturating_sub(self.begin);
    }

    /// The attempt that met the broken connection was for free.
    fn reconnect(&mut self) {
        self.history.reconnected = true;
        self.history.attempts -= 1;
        self.history.refusals = 0;
        self.fresh = true;
    }

    fn failed(&self, kind: Kind) -> Failed {
        let retry_after = match kind.trouble() {
            Trouble::RateLimited { retry_after: None } => {
                Some(Retry::after_refusal(None, self.history.refusals))
            }
            _ => None,
        };
        Failed {
            kind,
            attempts: self.sent,
            outcome: self.worst,
            retry_after,
        }
    }
}

/// An attempt that may have been applied is not undone by a later one that was not.
const fn worse(a: Outcome, b: Outcome) -> Outcome {
    match (a, b) {
        (Outcome::Unknown, _) | (_, Outcome::Unknown) => Outcome::Unknown,
        (Outcome::Rejected, _) | (_, Outcome::Rejected) => Outcome::Rejected,
        (Outcome::NotSent, Outcome::NotSent) => Outcome::NotSent,
    }
}

impl From<NoSlot> for Kind {
    fn from(no_slot: NoSlot) -> Self {
        match no_slot {
            NoSlot::Cancelled => Self::Cancelled,
            NoSlot::WouldWait(retry_after) => Self::WouldWait { retry_after },
            NoSlot::Shared(error) => Self::SharedLimit(error),
        }
    }
}

#[cfg(test)]
mod tests;
