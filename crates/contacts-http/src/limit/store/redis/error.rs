//! Why a store gave no permit. No message contains the user, the password or the API key.

use std::fmt;
use std::io::{self, ErrorKind};
use std::sync::Arc;

use contacts_core::printable;
use rustls::Error as TlsError;

use crate::transport::CertificateProblem;

/// A store that cannot be used.
#[derive(Debug)]
pub(crate) struct StoreError {
    /// Without credentials.
    pub(super) address: Arc<str>,
    pub(super) problem: Problem,
}

#[derive(Debug, thiserror::Error)]
pub(super) enum Problem {
    #[error("cancelled")]
    Cancelled,
    #[error("cannot be reached: {0}")]
    Connect(io::Error),
    #[error("has no usable certificate: {0}")]
    Certificate(CertificateProblem),
    #[error("cannot be reached over TLS: {0}; check the scheme and the port of the URL")]
    Tls(String),
    #[error("did not answer in time")]
    Timeout,
    #[error("closed the connection")]
    Closed,
    #[error("cannot be reached: {0}")]
    Broken(io::Error),
    #[error("does not answer as Redis or Valkey; check the URL")]
    NotRedis,
    #[error("{}", .0.text)]
    Rejected(Rejection),
}

/// An error of the store, in our words.
#[derive(Debug)]
pub(super) struct Rejection {
    pub(super) code: String,
    text: String,
    is_transient: bool,
}

/// The errors that solve themselves or that an operator solves: a restart, a failover, more memory.
const TRANSIENT: [(&str, &str); 11] = [
    ("LOADING", "is loading its data"),
    ("READONLY", "is a read-only replica: name the primary"),
    ("OOM", "is out of memory"),
    ("MISCONF", "cannot save its data, and so accepts no writes"),
    (
        "NOREPLICAS",
        "has too few replicas, and so accepts no writes",
    ),
    ("MASTERDOWN", "is a replica without a primary"),
    ("CLUSTERDOWN", "is in a cluster that is down"),
    ("TRYAGAIN", "is in a cluster that moves keys"),
    ("BUSY", "is busy with a script"),
    ("UNBLOCKED", "is changing its role"),
    ("max number of clients", "accepts no more clients"),
];

/// The errors that last until somebody changes a setting.
const PERMANENT: [(&str, &str); 15] = [
    ("NOAUTH", NO_PASSWORD),
    ("Protocol error: unauthenticated", NO_PASSWORD),
    ("WRONGPASS", WRONG_LOGIN),
    ("invalid password", WRONG_LOGIN),
    ("without any password configured", NO_LOGIN),
    ("no password is set", NO_LOGIN),
    (
        "NOPERM",
        "does not permit a command or a key to the user of the URL: see docs/operations.md",
    ),
    (
        "WRONGTYPE",
        "has other data under the keys `{digicert-contacts:...}`: delete them",
    ),
    ("MOVED", OTHER_NODE),
    ("ASK", OTHER_NODE),
    ("CROSSSLOT", OTHER_NODE),
    (
        "DENIED",
        "is in protected mode: set a password there, or bind it to an address",
    ),
    (
        "DB index is out of range",
        "does not have the database of the URL",
    ),
    (
        "SELECT is not allowed",
        "has one database only: remove the number from the URL",
    ),
    (
        "unknown command",
        "does not know a command that the rate limit needs",
    ),
];
const NO_PASSWORD: &str = "requires a password: add it to the URL";
const WRONG_LOGIN: &str = "rejected the user or the password of the URL";
const NO_LOGIN: &str = "has no password, but the URL contains one";
const OTHER_NODE: &str = "is a node of a cluster without the keys of the rate limit: use one without \
                          cluster mode";

impl Rejection {
    /// `code` is the first word of the error. A script of Redis 6 puts another in front of it.
    pub(super) fn new(code: &str, detail: &str) -> Self {
        let matches = |name: &str| {
            code == name || (name.contains(' ') && detail.contains(name)) || nested(detail, name)
        };
        let find = |table: &'static [(&str, &str)]| table.iter().find(|(name, _)| matches(name));
        let (text, is_transient) = match (find(&PERMANENT), find(&TRANSIENT)) {
            (Some((_, text)), _) => ((*text).to_owned(), false),
            (None, Some((_, text))) => ((*text).to_owned(), true),
            // The rest of the error could contain a name or a key.
            (None, None) => (
                format!("answered with the error `{}`", printable(code)),
                false,
            ),
        };
        Self {
            code: code.to_owned(),
            text,
            is_transient,
        }
    }
}

/// Whether a script failed with this error: `ERR Error running script ...: -OOM command not allowed`.
fn nested(detail: &str, code: &str) -> bool {
    detail
        .split(" -")
        .skip(1)
        .any(|rest| rest.split(' ').next() == Some(code))
}

impl Problem {
    /// Of a connection that was established.
    pub(super) fn of_io(error: io::Error) -> Self {
        if let Some(error) = error
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<TlsError>())
        {
            return Self::of_tls(error);
        }
        match error.kind() {
            ErrorKind::TimedOut | ErrorKind::WouldBlock => Self::Timeout,
            ErrorKind::UnexpectedEof
            | ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::BrokenPipe => Self::Closed,
            _ => Self::Broken(error),
        }
    }

    pub(super) fn of_tls(error: &TlsError) -> Self {
        match error {
            TlsError::InvalidCertificate(error) => Self::Certificate(CertificateProblem::of(error)),
            error => Self::Tls(error.to_string()),
        }
    }

    const fn is_transient(&self) -> bool {
        match self {
            Self::Connect(_) | Self::Timeout | Self::Closed | Self::Broken(_) => true,
            Self::Rejected(rejection) => rejection.is_transient,
            Self::Cancelled | Self::Certificate(_) | Self::Tls(_) | Self::NotRedis => false,
        }
    }
}

impl StoreError {
    /// Whether the store may work again without another setting.
    pub(crate) const fn is_transient(&self) -> bool {
        self.problem.is_transient()
    }

    pub(crate) const fn is_cancelled(&self) -> bool {
        matches!(self.problem, Problem::Cancelled)
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the rate limit store at {} {}",
            self.address, self.problem
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{PERMANENT, TRANSIENT};

    #[test]
    fn the_page_about_errors_has_every_message_of_a_store() {
        let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/errors.md");
        let page = std::fs::read_to_string(page).unwrap();
        for (table, waits) in [(&TRANSIENT[..], "yes"), (&PERMANENT[..], "no")] {
            for (_, text) in table {
                let mut rows = page.lines().filter(|row| row.contains(text));
                let row = rows.next().unwrap_or_else(|| panic!("no row for `{text}`"));
                assert!(row.contains(&format!("| {waits} |")), "{row}");
            }
        }
    }
}
