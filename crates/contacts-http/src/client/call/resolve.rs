//! Resolves an unknown outcome by reading: before an update is repeated, and after its last attempt.

use contacts_core::Outcome;
use log::{debug, warn};

use super::Call;
use crate::client::event::LOG_TARGET;
use crate::client::request::Request;
use crate::error::Error;
use crate::limit::{Clock, Permit};
use crate::retry::{Failure, RetryClass};

impl<C: Clock> Call<'_, C> {
    /// While the outcome is unknown, calls `read`, which returns a value if the update was applied.
    /// `end` is the error of the call if there is no retry. Without a permit or an answer, the outcome
    /// stays unknown. After `ChangedMeanwhile`, there is no other attempt.
    pub(super) fn resolve<T>(
        &mut self,
        end: Option<&Error>,
        read: impl FnOnce(u32) -> Result<Option<T>, Failure>,
    ) -> Result<Option<T>, Error> {
        if self.outcome != Outcome::Unknown || end.is_some_and(Error::is_cancelled) {
            return Ok(None);
        }
        // Before a retry, the call has already waited.
        if let Some(error) = end
            && !self.wait_as_requested(&error.failure)?
        {
            return Ok(None);
        }
        let permit = match self.permit() {
            Ok(permit) => permit,
            Err(Failure::Cancelled) => return Err(self.error(Failure::Cancelled)),
            Err(_) => {
                self.needs_read = true;
                return Ok(None);
            }
        };
        let request = self.request;
        debug!(target: LOG_TARGET, "{request}: the outcome is unknown; reading the order");
        self.needs_read = false;
        let result = self.send_read(read);
        let failure = result.as_ref().err();
        permit.release(failure.and_then(|failure| self.pause(failure)));
        match result {
            Ok(Some(value)) => {
                self.log_confirmed(end);
                Ok(Some(value))
            }
            Ok(None) => {
                debug!(target: LOG_TARGET, "{request}: the read does not confirm the update");
                Ok(None)
            }
            Err(Failure::ChangedMeanwhile) => Err(self.error(Failure::ChangedMeanwhile)),
            Err(failure) => self
                .handle_failed_read(&failure, end.is_some())
                .map(|()| None),
        }
    }

    /// Reads before an attempt. A failure is retried as one of an attempt, but nothing was sent.
    pub(super) fn read<T>(
        &mut self,
        permit: Permit<'_, C>,
        read: impl FnOnce(u32) -> Result<Option<T>, Failure>,
    ) -> Result<Option<T>, Error> {
        let request = self.request;
        debug!(target: LOG_TARGET, "{request}: reading the order before the next attempt");
        self.needs_read = true;
        match self.send_read(read) {
            Ok(value) => {
                permit.release(None);
                self.needs_read = false;
                let value = value.filter(|_| self.outcome == Outcome::Unknown);
                if value.is_some() {
                    self.log_confirmed(None);
                }
                Ok(value)
            }
            Err(Failure::ChangedMeanwhile) => Err(self.error(Failure::ChangedMeanwhile)),
            Err(failure) => {
                let last = self.last_failure.take();
                match (self.handle_failure(failure, permit), last) {
                    (Err(error), Some(last)) if !error.is_cancelled() => Err(self.error(last)),
                    (Err(error), _) => Err(error),
                    (Ok(()), last) => {
                        self.last_failure = last.or(self.last_failure.take());
                        Ok(None)
                    }
                }
            }
        }
    }

    fn send_read<T>(&mut self, read: impl FnOnce(u32) -> Result<T, Failure>) -> Result<T, Failure> {
        let request = self.request.order().map_or(self.request, Request::Order);
        let attempts = self.attempts;
        self.reads += 1;
        self.send(request, self.reads, || read(attempts))
    }

    fn log_confirmed(&self, end: Option<&Error>) {
        let failure = end.map(|error| &*error.failure);
        if let Some(failure) = failure.or(self.last_failure.as_ref()) {
            let (request, attempt) = (self.request, self.attempts);
            warn!(target: LOG_TARGET, "{request}: attempt {attempt}: {failure}; confirmed by reading the order");
        }
    }

    /// A failed read delays the next attempt if the server asks for it.
    fn handle_failed_read(&mut self, failure: &Failure, is_last: bool) -> Result<(), Error> {
        self.needs_read = true;
        if failure.retry_class() == RetryClass::RateLimited {
            self.history.rate_limited += 1;
        }
        if is_last || self.wait_as_requested(failure)? {
            return Ok(());
        }
        let last = self.last_failure.take();
        last.map_or(Ok(()), |failure| Err(self.error(failure)))
    }

    /// Waits for the time of `Retry-After`. Returns `false` if it does not fit into the time of the
    /// call.
    fn wait_as_requested(&self, failure: &Failure) -> Result<bool, Error> {
        let wait = failure.retry_after().unwrap_or_default();
        // After a 429, the limiter waits.
        if wait.is_zero() || failure.retry_class() == RetryClass::RateLimited {
            return Ok(true);
        }
        if self.elapsed().saturating_add(wait) > self.calls.retry.time() {
            return Ok(false);
        }
        if self.back_off(wait) {
            Ok(true)
        } else {
            Err(self.error(Failure::Cancelled))
        }
    }
}
