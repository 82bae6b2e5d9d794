//! One call: a slot, an exchange, and again if that makes sense.

use std::time::Duration;

use contacts_core::Outcome;

use crate::clock::Clock;
use crate::kind::Kind;
use crate::limiter::{Limiter, NoSlot, Patience, Slot};
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
    /// After a 429: how long this client would have waited next.
    pub(crate) retry_after: Option<Duration>,
}

/// What a call tells while it goes on.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Event<'a> {
    Begins {
        attempt: u32,
    },
    Done {
        attempt: u32,
        took: Duration,
    },
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
    /// When the first request had its slot.
    begin: Option<Duration>,
    history: History,
    /// How often it was tried.
    tries: u32,
    /// What the try before met.
    last: Option<Kind>,
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
        let mut call = Ongoing::new();
        loop {
            let slot = match self.slot(&call, cancelled, &mut tell) {
                Ok(slot) => slot,
                Err(no_slot) => return Err(call.without_slot(no_slot)),
            };
            let begin = clock.now();
            call.begin.get_or_insert(begin);
            let attempt = call.tries + 1;
            tell(Event::Begins { attempt });
            let result = exchange(call.fresh);
            let took = clock.now().saturating_sub(begin);
            let kind = match result {
                Ok(done) => {
                    tell(Event::Done { attempt, took });
                    return Ok(done);
                }
                Err(kind) => kind,
            };
            call.note(&kind, changes, clock.now());
            tell(Event::Fails {
                attempt,
                why: &kind,
                took,
            });
            let decision = self
                .retry
                .decide(kind.trouble(), call.history, (self.random)());
            end(slot, &kind, call.history);
            match decision {
                Decision::Reconnect => {
                    call.history.refusals = 0;
                    call.fresh = true;
                }
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
            call.last = Some(kind);
        }
    }

    fn slot(
        &self,
        call: &Ongoing,
        cancelled: &dyn Fn() -> bool,
        tell: &mut impl FnMut(Event<'_>),
    ) -> Result<Slot<'_, C>, NoSlot> {
        let patience = match call.begin {
            _ if !self.waits => Patience::NONE,
            // A place in the queue is waited for, however long it is.
            None => Patience {
                in_all: Duration::MAX,
                closed: self.retry.time().max(Retry::LONGEST_REFUSAL),
            },
            Some(begin) => {
                let elapsed = self.limiter.clock.now().saturating_sub(begin);
                let left = self.retry.time().saturating_sub(elapsed);
                Patience {
                    in_all: left,
                    closed: left,
                }
            }
        };
        let tell = |time| {
            // The wait after a 429 was told when it was met.
            if call.history.refusals == 0 {
                let why = &Kind::from(NoSlot::WouldWait(Some(time)));
                tell(Event::Waits { time, why });
            }
        };
        match self.limiter.slot(patience, cancelled, tell) {
            Ok(_) if cancelled() => Err(NoSlot::Cancelled),
            result => result,
        }
    }
}

/// Gives a slot back; after a 429 with the time for which nobody sends, whether this call goes on or
/// not.
fn end<C: Clock>(slot: Slot<'_, C>, kind: &Kind, history: History) {
    match kind.trouble() {
        Trouble::RateLimited { retry_after } => {
            let wait = Retry::after_refusal(retry_after, history.refusals);
            slot.refused(wait);
        }
        _ => drop(slot),
    }
}

impl Ongoing {
    fn new() -> Self {
        Self {
            begin: None,
            history: History::default(),
            tries: 0,
            last: None,
            worst: Outcome::NotSent,
            fresh: false,
        }
    }

    /// Takes note of a request that failed.
    fn note(&mut self, kind: &Kind, changes: bool, now: Duration) {
        self.tries += 1;
        self.worst = worse(self.worst, kind.outcome(changes));
        let counts = !matches!(kind.trouble(), Trouble::RateLimited { .. });
        self.history.attempts += u32::from(counts);
        self.history.elapsed = now.saturating_sub(self.begin.unwrap_or(now));
    }

    /// No slot for the first request is an error of its own; after that, what the request met tells
    /// more.
    fn without_slot(mut self, no_slot: NoSlot) -> Failed {
        match (self.last.take(), no_slot) {
            (Some(kind), NoSlot::WouldWait(_)) => self.failed(kind),
            (_, no_slot) => self.failed(no_slot.into()),
        }
    }

    fn failed(&self, kind: Kind) -> Failed {
        let retry_after = match kind.trouble() {
            Trouble::RateLimited { retry_after } => {
                Some(Retry::after_refusal(retry_after, self.history.refusals))
            }
            _ => None,
        };
        Failed {
            kind,
            attempts: self.tries,
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
