use std::fmt;

use serde::Serialize;
use serde_json::Value;

use crate::text::printable;

/// One error of an answer.
///
/// ```
/// use contacts_core::ApiErrors;
///
/// let errors = ApiErrors::from_body(br#"{"errors":[{"code":"not_found|order"}]}"#);
/// assert_eq!(errors[0].code, "not_found|order");
/// assert_eq!(errors[0].to_string(), "not_found|order");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ApiError {
    /// DigiCert's code, such as `not_found|order`; empty where the answer had none.
    pub code: String,
    /// DigiCert's sentence; empty where the answer had none.
    pub message: String,
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.code.as_str(), self.message.as_str()) {
            (code, "") => f.write_str(code),
            ("", message) => f.write_str(message),
            (code, message) => write!(f, "{code}: {message}"),
        }
    }
}

/// The errors in the body of an answer.
///
/// Documented is `{"errors": [{"code", "message"}]}`. Read besides: `errors` as one object,
/// `{"error": {...}}`, a bare `{"code", "message"}`, and `description` for `message`. Anything
/// else, such as a page of HTML or half an answer, gives no entries. Text is made safe to show
/// ([`printable`]) and cut at 500 characters, and at most 20 entries are kept.
///
/// ```
/// use contacts_core::ApiErrors;
///
/// let errors = ApiErrors::from_body(br#"{"errors":[{"code":"not_found|order","message":"No order"}]}"#);
/// assert_eq!(errors.to_string(), "not_found|order: No order");
/// assert!(ApiErrors::from_body(b"<html>502 Bad Gateway</html>").is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct ApiErrors(Vec<ApiError>);

const MAX_ENTRIES: usize = 20;
const MAX_CHARS: usize = 500;

impl ApiErrors {
    /// Reads the body of an answer; it never fails.
    #[must_use]
    pub fn from_body(body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(body);
        let Ok(json) = serde_json::from_str::<Value>(&text) else {
            return Self::default();
        };
        let shapes = [&json["errors"], &json["error"], &json];
        let entries = shapes
            .into_iter()
            .map(entries)
            .find(|entries| !entries.is_empty());
        Self(entries.unwrap_or_default())
    }

    /// The same errors without certain texts, should the server have repeated what it was sent:
    /// `secret` is taken out of codes and messages, `values` (of 3 characters or more) out of
    /// messages.
    ///
    /// ```
    /// use contacts_core::ApiErrors;
    ///
    /// let errors = ApiErrors::from_body(br#"{"message": "key K123 can't add jane@example.com"}"#);
    /// assert_eq!(
    ///     errors.without("K123", &["jane@example.com"]).to_string(),
    ///     "key [removed] can't add [removed]",
    /// );
    /// ```
    #[must_use]
    pub fn without(mut self, secret: &str, values: &[&str]) -> Self {
        for entry in &mut self.0 {
            remove(&mut entry.code, secret);
            remove(&mut entry.message, secret);
            for value in values.iter().filter(|value| value.chars().count() > 2) {
                remove(&mut entry.message, value);
            }
        }
        self
    }

    /// Whether an entry has this code, or this code before a `|`.
    ///
    /// ```
    /// use contacts_core::ApiErrors;
    ///
    /// let errors = ApiErrors::from_body(br#"{"errors":[{"code":"not_found|order"}]}"#);
    /// assert!(errors.has_code("not_found") && errors.has_code("not_found|order"));
    /// assert!(!errors.has_code("not"));
    /// ```
    #[must_use]
    pub fn has_code(&self, code: &str) -> bool {
        self.0.iter().any(|entry| {
            let rest = entry.code.strip_prefix(code);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('|'))
        })
    }
}

impl std::ops::Deref for ApiErrors {
    type Target = [ApiError];

    fn deref(&self) -> &[ApiError] {
        &self.0
    }
}

impl fmt::Display for ApiErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, entry) in self.0.iter().enumerate() {
            let separator = if n == 0 { "" } else { "; " };
            write!(f, "{separator}{entry}")?;
        }
        Ok(())
    }
}

fn remove(from: &mut String, text: &str) {
    if !text.is_empty() && from.contains(text) {
        *from = from.replace(text, "[removed]");
    }
}

fn entries(json: &Value) -> Vec<ApiError> {
    let list = json
        .as_array()
        .map_or(std::slice::from_ref(json), Vec::as_slice);
    list.iter().filter_map(entry).take(MAX_ENTRIES).collect()
}

fn entry(json: &Value) -> Option<ApiError> {
    let text = |name: &str| json[name].as_str().map(shown).unwrap_or_default();
    let code = text("code");
    let message = Some(text("message"))
        .filter(|m| !m.is_empty())
        .unwrap_or(text("description"));
    (!code.is_empty() || !message.is_empty()).then_some(ApiError { code, message })
}

fn shown(text: &str) -> String {
    let short: String = text.chars().take(MAX_CHARS).collect();
    printable(&short).into_owned()
}
