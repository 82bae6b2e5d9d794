use std::fmt;
use std::time::Duration;

use contacts_core::{OrderId, Outcome};

use crate::attempt::Failed;
use crate::cause::{self, Cause};
use crate::kind::Kind;
use crate::retry::Trouble;

/// Why a call failed.
///
/// Ask the predicates and [`outcome`](Self::outcome); the sentence is for people. It holds neither
/// the key nor any contact's values.
#[derive(Debug)]
pub struct Error {
    request: Request,
    failed: Box<Failed>,
}

/// What was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Request {
    UpdateContacts(OrderId),
    Order(OrderId),
    Orders { offset: usize },
    OrderReport,
    WhoAmI,
}

impl Request {
    pub(crate) fn path(self) -> String {
        match self {
            Self::UpdateContacts(order) => format!("order/certificate/{order}/contact"),
            Self::Order(order) => format!("order/certificate/{order}"),
            Self::Orders { .. } => "order/certificate".to_owned(),
            Self::OrderReport => "report/order".to_owned(),
            Self::WhoAmI => "user/me".to_owned(),
        }
    }

    pub(crate) const fn changes(self) -> bool {
        matches!(self, Self::UpdateContacts(_))
    }

    pub(crate) fn failed(self, failed: Failed) -> Error {
        Error {
            request: self,
            failed: Box::new(failed),
        }
    }
}

/// What the log calls it.
impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let method = if self.changes() { "PUT" } else { "GET" };
        write!(f, "{method} {}", self.path())?;
        match self {
            Self::Orders { offset } => write!(f, " from {offset}"),
            _ => Ok(()),
        }
    }
}

impl Error {
    fn kind(&self) -> &Kind {
        &self.failed.kind
    }

    fn cause(&self) -> Option<Cause> {
        match self.kind() {
            Kind::Transport(why) => Some(cause::of(&why.error)),
            _ => None,
        }
    }

    /// What the failed call may have done to the order, over all of its attempts: one that may have
    /// been applied is not undone by a later one that was not. A call that only reads changes
    /// nothing: [`Outcome::NotSent`] or [`Outcome::Rejected`].
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.failed.outcome
    }

    /// How often the request was tried, counting tries that met no connection, a closed one, or a
    /// 429.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.failed.attempts
    }

    /// The HTTP status, if the server answered with an error.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self.kind() {
            Kind::Answer { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// DigiCert's codes and messages, if the answer held any.
    #[must_use]
    pub fn api_errors(&self) -> &[contacts_core::ApiError] {
        match self.kind() {
            Kind::Answer { errors, .. } => errors,
            _ => &[],
        }
    }

    /// How long to wait before trying again: what the server said (1 s at least after a 429, and a
    /// year at most), when the rate limit frees a slot, or, after a 429 that names no time, how long
    /// this client would have waited next. DigiCert's documentation names no header for it.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self.kind() {
            Kind::Answer { retry_after, .. } | Kind::WouldWait { retry_after } => {
                self.failed.retry_after.or(*retry_after)
            }
            _ => None,
        }
    }

    fn has_code(&self, code: &str) -> bool {
        matches!(self.kind(), Kind::Answer { errors, .. } if errors.has_code(code))
    }

    /// The key was refused (401 or 403), or does not permit this request. No other request with
    /// it can be expected to do better.
    #[must_use]
    pub fn is_auth(&self) -> bool {
        matches!(self.status(), Some(401 | 403))
    }

    /// The order is not in this account (404 with `not_found|order`).
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(404) && self.has_code("not_found|order")
    }

    /// The account has no order report: list the orders and read each instead.
    #[must_use]
    pub fn has_no_report(&self) -> bool {
        let refused = matches!(self.status(), Some(400 | 403..=406));
        self.request == Request::OrderReport
            && (refused && !self.has_code("access_denied|access_denied_invalid_key")
                || matches!(self.kind(), Kind::NoReport))
    }

    /// Too many requests with this key: the server said so (429) until this client gave up, or the
    /// client does not wait for its own [`RateLimit`](crate::RateLimit).
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.status() == Some(429) || matches!(self.kind(), Kind::WouldWait { .. })
    }

    /// A time limit of this client ran out.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(self.cause(), Some(Cause::Timeout | Cause::ConnectTimeout))
    }

    /// The server, or the proxy before it, could not be reached. Nothing was sent.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        self.cause() == Some(Cause::NoConnection)
    }

    /// The server could not prove who it is, or no encrypted connection came about. Nothing was
    /// sent.
    #[must_use]
    pub fn is_tls(&self) -> bool {
        self.cause() == Some(Cause::Tls)
    }

    /// The caller asked to stop.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        matches!(self.kind(), Kind::Cancelled)
    }

    /// Whether the same call may do better later. This client has tried already, as its
    /// [`Retry`](crate::Retry) says.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(self.kind(), Kind::WouldWait { .. }) || self.kind().trouble() != Trouble::Lasting
    }

    /// The server, the way to it or the base URL has trouble that requests about other orders will
    /// meet as well: no connection, a broken exchange, a 5xx, a redirect, an answer that is not of
    /// this API, such as a 404 that names no reason.
    #[must_use]
    pub fn is_unavailable(&self) -> bool {
        match self.kind() {
            Kind::Answer { status, errors, .. } => match status {
                401 | 403 | 429 => false,
                // Every refusal of this API names a reason.
                400..=499 => {
                    *status == 408 || errors.is_empty() || self.has_code("not_found|route")
                }
                _ => true,
            },
            Kind::Cancelled | Kind::WouldWait { .. } => false,
            _ => true,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.request {
            Request::UpdateContacts(order) => {
                write!(f, "the contacts of order {order} could not be changed: ")?;
            }
            Request::Order(order) => write!(f, "order {order} could not be read: ")?,
            Request::Orders { .. } => f.write_str("the orders could not be listed: ")?,
            Request::OrderReport => f.write_str("the order report could not be read: ")?,
            Request::WhoAmI => f.write_str("the API key could not be looked up: ")?,
        }
        if self.has_no_report() {
            f.write_str("the account may not have one; list the orders and read each instead: ")?;
        }
        self.kind().fmt(f)?;
        match self.attempts() {
            0 | 1 => Ok(()),
            attempts => write!(f, " (after {attempts} attempts)"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self.kind() {
            Kind::Transport(why) => Some(&why.error),
            Kind::Unreadable(error) => Some(error),
            Kind::SharedLimit(error) => Some(error),
            _ => None,
        }
    }
}
