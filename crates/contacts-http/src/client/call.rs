//! One call: a permit, an attempt, and its retries.

mod observed;
mod resolve;

use std::time::Duration;

use contacts_core::Outcome;

use super::base_url::BaseUrl;
use super::event::{CallEventKind, Observe, WaitReason};
use super::request::Request;
use crate::error::Error;
use crate::limit::{Clock, Limiter, OnRateLimit, Permit};
use crate::retry::{Failure, History, Retry, RetryClass, Wait, WaitBudget};

/// The limiter, which all calls of a client share, and the settings of some calls.
pub(crate) struct Calls<'a, C> {
    pub(crate) limiter: &'a Limiter<C>,
    pub(crate) retry: Retry,
    pub(crate) on_rate_limit: OnRateLimit,
    pub(crate) observer: Option<(&'a BaseUrl, &'a Observe)>,
    /// Returns a number between 0 and 1.
    pub(crate) random: fn() -> f64,
}

/// The state of a call.
struct Call<'a, C> {
    calls: &'a Calls<'a, C>,
    request: Request,
    cancelled: &'a dyn Fn() -> bool,
    /// When the first attempt got its permit.
    started: Option<Duration>,
    history: History,
    /// All attempts, including those that got a 429.
    attempts: u32,
    /// The reads between the attempts.
    reads: u32,
    /// The latest request, and its number.
    sent: (Request, u32),
    last_failure: Option<Failure>,
    /// The worst outcome of all attempts.
    outcome: Outcome,
    needs_new_connection: bool,
    /// Whether a read has to succeed before the next attempt.
    needs_read: bool,
}

impl<C: Clock> Calls<'_, C> {
    /// Calls `send` until it succeeds or a retry is pointless. Its argument is whether it has to
    /// use a new connection.
    ///
    /// While the outcome is unknown, `resolve` reads whether an attempt was applied, before each
    /// retry and at the end. Its argument is the number of attempts. It also reads before an attempt if
    /// `must_read`; once, because the wait for the next permit can take as long again.
    pub(crate) fn run<T>(
        &self,
        request: Request,
        cancelled: &dyn Fn() -> bool,
        must_read: &dyn Fn() -> bool,
        mut send: impl FnMut(bool) -> Result<T, Failure>,
        mut resolve: impl FnMut(u32) -> Result<Option<T>, Failure>,
    ) -> Result<T, Error> {
        let mut call = Call {
            calls: self,
            request,
            cancelled,
            started: None,
            history: History::default(),
            attempts: 0,
            reads: 0,
            sent: (request, 0),
            last_failure: None,
            outcome: Outcome::NotSent,
            needs_new_connection: false,
            needs_read: false,
        };
        let mut is_read = false;
        loop {
            let permit = call.acquire()?;
            if call.needs_read || !is_read && must_read() {
                match call.read(permit, &mut resolve)? {
                    Some(value) => return Ok(value),
                    None => is_read = !call.needs_read,
                }
                continue;
            }
            is_read = false;
            let result = call.attempt(&mut send);
            let retry = match result {
                Ok(value) => return Ok(value),
                Err(failure) => {
                    call.record(&failure);
                    call.handle_failure(failure, permit)
                }
            };
            if let Some(value) = call.resolve(retry.as_ref().err(), &mut resolve)? {
                return Ok(value);
            }
            retry?;
        }
    }
}

impl<'a, C: Clock> Call<'a, C> {
    fn attempt<T>(&mut self, send: impl FnOnce(bool) -> Result<T, Failure>) -> Result<T, Failure> {
        let now = self.calls.limiter.clock.now();
        self.started.get_or_insert(now);
        let is_fresh = self.needs_new_connection;
        let attempt = self.attempts + 1;
        let result = self.send(self.request, attempt, || send(is_fresh));
        if !matches!(result, Err(Failure::Cancelled)) {
            self.attempts = attempt;
        }
        result
    }

    fn acquire(&mut self) -> Result<Permit<'a, C>, Error> {
        let acquired = self.permit();
        match (acquired, self.last_failure.take()) {
            // A read between the attempts took the rest of the time.
            (Ok(_), Some(last)) if self.elapsed() > self.calls.retry.time() => {
                Err(self.error(last))
            }
            (Ok(permit), last) => {
                self.last_failure = last;
                Ok(permit)
            }
            // The failure of the last attempt says more than the wait for another.
            (Err(Failure::WouldWait(_)), Some(last)) => Err(self.error(last)),
            (Err(failure), _) => Err(self.error(failure)),
        }
    }

    fn permit(&self) -> Result<Permit<'a, C>, Failure> {
        let on_wait = |wait: Wait| {
            let reason = match wait {
                Wait::Paused(_) => WaitReason::Throttled,
                Wait::For(_) | Wait::Response => WaitReason::RateLimit,
            };
            self.emit_wait(wait.time().unwrap_or_default(), reason);
        };
        let limiter = self.calls.limiter;
        let permit = limiter.acquire(self.wait_budget(), self.cancelled, on_wait)?;
        if (self.cancelled)() {
            return Err(Failure::Cancelled);
        }
        Ok(permit)
    }

    fn elapsed(&self) -> Duration {
        let now = self.calls.limiter.clock.now();
        now.saturating_sub(self.started.unwrap_or(now))
    }

    fn wait_budget(&self) -> WaitBudget {
        let retry = self.calls.retry;
        let longest = match self.calls.on_rate_limit {
            OnRateLimit::Wait => Duration::MAX,
            OnRateLimit::WaitAtMost(longest) => longest,
            OnRateLimit::Fail => return WaitBudget::NONE,
        };
        match self.started {
            // The queue of this client moves on, however long it is.
            None => WaitBudget {
                total: longest,
                paused: retry.time().max(Retry::LONGEST_PAUSE),
            },
            Some(_) => WaitBudget::new(retry.time().saturating_sub(self.elapsed()).min(longest)),
        }
    }

    /// All that a failed attempt does: it releases the permit, which after a 429 pauses all clones,
    /// and either waits for the retry or returns the error of the call.
    fn handle_failure(&mut self, failure: Failure, permit: Permit<'_, C>) -> Result<(), Error> {
        self.count(&failure);
        let (class, retry_after) = (failure.retry_class(), failure.retry_after());
        permit.release(self.pause(&failure));
        let Some(wait) = self.next_wait(class, retry_after) else {
            return Err(self.error(failure));
        };
        self.needs_new_connection |= class == RetryClass::Reconnect;
        let failure = self.with_error(failure, |error| {
            let wait = wait.time().unwrap_or_default();
            let (request, attempt) = self.sent;
            self.emit(request, attempt, CallEventKind::Retry { error, wait });
        });
        match wait {
            // The limiter pauses all clones, this call included.
            Wait::Paused(_) => self.history.rate_limited += 1,
            Wait::For(time) if !self.back_off(time) => {
                return Err(self.error(Failure::Cancelled));
            }
            _ => self.history.rate_limited = 0,
        }
        self.last_failure = Some(failure);
        Ok(())
    }

    fn count(&mut self, failure: &Failure) {
        let counts = failure.retry_class() != RetryClass::RateLimited;
        self.history.attempts += u32::from(counts);
        self.history.elapsed = self.elapsed();
    }

    fn record(&mut self, failure: &Failure) {
        // A later attempt that was rejected does not undo an earlier one that may have been applied.
        let outcome = failure.outcome(self.request.is_change());
        self.outcome = self.outcome.max(outcome);
    }

    fn next_wait(&self, class: RetryClass, retry_after: Option<Duration>) -> Option<Wait> {
        let random = (self.calls.random)();
        let wait = self
            .calls
            .retry
            .decide(class, retry_after, self.history, random)?;
        let fails = self.calls.on_rate_limit == OnRateLimit::Fail;
        (!fails || class != RetryClass::RateLimited).then_some(wait)
    }

    fn error(&self, failure: Failure) -> Error {
        Error {
            request: self.request,
            attempts: self.attempts,
            outcome: self.outcome,
            retry_after: self.pause(&failure).or(failure.retry_after()),
            failure: Box::new(failure),
        }
    }

    /// How long all clones pause after a 429.
    fn pause(&self, failure: &Failure) -> Option<Duration> {
        let is_rate_limited = failure.retry_class() == RetryClass::RateLimited;
        is_rate_limited.then(|| Retry::pause(failure.retry_after(), self.history.rate_limited))
    }
}

#[cfg(test)]
mod tests;
