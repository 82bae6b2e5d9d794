//! Hands out slots for requests, and waits for them.

use std::io;
use std::sync::PoisonError;
use std::time::Duration;

use crate::clock::Clock;
use crate::ledger::{Later, Ledger, Ticket};
use crate::rate_limit::RateLimit;
use crate::sync::{Condvar, Mutex, MutexGuard};
use crate::window::Ended;

/// One for all clones of a client.
pub(crate) struct Limiter<C> {
    limits: Vec<RateLimit>,
    queue: Mutex<Queue>,
    released: Condvar,
    pub(crate) clock: C,
}

struct Queue {
    ledger: Ledger,
    /// How many slots were given back. Who waits has to let go of the lock before, and would not hear
    /// the bell of one that is given back meanwhile.
    releases: u64,
    /// Ringing a bell that nobody hears costs a system call for each request.
    waiting: usize,
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

/// How long a caller waits for a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Patience {
    /// In all.
    pub(crate) in_all: Duration,
    /// While nobody sends, after a 429. Others may meet a 429 again and again, and nobody knows for
    /// how long.
    pub(crate) closed: Duration,
}

impl Patience {
    pub(crate) const NONE: Self = Self {
        in_all: Duration::ZERO,
        closed: Duration::ZERO,
    };

    fn bears(self, wait: Duration, closed: bool) -> bool {
        !self.in_all.is_zero() && wait <= self.in_all && (!closed || wait <= self.closed)
    }

    fn waited(&mut self, time: Duration, closed: bool) {
        self.in_all = self.in_all.saturating_sub(time);
        if closed {
            self.closed = self.closed.saturating_sub(time);
        }
    }
}

/// At the limit, every request waits a little. This long a wait looks like a program that hangs.
const LONG: Duration = Duration::from_secs(1);

impl<C: Clock> Limiter<C> {
    pub(crate) fn new(limits: Vec<RateLimit>, ledger: Ledger, clock: C) -> Self {
        let queue = Queue {
            ledger,
            releases: 0,
            waiting: 0,
        };
        Self {
            limits,
            queue: Mutex::new(queue),
            released: Condvar::new(),
            clock,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A slot, once one is free and as long as `patience` permits. The first wait is told, if it is a
    /// long one.
    pub(crate) fn slot(
        &self,
        patience: Patience,
        cancelled: &dyn Fn() -> bool,
        tell: impl FnOnce(Duration),
    ) -> Result<Slot<'_, C>, NoSlot> {
        let mut tell = Some(tell);
        let mut last = self.clock.now();
        let mut left = patience;
        let mut queue = self.lock();
        loop {
            let now = self.clock.now();
            let next = queue
                .ledger
                .try_begin(&self.limits, now)
                .map_err(NoSlot::Shared)?;
            let (wait, closed) = match next {
                Ok(ticket) => return Ok(self.granted(ticket)),
                Err(Later::In(wait)) => (Some(wait), false),
                Err(Later::Closed(wait)) => (Some(wait), true),
                Err(Later::AfterAnswer) => (None, false),
            };
            if !left.bears(wait.unwrap_or_default(), closed) {
                return Err(NoSlot::WouldWait(wait));
            }
            let releases = queue.releases;
            drop(queue);
            // Outside of the lock: it may run code of the caller's.
            if cancelled() {
                return Err(NoSlot::Cancelled);
            }
            if let Some(wait) = wait.filter(|wait| *wait >= LONG)
                && let Some(tell) = tell.take()
            {
                tell(wait);
            }
            queue = self.lock();
            if queue.releases == releases {
                queue = self.wait(queue, wait);
            }
            let waited = self.clock.now().saturating_sub(last);
            last += waited;
            left.waited(waited, closed);
        }
    }

    fn wait<'a>(
        &'a self,
        mut queue: MutexGuard<'a, Queue>,
        time: Option<Duration>,
    ) -> MutexGuard<'a, Queue> {
        queue.waiting += 1;
        let mut queue = self.clock.wait(&self.released, queue, time);
        queue.waiting -= 1;
        queue
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
            drop(self.wait(self.lock(), Some(left)));
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
        let mut queue = self.limiter.lock();
        queue.ledger.end(self.ticket, now, self.ended);
        queue.releases += 1;
        let heard = queue.waiting > 0;
        drop(queue);
        if heard {
            self.limiter.released.notify_all();
        }
    }
}

#[cfg(all(test, contacts_loom))]
mod model;

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};

    use super::{Duration, Ledger, Limiter, NoSlot, Patience, RateLimit, Slot};
    use crate::clock::{Clock, Virtual};

    const fn in_all(time: Duration) -> Patience {
        Patience {
            in_all: time,
            closed: Duration::MAX,
        }
    }

    const ENDLESS: Patience = in_all(Duration::MAX);

    fn limiter(requests: u32, seconds: u64) -> Limiter<Virtual> {
        let limit = RateLimit::new(requests, Duration::from_secs(seconds));
        Limiter::new(vec![limit], Ledger::in_memory(), Virtual::default())
    }

    fn ask<'a>(
        limiter: &'a Limiter<Virtual>,
        patience: Patience,
        cancelled: &dyn Fn() -> bool,
    ) -> Result<Slot<'a, Virtual>, NoSlot> {
        limiter.slot(patience, cancelled, |_| {})
    }

    #[test]
    fn a_long_wait_is_told_once() {
        for seconds in [1, 60] {
            let limiter = limiter(1, seconds);
            let waits = RefCell::new(Vec::new());
            let tell = |wait| waits.borrow_mut().push(wait);
            drop(limiter.slot(ENDLESS, &|| false, tell).ok());
            assert!(waits.borrow().is_empty(), "there was no wait");
            drop(limiter.slot(ENDLESS, &|| false, tell).ok());
            assert_eq!(waits.borrow().len(), 1);
            assert!(waits.borrow()[0] >= Duration::from_secs(seconds));
        }
        let limiter = limiter(2, 60);
        drop(ask(&limiter, ENDLESS, &|| false).ok());
        limiter.clock.pass(Duration::from_millis(59_500));
        drop(ask(&limiter, ENDLESS, &|| false).ok());
        let short = |wait| unreachable!("{wait:?}");
        assert!(limiter.slot(ENDLESS, &|| false, short).is_ok());
    }

    #[test]
    fn nobody_is_rung_for_who_waits_no_more() {
        let limiter = limiter(1, 60);
        drop(ask(&limiter, ENDLESS, &|| false).ok());
        drop(ask(&limiter, ENDLESS, &|| false).ok());
        assert_eq!(limiter.lock().waiting, 0);
    }

    #[test]
    fn a_slot_is_waited_for_and_no_longer_than_allowed() {
        let limiter = limiter(1, 60);
        drop(ask(&limiter, ENDLESS, &|| false).ok());
        let hurry = ask(&limiter, in_all(Duration::from_secs(59)), &|| false);
        assert!(
            matches!(hurry, Err(NoSlot::WouldWait(Some(wait))) if wait > Duration::from_secs(59))
        );
        assert!(
            limiter.clock.now() < Duration::from_secs(1),
            "it said so at once"
        );
        assert!(ask(&limiter, ENDLESS, &|| false).is_ok());
        assert!(limiter.clock.now() >= Duration::from_secs(60));
    }

    #[test]
    fn a_wait_may_take_all_of_the_time_that_is_allowed() {
        let limiter = limiter(1, 60);
        drop(ask(&limiter, ENDLESS, &|| false).ok());
        let exactly = Duration::from_millis(60_001);
        assert!(ask(&limiter, in_all(exactly), &|| false).is_ok());
    }

    #[test]
    fn a_slot_that_is_given_back_just_before_a_wait_is_not_slept_through() {
        let limiter = limiter(1, 0);
        let held = Cell::new(ask(&limiter, ENDLESS, &|| false).ok());
        let begin = limiter.clock.now();
        let given_back = || {
            drop(held.take());
            false
        };
        assert!(ask(&limiter, ENDLESS, &given_back).is_ok());
        let took = limiter.clock.now().saturating_sub(begin);
        assert!(took < Duration::from_millis(10), "{took:?}");
    }

    #[test]
    fn a_wait_can_be_cancelled() {
        let limiter = limiter(1, 3600);
        drop(ask(&limiter, ENDLESS, &|| false).ok());
        assert!(matches!(
            ask(&limiter, ENDLESS, &|| true),
            Err(NoSlot::Cancelled)
        ));
        assert!(!limiter.pause(Duration::from_secs(1), &|| true));
        assert!(limiter.pause(Duration::from_secs(1), &|| false));
    }

    #[test]
    fn a_refusal_makes_everybody_wait() {
        let limiter = limiter(100, 5);
        let slot = ask(&limiter, ENDLESS, &|| false);
        slot.ok().unwrap().refused(Duration::from_secs(20));
        let other = ask(&limiter, Patience::NONE, &|| false);
        assert!(matches!(other, Err(NoSlot::WouldWait(Some(wait))) if wait.as_secs() >= 19));
    }

    #[test]
    fn nobody_waits_for_ever_for_a_gate_that_others_keep_closing() {
        let limiter = limiter(100, 5);
        let under_way = (0..9).map_while(|_| ask(&limiter, ENDLESS, &|| false).ok());
        let under_way = RefCell::new(under_way.collect::<Vec<_>>());
        let close = || {
            let slot = under_way.borrow_mut().pop();
            slot.unwrap().refused(Duration::from_secs(20));
        };
        close();
        let begin = limiter.clock.now();
        let asked = Cell::new(0);
        let closing_again = || {
            asked.set(asked.get() + 1);
            if asked.get() % 100 == 0 {
                close();
            }
            false
        };
        let patience = Patience {
            in_all: Duration::MAX,
            closed: Duration::from_secs(30),
        };
        let waited = ask(&limiter, patience, &closing_again);
        assert!(matches!(waited, Err(NoSlot::WouldWait(Some(_)))));
        let took = limiter.clock.now().saturating_sub(begin);
        assert!(took <= Duration::from_secs(30), "{took:?}");
    }
}
