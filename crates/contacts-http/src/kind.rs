//! How one request can go wrong.

use std::fmt;
use std::io;
use std::time::Duration;

use contacts_core::{ApiErrors, Outcome, ReadError};

use crate::cause;
use crate::connector::Interrupted;
use crate::retry::Trouble;

#[derive(Debug)]
pub(crate) enum Kind {
    Transport(Interrupted),
    Answer {
        status: u16,
        errors: ApiErrors,
        retry_after: Option<Duration>,
    },
    Unreadable(ReadError),
    TooLarge,
    OtherOrder,
    NoOrder,
    /// A list that ends before all orders were told, of so many where that is known.
    ShortList {
        listed: usize,
        total: Option<usize>,
    },
    NoReport,
    WouldWait {
        retry_after: Option<Duration>,
    },
    SharedLimit(io::Error),
    Cancelled,
}

impl Kind {
    /// What a single attempt that ended so may have done.
    pub(crate) fn outcome(&self, changes: bool) -> Outcome {
        let maybe = match self {
            Self::Cancelled | Self::WouldWait { .. } | Self::SharedLimit(_) => {
                return Outcome::NotSent;
            }
            Self::Transport(why) if cause::of(&why.error).before_sending() => {
                return Outcome::NotSent;
            }
            // A 303 means that the request was acted upon, and that the result is elsewhere.
            Self::Answer { status, .. } => !matches!(status, 300..=302 | 304..=407 | 409..=499),
            _ => true,
        };
        if maybe && changes {
            Outcome::Unknown
        } else {
            Outcome::Rejected
        }
    }

    pub(crate) fn trouble(&self) -> Trouble {
        match self {
            Self::Answer {
                status: 429,
                retry_after,
                ..
            } => Trouble::RateLimited {
                retry_after: *retry_after,
            },
            Self::Answer {
                status: 408 | 500 | 502 | 503 | 504,
                retry_after,
                ..
            } => Trouble::Passing {
                retry_after: *retry_after,
            },
            Self::Transport(why) => cause::of(&why.error).trouble(why.kept),
            _ => Trouble::Lasting,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Transport(why) => cause::of(&why.error).fmt(f),
            Self::Answer {
                status,
                errors,
                retry_after,
            } => answer(*status, errors, *retry_after, f),
            Self::Unreadable(_) => f.write_str("the response cannot be parsed"),
            Self::TooLarge => f.write_str("the response is larger than 4 MiB"),
            Self::OtherOrder => f.write_str("the response is for another order"),
            Self::ShortList {
                listed,
                total: Some(total),
            } => write!(f, "the list ends after {listed} of {total} orders"),
            Self::ShortList { listed, .. } => {
                write!(f, "the list repeats the same {listed} orders")
            }
            Self::NoReport => f.write_str("the response is not an order report"),
            Self::NoOrder => f.write_str("the response is not an order; check the base URL"),
            Self::WouldWait {
                retry_after: Some(wait),
            } => write!(
                f,
                "the rate limit allows the next request in {:.1} s",
                wait.as_secs_f64()
            ),
            Self::WouldWait { retry_after: None } => {
                f.write_str("the rate limit allows the next request when one in flight completes")
            }
            Self::SharedLimit(_) => f.write_str("cannot read or write the rate limit file"),
            Self::Cancelled => f.write_str("cancelled"),
        }
    }
}

fn answer(
    status: u16,
    errors: &ApiErrors,
    retry_after: Option<Duration>,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    write!(f, "the server answered {status}{}", remark(status))?;
    if !errors.is_empty() {
        write!(f, ": {errors}")?;
    }
    match retry_after {
        Some(wait) => write!(f, "; retry after {} s", wait.as_secs()),
        None => Ok(()),
    }
}

const fn remark(status: u16) -> &'static str {
    match status {
        200..=299 => ", which is not a documented response",
        300..=399 => ", a redirect, which is not followed; check the base URL",
        _ => "",
    }
}
