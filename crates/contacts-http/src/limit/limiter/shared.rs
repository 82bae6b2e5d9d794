//! Permits from a store that several machines share. The store reserves: a call sleeps until the time
//! that the store returned, and after a long sleep asks again.

use std::time::Duration;

use log::warn;

use super::{Limiter, RateLimit, WaitReport};
use crate::limit::clock::Clock;
use crate::limit::store::{Answer, RedisStore, StoreError, StoreLease};
use crate::retry::{Failure, Wait, WaitBudget};

/// The place of a call in the queue of the store, which is given back unless it becomes a permit.
struct Place<'a> {
    store: &'a RedisStore,
    limits: &'a [RateLimit],
    ticket: String,
    is_held: bool,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if self.is_held {
            self.store.cancel(&self.ticket, self.limits);
        }
    }
}

/// A time without an answer of the store.
#[derive(Default)]
struct Outage {
    attempts: u32,
    waited: Duration,
}

/// Longer than a restart or a failover takes.
const LONGEST_OUTAGE: Duration = Duration::from_secs(60);
/// For a store that has never answered: the URL may be wrong.
const LONGEST_START: Duration = Duration::from_secs(10);
const FIRST_BACKOFF: Duration = Duration::from_millis(50);
const LONGEST_BACKOFF: Duration = Duration::from_secs(1);

impl Outage {
    /// The wait before the next attempt, or `None` after the longest time or if `budget` is too short.
    fn next_wait(
        &mut self,
        store: &RedisStore,
        error: &StoreError,
        budget: WaitBudget,
    ) -> Option<Wait> {
        let is_known = store.is_known();
        let longest = if is_known {
            LONGEST_OUTAGE
        } else {
            LONGEST_START
        };
        let factor = 2_u32.saturating_pow(self.attempts);
        let wait = Wait::For(FIRST_BACKOFF.saturating_mul(factor).min(LONGEST_BACKOFF));
        if !error.is_transient() || self.waited >= longest || !budget.allows(wait) {
            return None;
        }
        self.attempts += 1;
        if self.attempts == 1 {
            warn!(target: "contacts_http::client", "{error}; trying again for {longest:?}");
        }
        Some(wait)
    }
}

impl<C: Clock> Limiter<C> {
    pub(super) fn acquire_shared(
        &self,
        store: &RedisStore,
        mut budget: WaitBudget,
        cancelled: &dyn Fn() -> bool,
        mut report: WaitReport<impl FnMut(Wait)>,
    ) -> Result<StoreLease, Failure> {
        let mut place = Place {
            store,
            limits: &self.limits,
            ticket: store.new_ticket(),
            is_held: false,
        };
        let mut outage = Outage::default();
        loop {
            let asked = self.clock.now();
            let wait = match store.acquire(&place.ticket, &self.limits, budget, cancelled) {
                Ok(Answer::Start(lease, wait)) => {
                    place.is_held = true;
                    report.wait(Wait::For(wait));
                    if !wait.is_zero() && !self.sleep(wait, cancelled) {
                        return Err(Failure::Cancelled);
                    }
                    place.is_held = false;
                    return Ok(lease);
                }
                Ok(Answer::TooLong(wait)) => return Err(Failure::WouldWait(wait.time())),
                Ok(Answer::Wait(wait)) => {
                    (place.is_held, outage) = (true, Outage::default());
                    wait
                }
                Err(error) if error.is_cancelled() => return Err(Failure::Cancelled),
                Err(error) => match outage.next_wait(store, &error, budget) {
                    Some(wait) => wait,
                    None => return Err(Failure::SharedLimit(error)),
                },
            };
            if outage.attempts == 0 {
                report.wait(wait);
            }
            if !self.sleep(wait.time().unwrap_or_default(), cancelled) {
                return Err(Failure::Cancelled);
            }
            let waited = self.clock.now().saturating_sub(asked);
            budget.spend(wait, waited);
            if outage.attempts > 0 {
                outage.waited += waited;
            }
        }
    }
}
