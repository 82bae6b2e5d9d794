//! The one table that says what an HTTP status means for a request that failed with it.

use contacts_core::{ApiErrors, Outcome};

use super::RetryClass;

/// What a status says about the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StatusKind {
    /// The API key is wrong, or does not permit the request.
    Auth,
    /// Too many requests.
    RateLimited,
    /// The request is wrong, for this order alone.
    Rejected,
    /// A redirect, which is not followed.
    Redirect,
    /// A success, but not the documented one.
    UndocumentedSuccess,
    /// The server, or a proxy or CDN in front of it, failed.
    Unavailable,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Status {
    pub(crate) kind: StatusKind,
    pub(crate) retry: RetryClass,
    /// What a PUT with this response may have done.
    pub(crate) outcome: Outcome,
}

impl Status {
    /// What an error of the API says. A 401 or a 403 is about the key only if its code is.
    pub(crate) fn of_errors(code: u16, errors: &ApiErrors) -> Self {
        let status = Self::of(code);
        match status.kind {
            StatusKind::Auth if !errors.has_code("access_denied") => Self {
                kind: StatusKind::Rejected,
                ..status
            },
            _ => status,
        }
    }

    pub(crate) const fn of(code: u16) -> Self {
        use Outcome::{Rejected, Unknown};
        use RetryClass::{Backoff, Never, RateLimited};
        use StatusKind as Kind;

        let (kind, retry, outcome) = match code {
            200..=299 => (Kind::UndocumentedSuccess, Never, Unknown),
            // See Other: the server processed the request, and its result is elsewhere.
            303 => (Kind::Redirect, Never, Unknown),
            300..=399 => (Kind::Redirect, Never, Rejected),
            408 | 500 | 502 | 503 | 504 => (Kind::Unavailable, Backoff, Unknown),
            401 | 403 => (Kind::Auth, Never, Rejected),
            429 => (Kind::RateLimited, RateLimited, Rejected),
            400..=499 => (Kind::Rejected, Never, Rejected),
            _ => (Kind::Unavailable, Never, Unknown),
        };
        Self {
            kind,
            retry,
            outcome,
        }
    }

    /// The same for a response that is not of the API, such as the web page of a CDN, or JSON without
    /// an error code of DigiCert. It says nothing
    /// about the key or the order, and means that the service is unavailable.
    ///
    /// With a 403, the outcome is unknown: most firewalls block the request, but some check the
    /// response and replace it. Who is blocked now is blocked a second later as well, so this client
    /// does not retry it.
    pub(crate) const fn of_foreign(code: u16) -> Self {
        use StatusKind as Kind;

        let status = Self::of(code);
        let (retry, outcome) = match status.kind {
            Kind::RateLimited | Kind::Redirect => return status,
            Kind::Auth | Kind::UndocumentedSuccess => (RetryClass::Later, Outcome::Unknown),
            Kind::Rejected | Kind::Unavailable => (status.retry, status.outcome),
        };
        Self {
            kind: Kind::Unavailable,
            retry,
            outcome,
        }
    }

    /// Whether an account without the order report may answer with this status.
    pub(crate) const fn may_mean_no_report(code: u16) -> bool {
        matches!(code, 400 | 403..=406)
    }

    /// Whether a server that rejects the query of a report may answer with this status.
    pub(crate) const fn may_mean_no_query(code: u16) -> bool {
        !matches!(code, 300..=399 | 401 | 429)
    }
}
