//! A loom model of the limiter: every interleaving of a few threads that acquire and release permits.
//!
//! A wait for a response has no timeout here, so a thread that misses the signal never wakes up, and
//! loom reports a deadlock. So every run that ends shows that all threads got their permits.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::{Limiter, RateLimit, Store, WaitBudget};
use crate::limit::clock::Clock;
use crate::limit::sync::{Condvar, MutexGuard};
use crate::retry::Failure;

const fn ms(n: u64) -> Duration {
    Duration::from_millis(n)
}

const UNLIMITED: WaitBudget = WaitBudget::new(Duration::MAX);

/// What a thread does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Thread {
    /// Sends this many requests, one after the other.
    Sends(usize),
    /// Sends a request that gets a 429, then another.
    IsThrottled,
    /// Sends a request, then cancels all `CanBeCancelled`.
    SendsAndCancels,
    /// Acquires a permit and does not use it, unless it is cancelled before.
    CanBeCancelled,
}

/// Time passes only while a thread waits for it, in steps small enough that a window ends between the
/// steps of other threads. The clock is not part of the model, so it uses the standard atomics.
#[derive(Default)]
struct Ticking(AtomicU64);

impl Clock for Ticking {
    fn now(&self) -> Duration {
        ms(self.0.load(Ordering::SeqCst))
    }

    fn wait<'a, T>(
        &self,
        condition: &Condvar,
        guard: MutexGuard<'a, T>,
        time: Option<Duration>,
    ) -> MutexGuard<'a, T> {
        if time.is_some() {
            self.0.fetch_add(1, Ordering::SeqCst);
            guard
        } else {
            condition
                .wait(guard)
                .unwrap_or_else(PoisonError::into_inner)
        }
    }
}

/// A server that assumes the worst case: each request arrived at the moment between its start and its
/// response that puts the most requests into one window.
struct Server {
    limits: Vec<RateLimit>,
    /// When each request got its response.
    responses: Vec<Option<Duration>>,
    paused_until: Duration,
}

impl Server {
    fn start_request(&mut self, now: Duration) -> usize {
        assert!(now >= self.paused_until, "started at {now:?}, after a 429");
        self.responses.push(None);
        for limit in &self.limits {
            let may_be_in_window = |response: &&Option<Duration>| {
                response.is_none_or(|response| response + limit.window() > now)
            };
            let count = self.responses.iter().filter(may_be_in_window).count();
            let allowed = limit.requests() as usize;
            assert!(count <= allowed, "{count} requests in {limit:?}");
        }
        self.responses.len() - 1
    }
}

struct World {
    limiter: Limiter<Ticking>,
    server: Mutex<Server>,
    cancelled: AtomicBool,
}

/// Longer than any window; otherwise the windows alone would make all threads wait.
const PAUSE: Duration = ms(4);

impl World {
    fn new(limits: &[RateLimit]) -> Self {
        let server = Server {
            limits: limits.to_vec(),
            responses: Vec::new(),
            paused_until: Duration::ZERO,
        };
        Self {
            limiter: Limiter::new(limits.to_vec(), Store::in_memory(), Ticking::default()),
            server: Mutex::new(server),
            cancelled: AtomicBool::new(false),
        }
    }

    fn server<T>(&self, step: impl FnOnce(&mut Server) -> T) -> T {
        step(&mut self.server.lock().unwrap())
    }

    /// Other threads run between the permit and the response at the lock that releasing the permit
    /// takes.
    fn send(&self, throttled: bool) {
        let permit = self.limiter.acquire(UNLIMITED, &|| false, |_| {});
        let permit = permit.ok().expect("a permit, after any wait");
        let clock = &self.limiter.clock;
        let request = self.server(|server| server.start_request(clock.now()));
        let now = clock.now();
        self.server(|server| server.responses[request] = Some(now));
        permit.release(throttled.then_some(PAUSE));
        if throttled {
            self.server(|server| server.paused_until = now + PAUSE);
        }
    }

    /// Returns the number of requests.
    fn run(&self, thread: Thread) -> usize {
        match thread {
            Thread::Sends(requests) => {
                (0..requests).for_each(|_| self.send(false));
                requests
            }
            Thread::IsThrottled => {
                self.send(true);
                self.send(false);
                2
            }
            Thread::SendsAndCancels => {
                self.send(false);
                self.cancelled.store(true, Ordering::SeqCst);
                1
            }
            Thread::CanBeCancelled => {
                let cancelled = || self.cancelled.load(Ordering::SeqCst);
                let acquired = self.limiter.acquire(UNLIMITED, &cancelled, |_| {});
                assert!(matches!(acquired, Ok(_) | Err(Failure::Cancelled)));
                0
            }
        }
    }
}

/// Runs every interleaving of two threads; of more threads, every one with at most
/// `LOOM_MAX_PREEMPTIONS` preemptions.
fn run_all<const N: usize>(limits: &'static [RateLimit], threads: [Thread; N]) {
    let runs = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&runs);
    let mut model = loom::model::Builder::new();
    model.preemption_bound = model.preemption_bound.filter(|_| N > 2);
    model.check(move || {
        count.fetch_add(1, Ordering::SeqCst);
        let world = Arc::new(World::new(limits));
        let running = threads.map(|thread| {
            let world = Arc::clone(&world);
            loom::thread::spawn(move || world.run(thread))
        });
        let sent: usize = running.map(|thread| thread.join().unwrap()).iter().sum();
        assert_eq!(world.server(|server| server.responses.len()), sent);
    });
    eprintln!("{threads:?}: {} interleavings", runs.load(Ordering::SeqCst));
}

const ONE: &[RateLimit] = &[RateLimit::new(1, ms(2))];
const TWO: &[RateLimit] = &[RateLimit::new(2, ms(2))];
const BOTH: &[RateLimit] = &[RateLimit::new(1, ms(1)), RateLimit::new(2, ms(4))];

#[test]
fn concurrent_threads_keep_every_limit() {
    for limits in [ONE, TWO, BOTH] {
        run_all(limits, [Thread::Sends(2), Thread::Sends(2)]);
        run_all(limits, [Thread::Sends(1); 3]);
    }
}

#[test]
fn after_a_429_all_threads_pause_and_then_all_send() {
    for limits in [ONE, TWO] {
        run_all(limits, [Thread::IsThrottled, Thread::IsThrottled]);
        let others = Thread::Sends(1);
        run_all(limits, [Thread::IsThrottled, others, others]);
    }
}

#[test]
fn a_cancelled_thread_takes_no_permit_and_no_signal_from_others() {
    for limits in [ONE, TWO] {
        let threads = [
            Thread::SendsAndCancels,
            Thread::CanBeCancelled,
            Thread::Sends(1),
        ];
        run_all(limits, threads);
    }
}
