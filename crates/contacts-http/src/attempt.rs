//! One call: a slot, an exchange, and again if that makes sense.

use std::time::Duration;

use contacts_core::Outcome;

use crate::clock::Clock;
use crate::error::Kind;
use crate::limiter::{Limiter, NoSlot};
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
        let begin = clock.now();
        let mut history = History::default();
        let mut fresh = false;
        let mut worst = Outcome::NotSent;
        let mut sent = 0;
        loop {
            let longest = if self.waits {
                Duration::MAX
            } else {
                Duration::ZERO
            };
            let slot = match self.limiter.slot(longest, cancelled) {
                Ok(slot) if cancelled() => {
                    drop(slot);
                    return Err(failed(Kind::Cancelled, sent, worst));
                }
                Ok(slot) => slot,
                Err(no_slot) => return Err(failed(no_slot.into(), sent, worst)),
            };
            let attempt_begin = clock.now();
            sent += 1;
            let kind = match exchange(fresh) {
                Ok(done) => return Ok(done),
                Err(kind) => kind,
            };
            tell(Event::Fails {
                attempt: sent,
                why: &kind,
                took: clock.now().saturating_sub(attempt_begin),
            });
            worst = worse(worst, kind.outcome(changes));
            let trouble = kind.trouble();
            history.attempts += u32::from(!matches!(trouble, Trouble::RateLimited { .. }));
            history.elapsed = clock.now().saturating_sub(begin);
            let decision = self.retry.decide(trouble, history, (self.random)());
            if let Trouble::RateLimited { .. } = trouble {
                history.refusals += 1;
                slot.refused(match decision {
                    Decision::AllAfter(wait) => wait,
                    _ => Duration::ZERO,
                });
            } else {
                history.refusals = 0;
                drop(slot);
            }
            let wait = match decision {
                Decision::GiveUp => return Err(failed(kind, sent, worst)),
                Decision::AllAfter(_) if !self.waits => return Err(failed(kind, sent, worst)),
                Decision::Reconnect => {
                    history.reconnected = true;
                    history.attempts -= 1;
                    fresh = true;
                    continue;
                }
                // The limiter makes all wait, this call included.
                Decision::AllAfter(wait) => {
                    tell(Event::Waits {
                        time: wait,
                        why: &kind,
                    });
                    continue;
                }
                Decision::After(wait) => wait,
            };
            tell(Event::Waits {
                time: wait,
                why: &kind,
            });
            if !self.limiter.pause(wait, cancelled) {
                return Err(failed(Kind::Cancelled, sent, worst));
            }
        }
    }
}

const fn failed(kind: Kind, attempts: u32, outcome: Outcome) -> Failed {
    Failed {
        kind,
        attempts,
        outcome,
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
