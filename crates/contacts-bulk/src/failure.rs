use std::fmt;

use contacts_core::Outcome;
use serde::{Deserialize, Serialize};

/// A failed call for one order.
///
/// ```
/// use contacts_bulk::{Failure, FailureKind};
/// use contacts_core::Outcome;
///
/// let failure = Failure::new(FailureKind::NotFound, Outcome::Rejected, "the server answered 404")
///     .with_codes(["not_found|order"]);
/// assert_eq!(failure.to_string(), "the server answered 404");
/// assert_eq!(failure.codes(), ["not_found|order"]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    kind: FailureKind,
    outcome: Outcome,
    codes: Vec<String>,
    message: String,
}

/// The cause of a failure, as far as it matters to a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum FailureKind {
    /// The API key was rejected. Stops the run.
    #[serde(alias = "key-refused")]
    KeyRejected,
    /// The account's rate limit is exhausted. Stops the run.
    RateLimited,
    /// The caller cancelled the call. Stops the run.
    Cancelled,
    /// No connection, an incomplete response, or a server error. Repeated, it stops the run.
    #[serde(alias = "server-trouble")]
    Unavailable,
    /// The account has no such order.
    NotFound,
    /// The journal cannot be written, so a later process could not know what was sent. Stops the
    /// run.
    Journal,
    /// A problem of this order alone.
    Other,
}

/// The effect of a failure on a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    StopRun,
    StopIfRepeated,
    Continue,
}

impl Failure {
    /// Creates a failure. The message must contain no key and no contact's values.
    pub fn new(kind: FailureKind, outcome: Outcome, message: impl Into<String>) -> Self {
        Self {
            kind,
            outcome,
            codes: Vec::new(),
            message: message.into(),
        }
    }

    /// Adds DigiCert's codes.
    #[must_use]
    pub fn with_codes<C: Into<String>>(mut self, codes: impl IntoIterator<Item = C>) -> Self {
        self.codes.extend(codes.into_iter().map(Into::into));
        self
    }

    /// The cause.
    #[must_use]
    pub const fn kind(&self) -> FailureKind {
        self.kind
    }

    /// Whether the caller cancelled the call. An earlier attempt may still have been sent; see
    /// [`outcome`](Self::outcome).
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.kind == FailureKind::Cancelled
    }

    /// Whether the order may have been changed.
    #[must_use]
    pub const fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// Whether the same request can succeed later, because the order was not the cause.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        !matches!(self.effect(), Effect::Continue) || !matches!(self.outcome, Outcome::Rejected)
    }

    pub(crate) const fn effect(&self) -> Effect {
        match self.kind {
            FailureKind::KeyRejected
            | FailureKind::RateLimited
            | FailureKind::Cancelled
            | FailureKind::Journal => Effect::StopRun,
            FailureKind::Unavailable => Effect::StopIfRepeated,
            FailureKind::NotFound | FailureKind::Other => Effect::Continue,
        }
    }

    /// DigiCert's codes, if the response had any.
    #[must_use]
    pub fn codes(&self) -> &[String] {
        &self.codes
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}
