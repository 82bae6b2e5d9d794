//! The records of requests and of changes.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A request to the API, and its response or the fault that prevented one. Its headers, and so its
/// key, and its body are not recorded. If its head was rejected (400, 431), method and target may be
/// empty, and its key is `none`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// Numbers the requests of a sandbox from 1.
    pub number: u64,
    /// The time after the start of the sandbox.
    #[serde(serialize_with = "seconds::serialize")]
    pub at: Duration,
    /// Such as `PUT`, cut to 32 characters.
    pub method: String,
    /// The path with its query as it was sent, cut to 1000 characters.
    pub target: String,
    /// The status of the response; 0 if a fault closed the connection instead.
    pub status: u16,
    /// The first four characters of a key of this account, `unknown` for any other key, since it
    /// may be a real one, or `none`.
    pub key: String,
    /// The action of the fault that acted on it, such as `close`.
    pub fault: Option<String>,
    /// Why it was refused: code and message of the response, such as `not_found|order: The order
    /// does not exist in this account.`, cut to 500 characters.
    pub error: Option<String>,
}

impl RecordedRequest {
    pub(crate) const MAX_TARGET: usize = 1000;
    pub(crate) const MAX_METHOD: usize = 32;
    pub(crate) const MAX_ERROR: usize = 500;
}

/// A contact that a PUT has written to an order.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ContactChange {
    /// Numbers the changes of a sandbox from 1. A PUT with two contacts makes two changes.
    pub number: u64,
    /// The time after the start of the sandbox.
    #[serde(with = "seconds")]
    pub at: Duration,
    /// The order.
    pub order_id: u64,
    /// `organization_contact` or `technical_contact`.
    pub contact_type: String,
    /// The previous contact, if there was one.
    pub before: Option<Arc<Value>>,
    /// The new contact.
    pub after: Arc<Value>,
}

/// Without the contacts: personal data must not get into logs.
impl fmt::Debug for ContactChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContactChange")
            .field("number", &self.number)
            .field("order_id", &self.order_id)
            .field("contact_type", &self.contact_type)
            .finish_non_exhaustive()
    }
}

/// A duration as seconds with three decimals.
pub(crate) mod seconds {
    use std::time::Duration;

    use serde::de::{Deserialize, Deserializer, Error};
    use serde::ser::Serializer;

    pub(crate) fn rounded(time: Duration) -> f64 {
        (time.as_secs_f64() * 1000.0).round() / 1000.0
    }

    pub(crate) fn serialize<S: Serializer>(time: &Duration, output: S) -> Result<S::Ok, S::Error> {
        output.serialize_f64(rounded(*time))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(input: D) -> Result<Duration, D::Error> {
        Duration::try_from_secs_f64(f64::deserialize(input)?).map_err(D::Error::custom)
    }
}

/// The first characters of a text.
pub(crate) fn truncated(text: &str, max_chars: usize) -> &str {
    match text.char_indices().nth(max_chars) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}

/// The part of a key that may be shown.
pub(crate) fn redacted(key: Option<&str>, is_known: bool) -> String {
    match key {
        None | Some("") => "none".to_owned(),
        Some(_) if !is_known => "unknown".to_owned(),
        // Four characters of a short key would be too many.
        Some(key) if key.chars().count() < 12 => "****".to_owned(),
        Some(key) => format!("{}****", truncated(key, 4)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_redacted() {
        assert_eq!(redacted(None, false), "none");
        assert_eq!(redacted(Some("a-real-key-of-digicert"), false), "unknown");
        assert_eq!(redacted(Some("short"), true), "****");
        assert_eq!(redacted(Some("sandbox-demo-key"), true), "sand****");
    }
}
