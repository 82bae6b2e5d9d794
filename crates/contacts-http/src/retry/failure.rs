//! How one attempt can fail.

use std::fmt;
use std::io;
use std::time::Duration;

use contacts_core::{ApiErrors, Outcome, ReadError};

use super::RetryClass;
use super::status::{Status, StatusKind};
use crate::transport::TransportError;

#[derive(Debug)]
pub(crate) enum Failure {
    Transport(TransportError),
    Status {
        code: u16,
        errors: ApiErrors,
        retry_after: Option<Duration>,
    },
    Unreadable(ReadError),
    TooLarge,
    OtherOrder,
    NotAnOrder,
    /// The list of orders ends before its total, if it has one.
    IncompleteList {
        listed: usize,
        total: Option<usize>,
    },
    NotAReport,
    /// The rate limit requires a wait that the call does not allow.
    WouldWait(Option<Duration>),
    LimitStore(io::Error),
    Cancelled,
}

impl Failure {
    /// What the attempt may have done; `is_change` is whether it was a PUT.
    pub(crate) fn outcome(&self, is_change: bool) -> Outcome {
        match self {
            Self::Cancelled | Self::WouldWait(_) | Self::LimitStore(_) => Outcome::NotSent,
            Self::Transport(error) if error.cause.is_before_sending() => Outcome::NotSent,
            _ if !is_change => Outcome::Rejected,
            Self::Status { code, .. } => Status::of(*code).outcome,
            _ => Outcome::Unknown,
        }
    }

    pub(crate) const fn retry_class(&self) -> RetryClass {
        match self {
            Self::Status { code, .. } => Status::of(*code).retry,
            Self::Transport(error) => error.cause.retry_class(),
            _ => RetryClass::Never,
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

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Transport(error) => error.cause.fmt(f),
            Self::Status {
                code,
                errors,
                retry_after,
            } => write_status(*code, errors, *retry_after, f),
            Self::Unreadable(_) => f.write_str("the response cannot be parsed"),
            Self::TooLarge => f.write_str("the response is larger than 4 MiB"),
            Self::OtherOrder => f.write_str("the response is for another order"),
            Self::NotAnOrder => f.write_str("the response is not an order; check the base URL"),
            Self::IncompleteList {
                listed,
                total: Some(total),
            } => write!(f, "the list ends after {listed} of {total} orders"),
            Self::IncompleteList { listed, .. } => {
                write!(f, "the list repeats the same {listed} orders")
            }
            Self::NotAReport => f.write_str("the response is not an order report"),
            Self::WouldWait(Some(wait)) => {
                let seconds = wait.as_secs_f64();
                write!(
                    f,
                    "the rate limit allows the next request in {seconds:.1} s"
                )
            }
            Self::WouldWait(None) => {
                f.write_str("the rate limit allows the next request when one in flight completes")
            }
            Self::LimitStore(_) => f.write_str("cannot read or write the rate limit file"),
            Self::Cancelled => f.write_str("cancelled"),
        }
    }
}

fn write_status(
    code: u16,
    errors: &ApiErrors,
    retry_after: Option<Duration>,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    write!(f, "the server answered {code}")?;
    f.write_str(match Status::of(code).kind {
        StatusKind::UndocumentedSuccess => ", which is not a documented response",
        StatusKind::Redirect => ", a redirect, which is not followed; check the base URL",
        _ => "",
    })?;
    if !errors.is_empty() {
        write!(f, ": {errors}")?;
    }
    match retry_after {
        Some(wait) => write!(f, "; retry after {} s", wait.as_secs()),
        None => Ok(()),
    }
}
