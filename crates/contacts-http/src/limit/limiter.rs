//! Issues permits for requests, and waits for them.

use std::sync::PoisonError;
use std::time::Duration;

use super::clock::Clock;
use super::rate_limit::RateLimit;
use super::store::{Lease, Store};
#[cfg(feature = "redis")]
use super::store::{RedisStore, StoreLease};
use super::sync::{Condvar, Mutex, MutexGuard};
use crate::retry::{Failure, Wait, WaitBudget};

/// Shared by all clones of a client.
pub(crate) struct Limiter<C> {
    limits: Vec<RateLimit>,
    state: Mutex<State>,
    released: Condvar,
    /// Used instead of the store in the state, without a lock during network calls.
    #[cfg(feature = "redis")]
    shared: Option<RedisStore>,
    pub(crate) clock: C,
}

struct State {
    store: Store,
    /// The number of permits released so far. A waiting thread unlocks the state to check for a
    /// cancellation, and would miss the signal of a permit released meanwhile.
    releases: u64,
    /// The number of waiting threads: a signal that no thread waits for costs a system call.
    waiting: usize,
}

/// The right to send one request, which is in flight until the permit is dropped.
pub(crate) struct Permit<'a, C: Clock> {
    limiter: &'a Limiter<C>,
    lease: Held,
    pause: Option<Duration>,
}

enum Held {
    Local(Lease),
    #[cfg(feature = "redis")]
    Shared(StoreLease),
}

/// Shorter waits are normal at the limit; one this long looks like a hang.
pub(crate) const LONG_WAIT: Duration = Duration::from_secs(1);

/// Another call can take the permit that a call waits for, so a short wait can become a long one.
struct WaitReport<F> {
    on_wait: F,
    last: Option<Duration>,
}

impl<F: FnMut(Wait)> WaitReport<F> {
    const fn new(on_wait: F) -> Self {
        Self {
            on_wait,
            last: None,
        }
    }

    fn wait(&mut self, wait: Wait) {
        let Some(time) = wait.time().filter(|time| !time.is_zero()) else {
            return;
        };
        let is_new = |last: Duration| last < LONG_WAIT && time >= LONG_WAIT;
        if self.last.is_none_or(is_new) {
            self.last = Some(time);
            (self.on_wait)(wait);
        }
    }
}

impl<C: Clock> Limiter<C> {
    pub(crate) fn new(limits: Vec<RateLimit>, store: Store, clock: C) -> Self {
        let state = State {
            store,
            releases: 0,
            waiting: 0,
        };
        Self {
            limits,
            state: Mutex::new(state),
            released: Condvar::new(),
            #[cfg(feature = "redis")]
            shared: None,
            clock,
        }
    }

    /// Shares the windows with other machines.
    #[cfg(feature = "redis")]
    pub(crate) fn with_shared(mut self, store: Option<RedisStore>) -> Self {
        self.shared = store;
        self
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a permit within `budget`. The first wait and the first long one are reported to
    /// `on_wait`, as far as their times are known.
    pub(crate) fn acquire(
        &self,
        budget: WaitBudget,
        cancelled: &dyn Fn() -> bool,
        on_wait: impl FnMut(Wait),
    ) -> Result<Permit<'_, C>, Failure> {
        let report = WaitReport::new(on_wait);
        #[cfg(feature = "redis")]
        if let Some(store) = &self.shared {
            let lease = self.acquire_shared(store, budget, cancelled, report)?;
            return Ok(self.permit(Held::Shared(lease)));
        }
        let lease = self.acquire_local(budget, cancelled, report)?;
        Ok(self.permit(Held::Local(lease)))
    }

    const fn permit(&self, lease: Held) -> Permit<'_, C> {
        Permit {
            limiter: self,
            lease,
            pause: None,
        }
    }

    fn acquire_local(
        &self,
        mut budget: WaitBudget,
        cancelled: &dyn Fn() -> bool,
        mut report: WaitReport<impl FnMut(Wait)>,
    ) -> Result<Lease, Failure> {
        let mut last = self.clock.now();
        let mut state = self.lock();
        loop {
            let now = self.clock.now();
            let acquired = state.store.try_acquire(&self.limits, now);
            let wait = match acquired.map_err(Failure::LimitStore)? {
                Ok(lease) => return Ok(lease),
                Err(wait) => wait,
            };
            if !budget.allows(wait) {
                return Err(Failure::WouldWait(wait.time()));
            }
            let releases = state.releases;
            drop(state);
            // Without the lock, since it runs code of the caller.
            if cancelled() {
                return Err(Failure::Cancelled);
            }
            report.wait(wait);
            state = self.lock();
            if state.releases == releases {
                state = self.wait(state, wait.time());
            }
            let waited = self.clock.now().saturating_sub(last);
            last += waited;
            budget.spend(wait, waited);
        }
    }

    fn wait<'a>(
        &'a self,
        mut state: MutexGuard<'a, State>,
        time: Option<Duration>,
    ) -> MutexGuard<'a, State> {
        state.waiting += 1;
        let mut state = self.clock.wait(&self.released, state, time);
        state.waiting -= 1;
        state
    }

    /// Waits for `time`; returns `false` if it was cancelled.
    pub(crate) fn sleep(&self, time: Duration, cancelled: &dyn Fn() -> bool) -> bool {
        let end = self.clock.now().saturating_add(time);
        loop {
            if cancelled() {
                return false;
            }
            let remaining = end.saturating_sub(self.clock.now());
            if remaining.is_zero() {
                return true;
            }
            drop(self.wait(self.lock(), Some(remaining)));
        }
    }
}

impl<C: Clock> Permit<'_, C> {
    /// Releases the permit. After a 429, no request starts before `pause` is over.
    pub(crate) fn release(mut self, pause: Option<Duration>) {
        self.pause = pause;
    }
}

impl<C: Clock> Drop for Permit<'_, C> {
    fn drop(&mut self) {
        let limiter = self.limiter;
        let lease = match &self.lease {
            Held::Local(lease) => *lease,
            #[cfg(feature = "redis")]
            Held::Shared(lease) => {
                if let Some(store) = &limiter.shared {
                    store.release(lease, &limiter.limits, self.pause);
                }
                return;
            }
        };
        let now = limiter.clock.now();
        let mut state = limiter.lock();
        state.store.release(lease, now, self.pause);
        state.releases += 1;
        let has_waiting = state.waiting > 0;
        drop(state);
        if has_waiting {
            limiter.released.notify_all();
        }
    }
}

#[cfg(all(test, contacts_loom))]
mod model;
#[cfg(feature = "redis")]
mod shared;
#[cfg(test)]
mod tests;
