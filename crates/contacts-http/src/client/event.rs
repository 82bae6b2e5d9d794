//! What happens during a call, for the log and for the observer of a client.

use std::fmt;
use std::time::Duration;

use contacts_core::OrderId;
use log::{debug, info, warn};

use super::base_url::BaseUrl;
use super::request::Request;
use crate::error::Error;
use crate::limit::LONG_WAIT;

/// The documented log target, whatever the path of this module is.
pub(super) const LOG_TARGET: &str = "contacts_http::client";

/// The function of [`Builder::observer`](crate::Builder::observer).
pub(crate) type Observe = dyn Fn(&CallEvent<'_>) + Send + Sync;

/// Something that happens during a call; [`Builder::observer`](crate::Builder::observer) gets it.
///
/// It has neither the key nor a value of a contact.
#[derive(Clone, Copy, Debug)]
pub struct CallEvent<'a> {
    pub(super) base_url: &'a BaseUrl,
    pub(super) request: Request,
    pub(super) attempt: u32,
    pub(super) kind: CallEventKind<'a>,
}

/// The kind of a [`CallEvent`].
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum CallEventKind<'a> {
    /// A request is sent next. Exactly one [`Response`](Self::Response) follows on the same thread.
    Request,
    /// A request ended, with or without an answer.
    #[non_exhaustive]
    Response {
        /// The HTTP status, if the server answered.
        status: Option<u16>,
        /// The time from sending the request to the end of the response; for an order report, to its
        /// start.
        elapsed: Duration,
        /// Why this request failed. It is [cancelled](Error::is_cancelled) if the observer cancelled
        /// the call at the [`Request`](Self::Request), so that nothing was sent.
        error: Option<&'a Error>,
    },
    /// A request failed and will be sent again.
    #[non_exhaustive]
    Retry {
        /// Why it failed.
        error: &'a Error,
        /// How long the call waits before, without the wait for the rate limit.
        wait: Duration,
    },
    /// The call starts to wait. A wait that turns out to take a second or longer is reported again.
    #[non_exhaustive]
    Wait {
        /// How long, as far as that is known. Calls of other threads can make it longer.
        time: Duration,
        /// The reason.
        reason: WaitReason,
    },
}

/// Why a call waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WaitReason {
    /// For the [`RateLimit`](crate::RateLimit).
    RateLimit,
    /// For the end of the pause after a 429, which may be that of another call.
    Throttled,
    /// Before a retry, or because a read asked for it with `Retry-After`.
    Backoff,
}

impl CallEvent<'_> {
    /// The method of the request, such as `PUT`.
    #[must_use]
    pub const fn method(&self) -> &'static str {
        self.request.method()
    }

    /// The URL of the request, without its query, which may contain the text of a search.
    #[must_use]
    pub fn url(&self) -> String {
        self.base_url.join(&self.request.path())
    }

    /// The order, if the request is for a single one.
    #[must_use]
    pub const fn order(&self) -> Option<OrderId> {
        self.request.order()
    }

    /// The number of the attempt to send this request in its call, from 1. For a wait, it is that of
    /// the next attempt. The reads between the attempts of an update have numbers of their own.
    #[must_use]
    pub const fn attempt(&self) -> u32 {
        self.attempt
    }

    /// What happens.
    #[must_use]
    pub const fn kind(&self) -> CallEventKind<'_> {
        self.kind
    }
}

impl WaitReason {
    /// The stable name: `rate-limit`, `throttled` or `backoff`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RateLimit => "rate-limit",
            Self::Throttled => "throttled",
            Self::Backoff => "backoff",
        }
    }
}

/// Writes an event to the log.
pub(super) fn log(request: Request, attempt: u32, kind: &CallEventKind<'_>) {
    match kind {
        CallEventKind::Request => debug!(target: LOG_TARGET, "{request}: attempt {attempt}"),
        CallEventKind::Response { error, .. } => {
            let (answer, colon) = (Answer(kind), error.map_or("", |_| ": "));
            let failure = error.map(|error| error.failure.to_string());
            let failure = failure.unwrap_or_default();
            debug!(target: LOG_TARGET, "{request}: attempt {attempt}: {answer}{colon}{failure}");
        }
        CallEventKind::Retry { error, wait } => {
            let (failure, seconds) = (&error.failure, wait.as_secs_f64());
            let start = format_args!("{request}: attempt {attempt}");
            if error.is_rate_limited() {
                warn!(target: LOG_TARGET, "{start}: throttled, no request starts for {seconds:.1} s: {failure}");
            } else {
                info!(target: LOG_TARGET, "{start}: retry in {seconds:.1} s: {failure}");
            }
        }
        CallEventKind::Wait { time, reason } => log_wait(request, *time, *reason),
    }
}

/// A short wait for the rate limit is normal, and the wait before a retry is that of the retry.
fn log_wait(request: Request, time: Duration, reason: WaitReason) {
    let what = match reason {
        WaitReason::RateLimit => "for the rate limit",
        WaitReason::Throttled => "for the end of the pause after a 429",
        WaitReason::Backoff => return,
    };
    if time >= LONG_WAIT {
        let seconds = time.as_secs_f64();
        info!(target: LOG_TARGET, "{request}: waiting {seconds:.1} s {what}");
    }
}

/// The status and the time of a response.
struct Answer<'a>(&'a CallEventKind<'a>);

impl fmt::Display for Answer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let CallEventKind::Response {
            status, elapsed, ..
        } = self.0
        else {
            return Ok(());
        };
        match status {
            Some(status) => write!(f, "{status}")?,
            None => f.write_str("no answer")?,
        }
        write!(f, " in {} ms", elapsed.as_millis())
    }
}
