//! Every order of steps in which a few threads can ask for slots and give them back, tried by loom.
//!
//! Waiting for an answer has no time limit here: a thread that sleeps through it sleeps for ever,
//! which loom reports as a deadlock. So every run that ends says that everybody got a slot.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::{Limiter, NoSlot, Patience};
use crate::clock::Clock;
use crate::ledger::Ledger;
use crate::rate_limit::RateLimit;
use crate::sync::{Condvar, MutexGuard};

const fn ms(n: u64) -> Duration {
    Duration::from_millis(n)
}

const ENDLESS: Patience = Patience {
    in_all: Duration::MAX,
    closed: Duration::MAX,
};

/// What a thread does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Thread {
    /// So many requests, one after the other.
    Sends(usize),
    /// A request that is answered with 429, then another.
    IsRefused,
    /// A request; then it cancels whoever can be cancelled.
    SendsAndCancels,
    /// A request, unless it is cancelled before it has its slot, or has it and does not use it.
    CanBeCancelled,
}

/// Time passes only where somebody waits for it, and in steps small enough that a window ends between
/// the steps of others. It is no part of what is tried, so its parts are not loom's.
#[derive(Default)]
struct Ticking(AtomicU64);

impl Clock for Ticking {
    fn now(&self) -> Duration {
        ms(self.0.load(Ordering::SeqCst))
    }

    fn wait<'a, T>(
        &self,
        bell: &Condvar,
        guard: MutexGuard<'a, T>,
        time: Option<Duration>,
    ) -> MutexGuard<'a, T> {
        if time.is_some() {
            self.0.fetch_add(1, Ordering::SeqCst);
            guard
        } else {
            bell.wait(guard).unwrap_or_else(PoisonError::into_inner)
        }
    }
}

/// A server that suspects the worst: that each request reached it at whatever moment between begin
/// and answer brings the most of them into one window.
struct Server {
    limits: Vec<RateLimit>,
    requests: Vec<Request>,
    closed_until: Duration,
}

struct Request {
    answered: Option<Duration>,
}

impl Server {
    fn begins(&mut self, now: Duration) -> usize {
        assert!(now >= self.closed_until, "begun at {now:?}, after a 429");
        self.requests.push(Request { answered: None });
        for limit in &self.limits {
            let may_be_in_window = |request: &&Request| {
                let answered = request.answered;
                answered.is_none_or(|answered| answered + limit.window() > now)
            };
            let together = self.requests.iter().filter(may_be_in_window).count();
            let most = limit.requests() as usize;
            assert!(together <= most, "{together} requests in {limit:?}");
        }
        self.requests.len() - 1
    }
}

struct World {
    limiter: Limiter<Ticking>,
    server: Mutex<Server>,
    cancelled: AtomicBool,
}

/// Longer than any window, or the windows alone would keep everybody waiting.
const REFUSAL: Duration = ms(4);

impl World {
    fn new(limits: &[RateLimit]) -> Self {
        let server = Server {
            limits: limits.to_vec(),
            requests: Vec::new(),
            closed_until: Duration::ZERO,
        };
        let ledger = Ledger::in_memory();
        Self {
            limiter: Limiter::new(limits.to_vec(), ledger, Ticking::default()),
            server: Mutex::new(server),
            cancelled: AtomicBool::new(false),
        }
    }

    fn server<T>(&self, act: impl FnOnce(&mut Server) -> T) -> T {
        act(&mut self.server.lock().unwrap())
    }

    /// The moment between slot and answer in which others take their turns is the lock that giving
    /// the slot back needs.
    fn send(&self, refused: bool) {
        let slot = self.limiter.slot(ENDLESS, &|| false, |_| {});
        let slot = slot.ok().expect("a slot, however long it takes");
        let clock = &self.limiter.clock;
        let request = self.server(|server| server.begins(clock.now()));
        let now = clock.now();
        self.server(|server| server.requests[request].answered = Some(now));
        if refused {
            slot.refused(REFUSAL);
            self.server(|server| server.closed_until = now + REFUSAL);
        } else {
            drop(slot);
        }
    }

    fn send_unless_cancelled(&self) {
        let cancelled = || self.cancelled.load(Ordering::SeqCst);
        match self.limiter.slot(ENDLESS, &cancelled, |_| {}) {
            Ok(slot) => drop(slot),
            Err(NoSlot::Cancelled) => {}
            Err(other) => unreachable!("{other:?}"),
        }
    }

    fn run(&self, thread: Thread) {
        match thread {
            Thread::Sends(requests) => (0..requests).for_each(|_| self.send(false)),
            Thread::IsRefused => {
                self.send(true);
                self.send(false);
            }
            Thread::SendsAndCancels => {
                self.send(false);
                self.cancelled.store(true, Ordering::SeqCst);
            }
            Thread::CanBeCancelled => self.send_unless_cancelled(),
        }
    }
}

impl Thread {
    const fn requests(self) -> usize {
        match self {
            Self::Sends(requests) => requests,
            Self::IsRefused => 2,
            Self::SendsAndCancels => 1,
            Self::CanBeCancelled => 0,
        }
    }
}

/// Tries all orders of steps: with two threads each there is; with more, each in which a thread is
/// interrupted where it could have gone on at most `LOOM_MAX_PREEMPTIONS` times.
fn try_all<const N: usize>(limits: &'static [RateLimit], threads: [Thread; N]) {
    let tried = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&tried);
    let mut model = loom::model::Builder::new();
    model.preemption_bound = model.preemption_bound.filter(|_| N > 2);
    model.check(move || {
        count.fetch_add(1, Ordering::SeqCst);
        let world = Arc::new(World::new(limits));
        let running = threads.map(|thread| {
            let world = Arc::clone(&world);
            loom::thread::spawn(move || world.run(thread))
        });
        for thread in running {
            thread.join().unwrap();
        }
        let expected: usize = threads.iter().map(|thread| thread.requests()).sum();
        assert_eq!(world.server(|server| server.requests.len()), expected);
    });
    eprintln!("{threads:?}: {} orders", tried.load(Ordering::SeqCst));
}

const ONE: &[RateLimit] = &[RateLimit::new(1, ms(2))];
const TWO: &[RateLimit] = &[RateLimit::new(2, ms(2))];
const BOTH: &[RateLimit] = &[RateLimit::new(1, ms(1)), RateLimit::new(2, ms(4))];

#[test]
fn threads_that_send_one_after_the_other_keep_every_limit() {
    for limits in [ONE, TWO, BOTH] {
        try_all(limits, [Thread::Sends(2), Thread::Sends(2)]);
        try_all(limits, [Thread::Sends(1); 3]);
    }
}

#[test]
fn after_a_refusal_nobody_sends_for_a_while_and_then_everybody() {
    for limits in [ONE, TWO] {
        try_all(limits, [Thread::IsRefused, Thread::IsRefused]);
        let others = Thread::Sends(1);
        try_all(limits, [Thread::IsRefused, others, others]);
    }
}

#[test]
fn who_is_cancelled_takes_no_slot_and_no_bell_from_others() {
    for limits in [ONE, TWO] {
        let threads = [
            Thread::SendsAndCancels,
            Thread::CanBeCancelled,
            Thread::Sends(1),
        ];
        try_all(limits, threads);
    }
}
