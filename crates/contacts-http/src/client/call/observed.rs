//! Sends a request of a call between its two events, and reports the other events.

use std::time::Duration;

use super::Call;
use crate::client::event::{self, CallEvent, CallEventKind, WaitReason};
use crate::client::request::Request;
use crate::error::Error;
use crate::limit::Clock;
use crate::retry::Failure;

impl<C: Clock> Call<'_, C> {
    /// Sends one request, between its two events.
    pub(super) fn send<T>(
        &mut self,
        request: Request,
        attempt: u32,
        send: impl FnOnce() -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        self.sent = (request, attempt);
        self.emit(request, attempt, CallEventKind::Request);
        let clock = &self.calls.limiter.clock;
        let started = clock.now();
        let result = if self.calls.observer.is_some() && (self.cancelled)() {
            Err(Failure::Cancelled)
        } else {
            send()
        };
        let elapsed = clock.now().saturating_sub(started);
        match result {
            // The content of the response ends the call, but the request succeeded.
            Ok(_) | Err(Failure::ChangedMeanwhile) => {
                self.emit_response(elapsed, Some(request.success_status()), None);
                result
            }
            Err(failure) => Err(self.with_error(failure, |error| {
                self.emit_response(elapsed, error.failure.http_status(), Some(error));
            })),
        }
    }

    fn emit_response(&self, elapsed: Duration, status: Option<u16>, error: Option<&Error>) {
        let (request, attempt) = self.sent;
        let kind = CallEventKind::Response {
            status,
            elapsed,
            error,
        };
        self.emit(request, attempt, kind);
    }

    pub(super) fn emit(&self, request: Request, attempt: u32, kind: CallEventKind<'_>) {
        event::log(request, attempt, &kind);
        if let Some((base_url, observe)) = self.calls.observer {
            observe(&CallEvent {
                base_url,
                request,
                attempt,
                kind,
            });
        }
    }

    /// Passes the failure of the latest request on as an error of this request alone.
    pub(super) fn with_error(&self, failure: Failure, pass: impl FnOnce(&Error)) -> Failure {
        let (request, attempts) = self.sent;
        let error = Error {
            request,
            attempts,
            outcome: failure.outcome(request.is_change()),
            retry_after: self.pause(&failure).or(failure.retry_after()),
            failure: Box::new(failure),
        };
        pass(&error);
        *error.failure
    }

    /// Waits before a retry; returns `false` if it was cancelled.
    pub(super) fn back_off(&self, time: Duration) -> bool {
        if !time.is_zero() {
            self.emit_wait(time, WaitReason::Backoff);
        }
        self.calls.limiter.sleep(time, self.cancelled)
    }

    pub(super) fn emit_wait(&self, time: Duration, reason: WaitReason) {
        let kind = CallEventKind::Wait { time, reason };
        self.emit(self.request, self.attempts + 1, kind);
    }
}
