use std::fmt;

use contacts_core::Outcome;
use serde::{Deserialize, Deserializer, Serialize};

/// Why a call about one order failed, as far as the other orders are concerned.
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
    #[serde(deserialize_with = "outcome")]
    outcome: Outcome,
    codes: Vec<String>,
    message: String,
}

/// What a failure means for the orders that come after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum FailureKind {
    /// The key was refused. Every other request would be, too: the run stops.
    #[serde(alias = "key-refused")]
    KeyRejected,
    /// The account's rate limit is used up: the run stops.
    RateLimited,
    /// The caller asked to stop.
    Cancelled,
    /// No connection, a broken exchange, a server error. A run of these stops the run.
    #[serde(alias = "server-trouble")]
    Unavailable,
    /// The account has no such order.
    NotFound,
    /// The journal can't be written: the run stops, since nobody could tell any more what was sent.
    Journal,
    /// Something about this order alone.
    Other,
}

fn outcome<'de, D: Deserializer<'de>>(from: D) -> Result<Outcome, D::Error> {
    let name = std::borrow::Cow::<str>::deserialize(from)?;
    let mut all = [Outcome::NotSent, Outcome::Rejected, Outcome::Unknown].into_iter();
    let found = all.find(|outcome| outcome.as_str() == name);
    found.ok_or_else(|| serde::de::Error::custom("not an outcome"))
}

impl Failure {
    /// A failure with a sentence for people, which must hold no key and no contact's values.
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

    /// What it means for other orders.
    #[must_use]
    pub const fn kind(&self) -> FailureKind {
        self.kind
    }

    /// Whether the caller asked to stop. An attempt before may have been sent all the same:
    /// [`outcome`](Self::outcome) says so.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.kind == FailureKind::Cancelled
    }

    /// Whether the order may have been changed.
    #[must_use]
    pub const fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// Whether the same request may fare better at another time: it was not the order that failed.
    #[must_use]
    pub const fn may_pass(&self) -> bool {
        !matches!(self.kind, FailureKind::NotFound | FailureKind::Other)
            || matches!(self.outcome, Outcome::Unknown | Outcome::NotSent)
    }

    /// DigiCert's codes, if the answer held any.
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
