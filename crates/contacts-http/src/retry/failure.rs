//! How one attempt can fail.

use std::fmt::Write;
use std::io;
use std::time::Duration;

use contacts_core::{ApiErrors, Outcome, ReadError};

use super::RetryClass;
use super::status::{Status, StatusKind};
use crate::client::ForeignResponse;
use crate::error::INVALID_KEY;
#[cfg(feature = "redis")]
use crate::limit::StoreError;
use crate::transport::TransportError;

#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("{0}")]
    Transport(TransportError),
    #[error("{}", status_message(*code, errors, foreign.as_ref(), *retry_after))]
    Status {
        code: u16,
        errors: ApiErrors,
        foreign: Option<ForeignResponse>,
        retry_after: Option<Duration>,
    },
    #[error("the response cannot be parsed")]
    Unreadable(ReadError),
    #[error("the response is larger than {limit} MiB")]
    TooLarge { limit: usize },
    #[error("the response is for another order")]
    OtherOrder,
    #[error("the response is not {0}; check the base URL")]
    NotA(&'static str),
    /// The list of orders ends before its total, if it has one.
    #[error("{}", list_message(*listed, *total))]
    IncompleteList { listed: usize, total: Option<usize> },
    #[error("the response is not the requested report")]
    NotAReport,
    /// A 200 with GraphQL errors.
    #[error("the server rejected the query: {0}")]
    QueryRejected(ApiErrors),
    /// The rate limit requires a wait that the call does not allow.
    #[error("{}", wait_message(*.0))]
    WouldWait(Option<Duration>),
    #[error("cannot read or write the rate limit file")]
    LimitStore(io::Error),
    #[cfg(feature = "redis")]
    #[error("{0}")]
    SharedLimit(StoreError),
    #[error("cancelled")]
    Cancelled,
    /// The order was changed by somebody else between two attempts.
    #[error("somebody else has changed the order since it was read before; the update is not sent")]
    ChangedMeanwhile,
}

impl Failure {
    /// What the attempt may have done; `is_change` is whether it was a PUT.
    pub(crate) fn outcome(&self, is_change: bool) -> Outcome {
        match self {
            Self::Cancelled | Self::WouldWait(_) | Self::LimitStore(_) => Outcome::NotSent,
            #[cfg(feature = "redis")]
            Self::SharedLimit(_) => Outcome::NotSent,
            Self::Transport(error) if error.cause.is_before_sending() => Outcome::NotSent,
            _ if !is_change => Outcome::Rejected,
            _ => self
                .status()
                .map_or(Outcome::Unknown, |status| status.outcome),
        }
    }

    pub(crate) fn retry_class(&self) -> RetryClass {
        match self {
            Self::Transport(error) => error.cause.retry_class(),
            // The limiter has retried it.
            #[cfg(feature = "redis")]
            Self::SharedLimit(error) if error.is_transient() => RetryClass::Later,
            _ => match self.status() {
                Some(status) => status.retry,
                None => RetryClass::Never,
            },
        }
    }

    /// The HTTP status, if the server answered: 200 if only the content of the response failed.
    pub(crate) const fn http_status(&self) -> Option<u16> {
        match self {
            Self::Status { code, .. } => Some(*code),
            Self::Unreadable(_)
            | Self::TooLarge { .. }
            | Self::OtherOrder
            | Self::NotA(_)
            | Self::IncompleteList { .. }
            | Self::NotAReport
            | Self::QueryRejected(_)
            | Self::ChangedMeanwhile => Some(200),
            Self::Transport(_) | Self::WouldWait(_) | Self::LimitStore(_) | Self::Cancelled => None,
            #[cfg(feature = "redis")]
            Self::SharedLimit(_) => None,
        }
    }

    /// What the status means, if the server answered.
    pub(crate) fn status(&self) -> Option<Status> {
        match self {
            Self::Status {
                code,
                foreign: Some(_),
                ..
            } => Some(Status::of_foreign(*code)),
            Self::Status { code, errors, .. } => Some(Status::of_errors(*code, errors)),
            _ => None,
        }
    }

    /// When the server or the rate limit allows another attempt.
    pub(crate) const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Status { retry_after, .. } | Self::WouldWait(retry_after) => *retry_after,
            _ => None,
        }
    }
}

/// The cause of a response that is not of the API, and what to do.
const fn foreign_hint(code: u16) -> &'static str {
    match code {
        429 => "too many requests: wait before the next one",
        200..=299 | 401 | 403 | 451 | 511 => {
            "the request was blocked on the way: check the base URL and the proxy"
        }
        404 | 405 => "the address is wrong: check the base URL",
        408 | 500..=599 => {
            "the service, or a proxy in front of it, is unavailable: try again later"
        }
        _ => "the request was rejected on the way: check the base URL and the proxy",
    }
}

fn status_message(
    code: u16,
    errors: &ApiErrors,
    foreign: Option<&ForeignResponse>,
    retry_after: Option<Duration>,
) -> String {
    let mut message = format!("the server answered {code}");
    let kind = Status::of_errors(code, errors).kind;
    match (kind, foreign) {
        (StatusKind::Redirect, _) => {
            message += ", a redirect, which is not followed; check the base URL";
        }
        (_, Some(foreign)) => {
            let _ = write!(message, " with {foreign}");
        }
        (StatusKind::UndocumentedSuccess, None) if errors.is_empty() => {
            message += ", which is not a documented response";
        }
        _ => {}
    }
    if !errors.is_empty() {
        let _ = write!(message, ": {errors}");
    }
    match (kind, foreign) {
        (StatusKind::Redirect, _) => {}
        (_, Some(_)) => {
            let _ = write!(message, "; {}", foreign_hint(code));
        }
        (StatusKind::Auth, None) if code == 403 && !errors.has_code(INVALID_KEY) => {
            message += "; the key does not permit this: give it another role, or use another key";
        }
        (StatusKind::Auth, None) => message += "; the key was not accepted: use another key",
        _ => {}
    }
    if let Some(wait) = retry_after {
        let _ = write!(message, "; retry after {} s", wait.as_secs());
    }
    message
}

fn list_message(listed: usize, total: Option<usize>) -> String {
    match total {
        Some(total) => format!("the list ends after {listed} of {total} orders"),
        None => format!("the list repeats the same {listed} orders"),
    }
}

fn wait_message(wait: Option<Duration>) -> String {
    let time = wait.map_or_else(
        || "when one in flight completes".to_owned(),
        |wait| format!("in {:.1} s", wait.as_secs_f64()),
    );
    format!("the rate limit allows the next request {time}")
}
