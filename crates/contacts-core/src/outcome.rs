use std::fmt;

use serde::Serialize;

/// What a failed request may have done to the order.
///
/// ```
/// assert_eq!(contacts_core::Outcome::NotSent.to_string(), "not-sent");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The request never left this machine, or never reached the server: nothing was changed.
    NotSent,
    /// The server refused it: nothing was changed.
    Rejected,
    /// Nobody knows; it may have been applied. The request sets absolute values, so sending it
    /// again leads to the same contacts. Whether DigiCert then sends e-mail twice is unknown.
    Unknown,
}

impl Outcome {
    /// The stable name of this outcome, in kebab case.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotSent => "not-sent",
            Self::Rejected => "rejected",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
