use std::fmt;
use std::time::Duration;

use contacts_core::Outcome;

use crate::client::Request;
use crate::retry::{Failure, RetryClass, Status, StatusKind};
use crate::transport::Cause;

/// DigiCert's code for an unknown key.
pub(crate) const INVALID_KEY: &str = "access_denied|access_denied_invalid_key";

/// A failed call.
///
/// Decide by the predicates and [`outcome`](Self::outcome); the message is for people. It contains
/// neither the key nor a value of a contact.
#[derive(Debug)]
pub struct Error {
    pub(crate) request: Request,
    pub(crate) failure: Box<Failure>,
    pub(crate) attempts: u32,
    pub(crate) outcome: Outcome,
    pub(crate) retry_after: Option<Duration>,
}

impl Error {
    fn cause(&self) -> Option<Cause> {
        match &*self.failure {
            Failure::Transport(error) => Some(error.cause),
            _ => None,
        }
    }

    fn status_kind(&self) -> Option<StatusKind> {
        self.failure.status().map(|status| status.kind)
    }

    /// The HTTP method of the request, such as `PUT`.
    ///
    /// ```
    /// use contacts_core::OrderId;
    /// use contacts_http::{ApiKey, BaseUrl, Client};
    ///
    /// # let sandbox = contacts_sandbox::Sandbox::start()?;
    /// # let client = Client::builder(ApiKey::parse(sandbox.api_key())?)
    /// #     .base_url(BaseUrl::parse(&sandbox.base_url())?)
    /// #     .build()?;
    /// let error = client.order(OrderId::parse("7")?).unwrap_err();
    /// assert_eq!((error.method(), error.path().as_str()), ("GET", "order/certificate/7"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn method(&self) -> &'static str {
        self.request.method()
    }

    /// The path of the request below the base URL, without the query, which can contain the text of a
    /// search.
    #[must_use]
    pub fn path(&self) -> String {
        self.request.path()
    }

    /// What the call may have done to the order, over all of its attempts: a later attempt that was
    /// rejected does not undo an earlier one that may have been applied. For a call that only reads
    /// it is [`Outcome::NotSent`] or [`Outcome::Rejected`].
    #[must_use]
    pub const fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// The number of attempts, including those without a connection and those that got a 429, without
    /// the reads between them.
    #[must_use]
    pub const fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The HTTP status, if the server answered.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match *self.failure {
            Failure::Status { code, .. } => Some(code),
            _ => None,
        }
    }

    /// DigiCert's codes and messages, if the response contained any.
    #[must_use]
    pub fn api_errors(&self) -> &[contacts_core::ApiError] {
        match &*self.failure {
            Failure::Status { errors, .. } | Failure::QueryRejected(errors) => errors,
            _ => &[],
        }
    }

    /// How long to wait before another call: the time of `Retry-After` (at least 1 s after a 429,
    /// at most a year), the wait for the rate limit, or after a 429 without `Retry-After` the pause
    /// of this client. DigiCert's documentation does not mention a header for it.
    #[must_use]
    pub const fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    fn has_code(&self, code: &str) -> bool {
        matches!(&*self.failure, Failure::Status { errors, .. } if errors.has_code(code))
    }

    /// Whether it is this status, and from DigiCert.
    fn is_status(&self, status: u16) -> bool {
        self.status() == Some(status) && !self.is_foreign()
    }

    /// The key was rejected, or its role does not permit this request: 401 or 403 with a code
    /// `access_denied`. Expect the same for every other request. False if the response has no error
    /// code of DigiCert, such as a web page or the JSON of a proxy: see
    /// [`is_unavailable`](Self::is_unavailable). With another code, only this request was rejected.
    ///
    /// [`is_unauthorized`](Self::is_unauthorized) and
    /// [`is_permission_denied`](Self::is_permission_denied) distinguish the two.
    #[must_use]
    pub fn is_auth(&self) -> bool {
        self.status_kind() == Some(StatusKind::Auth)
    }

    /// The key was not accepted: 401 with an error code of DigiCert, or 403 with
    /// `access_denied|access_denied_invalid_key`, which is DigiCert's answer to an unknown key.
    #[must_use]
    pub fn is_unauthorized(&self) -> bool {
        self.is_status(401) || self.is_status(403) && self.has_code(INVALID_KEY)
    }

    /// The key was accepted, but does not permit this request: 403 with another error code of
    /// DigiCert, such as `access_denied|missing_permission`.
    #[must_use]
    pub fn is_permission_denied(&self) -> bool {
        self.is_status(403) && !self.has_code(INVALID_KEY)
    }

    /// The order is not in this account (404 with `not_found|order`).
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(404) && self.has_code("not_found|order")
    }

    /// The account has no order report, or the role of the key does not permit it: list the orders and
    /// read each instead. True for other CSV, and for DigiCert's errors with 400 or 403 to 406, except
    /// for a key that was rejected.
    ///
    /// For [`organization_emails`](crate::Client::organization_emails), that the query was sent and got
    /// no usable answer, for another reason than a rejected key, a redirect or the rate limit: GraphQL
    /// errors, a web page, another status, a response that is malformed, cut or too large, a timeout. A
    /// server or a firewall may reject this query alone.
    #[must_use]
    pub fn has_no_report(&self) -> bool {
        if self.has_code(INVALID_KEY) {
            return false;
        }
        match self.request {
            Request::OrderReport => {
                let is_rejected = self.status().is_some_and(Status::may_mean_no_report);
                is_rejected && !self.is_foreign() || matches!(*self.failure, Failure::NotAReport)
            }
            Request::OrganizationEmails => {
                self.failure.outcome(false) == Outcome::Rejected
                    && self.status().is_none_or(Status::may_mean_no_query)
            }
            _ => false,
        }
    }

    /// Too many requests with this key: the server still answered 429 at the last attempt, or the
    /// client does not wait for its own [`RateLimit`](crate::RateLimit).
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.status_kind() == Some(StatusKind::RateLimited)
            || matches!(*self.failure, Failure::WouldWait(_))
    }

    /// A timeout of this client expired.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(self.cause(), Some(Cause::Timeout | Cause::ConnectTimeout))
    }

    /// The server, or the proxy, could not be reached. Nothing was sent.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        self.cause().is_some_and(Cause::is_connect)
    }

    /// The TLS handshake failed, or the server's certificate is not trusted. Nothing was sent.
    #[must_use]
    pub fn is_tls(&self) -> bool {
        self.cause().is_some_and(Cause::is_tls)
    }

    /// The caller cancelled the call.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        matches!(*self.failure, Failure::Cancelled)
    }

    /// Whether the same call can succeed later. This client has already retried it as its
    /// [`Retry`](crate::Retry) says.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(*self.failure, Failure::WouldWait(_))
            || self.failure.retry_class() != RetryClass::Never
    }

    /// Requests for other orders will fail as well: no connection, a broken connection, a 5xx, a
    /// redirect, or a response without an error code of DigiCert and with any status but 429, such as
    /// the web page of a CDN or a proxy.
    #[must_use]
    pub fn is_unavailable(&self) -> bool {
        match self.status_kind() {
            Some(StatusKind::Auth | StatusKind::RateLimited) => false,
            Some(StatusKind::Rejected) => self.has_code("not_found|route"),
            Some(_) => true,
            None => !matches!(
                *self.failure,
                Failure::Cancelled
                    | Failure::WouldWait(_)
                    | Failure::QueryRejected(_)
                    | Failure::ChangedMeanwhile
            ),
        }
    }

    fn is_foreign(&self) -> bool {
        matches!(&*self.failure, Failure::Status { foreign, .. } if foreign.is_some())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.request.write_failed(f)?;
        let is_answer = self.status().is_some() && !self.is_foreign()
            || matches!(
                *self.failure,
                Failure::NotAReport | Failure::QueryRejected(_)
            );
        if self.has_no_report() && is_answer {
            f.write_str(
                ": the account may not have one, or the key's role may not permit it; list the \
                 orders and read each instead",
            )?;
        }
        write!(f, ": {}", self.failure)?;
        if self.request.is_change() && matches!(self.status(), Some(200..=299)) {
            f.write_str("; the change may have been applied: read the order")?;
        }
        match self.attempts {
            0 | 1 => Ok(()),
            attempts => write!(f, " (after {attempts} attempts)"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &*self.failure {
            Failure::Transport(error) => error.detail(),
            Failure::Unreadable(error) => Some(error),
            Failure::LimitStore(error) => Some(error),
            _ => None,
        }
    }
}
