use std::fmt;
use std::io;

use contacts_core::{ApiErrors, OrderId, Outcome, ReadError};

/// Why a call failed.
///
/// Ask the predicates and [`outcome`](Self::outcome); the sentence is for people. It holds neither
/// the key nor any contact's values.
#[derive(Debug)]
pub struct Error {
    request: Request,
    kind: Box<Kind>,
}

/// What was asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Request {
    UpdateContacts(OrderId),
    Order(OrderId),
}

#[derive(Debug)]
pub(crate) enum Kind {
    Transport(ureq::Error),
    Answer { status: u16, errors: ApiErrors },
    Unreadable(ReadError),
    TooLarge,
    OtherOrder,
    Cancelled,
}

impl Request {
    pub(crate) fn failed(self, kind: Kind) -> Error {
        Error {
            request: self,
            kind: Box::new(kind),
        }
    }

    pub(crate) fn path(self) -> String {
        match self {
            Self::UpdateContacts(order) => format!("order/certificate/{order}/contact"),
            Self::Order(order) => format!("order/certificate/{order}"),
        }
    }

    const fn changes(self) -> bool {
        matches!(self, Self::UpdateContacts(_))
    }
}

impl Error {
    /// What the failed request may have done to the order. A call that only reads changes nothing:
    /// [`Outcome::NotSent`] or [`Outcome::Rejected`].
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        let sent = match &*self.kind {
            Kind::Cancelled => return Outcome::NotSent,
            Kind::Transport(error) if never_connected(error) => return Outcome::NotSent,
            Kind::Answer { status, .. } => !matches!(status, 300..=407 | 409..=499),
            _ => true,
        };
        if sent && self.request.changes() {
            Outcome::Unknown
        } else {
            Outcome::Rejected
        }
    }

    /// The HTTP status, if the server answered with an error.
    #[must_use]
    pub const fn status(&self) -> Option<u16> {
        match &*self.kind {
            Kind::Answer { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// DigiCert's codes and messages, if the answer held any.
    #[must_use]
    pub fn api_errors(&self) -> &[contacts_core::ApiError] {
        match &*self.kind {
            Kind::Answer { errors, .. } => errors,
            _ => &[],
        }
    }

    fn has_code(&self, code: &str) -> bool {
        matches!(&*self.kind, Kind::Answer { errors, .. } if errors.has_code(code))
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

    /// Too many requests with this key (429).
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.status() == Some(429)
    }

    /// A time limit of this client ran out.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(&*self.kind, Kind::Transport(ureq::Error::Timeout(_)))
    }

    /// The server could not be reached.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        matches!(&*self.kind, Kind::Transport(error) if never_connected(error))
    }

    /// The caller asked to stop.
    #[must_use]
    pub const fn is_cancelled(&self) -> bool {
        matches!(*self.kind, Kind::Cancelled)
    }

    /// The server or the way to it has trouble that other requests will meet as well: no
    /// connection, a time limit, a broken exchange, or a 5xx answer.
    #[must_use]
    pub fn is_server_trouble(&self) -> bool {
        matches!(*self.kind, Kind::Transport(_)) || matches!(self.status(), Some(500..=599))
    }
}

/// Only failures that come before the first byte of a request.
fn never_connected(error: &ureq::Error) -> bool {
    match error {
        ureq::Error::HostNotFound
        | ureq::Error::ConnectionFailed
        | ureq::Error::ConnectProxyFailed(_)
        | ureq::Error::InvalidProxyUrl
        | ureq::Error::Timeout(ureq::Timeout::Resolve | ureq::Timeout::Connect) => true,
        ureq::Error::Io(error) => matches!(
            error.kind(),
            io::ErrorKind::ConnectionRefused
                | io::ErrorKind::HostUnreachable
                | io::ErrorKind::NetworkUnreachable
                | io::ErrorKind::AddrNotAvailable
        ),
        _ => false,
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.request {
            Request::UpdateContacts(order) => {
                write!(f, "the contacts of order {order} could not be changed: ")?;
            }
            Request::Order(order) => write!(f, "order {order} could not be read: ")?,
        }
        self.kind.fmt(f)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Transport(error) if never_connected(error) => f.write_str("no connection"),
            Self::Transport(ureq::Error::Timeout(_)) => f.write_str("a time limit ran out"),
            Self::Transport(_) => f.write_str("the exchange broke off"),
            Self::Answer { status, errors } if errors.is_empty() => {
                write!(f, "the server answered {status}{}", remark(*status))
            }
            Self::Answer { status, errors } => {
                write!(
                    f,
                    "the server answered {status}{}: {errors}",
                    remark(*status)
                )
            }
            Self::Unreadable(_) => f.write_str("the answer can't be read"),
            Self::TooLarge => f.write_str("the answer is over 4 MiB"),
            Self::OtherOrder => f.write_str("the answer is about another order"),
            Self::Cancelled => f.write_str("stopped before it was sent"),
        }
    }
}

const fn remark(status: u16) -> &'static str {
    match status {
        200..=299 => ", which is not the documented answer",
        300..=399 => ", a redirect, which is never followed; check the base URL",
        _ => "",
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &*self.kind {
            Kind::Transport(error) => Some(error),
            Kind::Unreadable(error) => Some(error),
            _ => None,
        }
    }
}
