//! Hands out slots for requests, and waits for them.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::clock::Clock;
use crate::ledger::{Later, Ledger, Ticket};
use crate::rate_limit::RateLimit;
use crate::window::Ended;

/// One for all clones of a client.
pub(crate) struct Limiter<C> {
    limits: Vec<RateLimit>,
    ledger: Mutex<Ledger>,
    released: Condvar,
    /// Ringing a bell that nobody hears costs a system call for each request.
    waiting: AtomicUsize,
    pub(crate) clock: C,
}

/// Permission for one request. It counts as under way until it is ended or dropped.
pub(crate) struct Slot<'a, C: Clock> {
    limiter: &'a Limiter<C>,
    ticket: Ticket,
    ended: Ended,
}

/// Why there is no slot.
#[derive(Debug)]
pub(crate) enum NoSlot {
    Cancelled,
    /// It would take so long, or an unknown time, and the caller does not wait.
    WouldWait(Option<Duration>),
    /// The file that several processes share could not be used.
    Shared(io::Error),
}

/// How often a wait looks whether it was cancelled.
const SLICE: Duration = Duration::from_millis(50);

impl<C: Clock> Limiter<C> {
    pub(crate) const fn new(limits: Vec<RateLimit>, ledger: Ledger, clock: C) -> Self {
        Self {
            limits,
            ledger: Mutex::new(ledger),
            released: Condvar::new(),
            waiting: AtomicUsize::new(0),
            clock,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A slot, once one is free; `longest` is how long to wait for it at most.
    pub(crate) fn slot(
        &self,
        longest: Duration,
        cancelled: &dyn Fn() -> bool,
    ) -> Result<Slot<'_, C>, NoSlot> {
        let deadline = self.clock.now().saturating_add(longest);
        let mut ledger = self.lock();
        loop {
            let now = self.clock.now();
            let next = ledger
                .try_begin(&self.limits, now)
                .map_err(NoSlot::Shared)?;
            let wait = match next {
                Ok(ticket) => return Ok(self.granted(ticket)),
                Err(Later::In(wait)) => Some(wait),
                Err(Later::AfterAnswer) => None,
            };
            if now.saturating_add(wait.unwrap_or_default()) > deadline || now >= deadline {
                return Err(NoSlot::WouldWait(wait));
            }
            drop(ledger);
            // Outside of the lock: it may run code of the caller's.
            if cancelled() {
                return Err(NoSlot::Cancelled);
            }
            let slice = wait.unwrap_or(SLICE).min(SLICE);
            ledger = self.wait(self.lock(), slice);
        }
    }

    fn wait<'a>(
        &'a self,
        ledger: MutexGuard<'a, Ledger>,
        time: Duration,
    ) -> MutexGuard<'a, Ledger> {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let ledger = self.clock.wait(&self.released, ledger, time);
        self.waiting.fetch_sub(1, Ordering::SeqCst);
        ledger
    }

    const fn granted(&self, ticket: Ticket) -> Slot<'_, C> {
        Slot {
            limiter: self,
            ticket,
            ended: Ended::Answered,
        }
    }

    /// Waits, unless it is cancelled meanwhile; says whether it waited to the end.
    pub(crate) fn pause(&self, time: Duration, cancelled: &dyn Fn() -> bool) -> bool {
        let end = self.clock.now().saturating_add(time);
        loop {
            if cancelled() {
                return false;
            }
            let left = end.saturating_sub(self.clock.now());
            if left.is_zero() {
                return true;
            }
            drop(self.wait(self.lock(), left.min(SLICE)));
        }
    }
}

impl<C: Clock> Slot<'_, C> {
    /// Ends it with a 429: nobody sends before `wait` is over.
    pub(crate) fn refused(mut self, wait: Duration) {
        self.ended = Ended::Refused { wait };
    }
}

impl<C: Clock> Drop for Slot<'_, C> {
    fn drop(&mut self) {
        let now = self.limiter.clock.now();
        self.limiter.lock().end(self.ticket, now, self.ended);
        if self.limiter.waiting.load(Ordering::SeqCst) > 0 {
            self.limiter.released.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Duration, Ledger, Limiter, NoSlot, RateLimit};
    use crate::clock::{Clock, Virtual};

    fn limiter(requests: u32, seconds: u64) -> Limiter<Virtual> {
        let limit = RateLimit::new(requests, Duration::from_secs(seconds));
        Limiter::new(vec![limit], Ledger::in_memory(), Virtual::default())
    }

    #[test]
    fn a_slot_is_waited_for_and_no_longer_than_allowed() {
        let limiter = limiter(1, 60);
        drop(limiter.slot(Duration::MAX, &|| false).ok());
        let hurry = limiter.slot(Duration::from_secs(59), &|| false);
        assert!(
            matches!(hurry, Err(NoSlot::WouldWait(Some(wait))) if wait > Duration::from_secs(59))
        );
        assert!(
            limiter.clock.now() < Duration::from_secs(1),
            "it said so at once"
        );
        assert!(limiter.slot(Duration::MAX, &|| false).is_ok());
        assert!(limiter.clock.now() >= Duration::from_secs(60));
    }

    #[test]
    fn a_wait_may_take_all_of_the_time_that_is_allowed() {
        let limiter = limiter(1, 60);
        drop(limiter.slot(Duration::MAX, &|| false).ok());
        let exactly = Duration::from_millis(60_001);
        assert!(limiter.slot(exactly, &|| false).is_ok());
    }

    #[test]
    fn a_wait_can_be_cancelled() {
        let limiter = limiter(1, 3600);
        drop(limiter.slot(Duration::MAX, &|| false).ok());
        assert!(matches!(
            limiter.slot(Duration::MAX, &|| true),
            Err(NoSlot::Cancelled)
        ));
        assert!(!limiter.pause(Duration::from_secs(1), &|| true));
        assert!(limiter.pause(Duration::from_secs(1), &|| false));
    }

    #[test]
    fn a_refusal_makes_everybody_wait() {
        let limiter = limiter(100, 5);
        let slot = limiter.slot(Duration::MAX, &|| false);
        slot.ok().unwrap().refused(Duration::from_secs(20));
        let other = limiter.slot(Duration::ZERO, &|| false);
        assert!(matches!(other, Err(NoSlot::WouldWait(Some(wait))) if wait.as_secs() >= 19));
    }
}
