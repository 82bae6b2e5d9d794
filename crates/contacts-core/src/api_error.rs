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
        Self::from_body_without(body, &[])
    }

    /// The same without certain texts of 3 characters or more, should the server have repeated what
    /// it was sent. Upper and lower case count as the same, and a text of less than 20 characters is
    /// found as a word of its own only. From a code that looks like one, only texts of 20 characters
    /// or more are taken: somebody may be called `Order`. A text that the server escaped or cut is not
    /// found. E-mail addresses are removed always, whosever they are.
    ///
    /// ```
    /// use contacts_core::ApiErrors;
    ///
    /// let body = br#"{"code": "not_found|order", "message": "JANE@EXAMPLE.COM of Jane Order: no"}"#;
    /// let errors = ApiErrors::from_body_without(body, &["Jane", "Order", "jane@example.com"]);
    /// assert_eq!(errors.to_string(), "not_found|order: [removed] of [removed] [removed]: no");
    /// ```
    #[must_use]
    pub fn from_body_without(body: &[u8], texts: &[&str]) -> Self {
        let body = String::from_utf8_lossy(body);
        let Ok(json) = serde_json::from_str::<Value>(&body) else {
            return Self::default();
        };
        let mut texts = texts.to_vec();
        texts.retain(|text| text.chars().count() > 2);
        // A text may hold another one.
        texts.sort_unstable_by_key(|text| std::cmp::Reverse(text.len()));
        let shapes = [&json["errors"], &json["error"], &json];
        let entries = shapes
            .into_iter()
            .map(|json| entries(json, &texts))
            .find(|entries| !entries.is_empty());
        Self(entries.unwrap_or_default())
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

fn entries(json: &Value, texts: &[&str]) -> Vec<ApiError> {
    let list = json
        .as_array()
        .map_or(std::slice::from_ref(json), Vec::as_slice);
    let entries = list.iter().filter_map(|json| entry(json, texts));
    entries.take(MAX_ENTRIES).collect()
}

fn entry(json: &Value, texts: &[&str]) -> Option<ApiError> {
    let text = |name: &str| json[name].as_str().unwrap_or_default();
    let code = text("code");
    let from_code = if is_code(code) { long(texts) } else { texts };
    let code = shown(code, from_code);
    let message = Some(text("message")).filter(|m| !m.is_empty());
    let message = shown(message.unwrap_or(text("description")), texts);
    (!code.is_empty() || !message.is_empty()).then_some(ApiError { code, message })
}

/// Whether a text has the form of DigiCert's codes, in which no personal data is to be expected.
fn is_code(text: &str) -> bool {
    const LONGEST: usize = 100;
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'|');
    text.len() <= LONGEST && text.bytes().all(allowed)
}

/// A text of this length is no name, but an address or an API key.
const NO_NAME: usize = 20;

/// Those of the texts, longest first, that nobody is called.
fn long<'a, 't>(texts: &'a [&'t str]) -> &'a [&'t str] {
    &texts[..texts.partition_point(|text| text.len() >= NO_NAME)]
}

/// First without the texts, then cut: a cut text would not be found.
fn shown(text: &str, without: &[&str]) -> String {
    let text = without
        .iter()
        .fold(text.to_owned(), |text, w| removed(&text, w));
    let short: String = without_addresses(&text).chars().take(MAX_CHARS).collect();
    printable(&short).into_owned()
}

/// A server that refuses to tell something may repeat the address of somebody whom we don't know.
fn without_addresses(text: &str) -> String {
    let words = text.split_inclusive(char::is_whitespace).map(|word| {
        let (bare, space) = word.split_at(word.trim_end().len());
        match bare.split_once('@') {
            Some((name, domain)) if !name.is_empty() && !domain.is_empty() => ["[removed]", space],
            _ => [bare, space],
        }
    });
    words.flatten().collect()
}

fn removed(text: &str, without: &str) -> String {
    let (mut rest, mut result) = (text, String::new());
    while let Some((at, end)) = find(rest, without) {
        result += &rest[..at];
        result += "[removed]";
        rest = &rest[end..];
    }
    result + rest
}

/// Where a text begins and ends, in upper or lower case; a short one only as a word of its own,
/// since `Doe` is in `does`.
fn find(text: &str, wanted: &str) -> Option<(usize, usize)> {
    let part_of_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let whole = |at: usize, end: usize| {
        !part_of_word(text[..at].chars().next_back()) && !part_of_word(text[end..].chars().next())
    };
    let places = text.char_indices().filter_map(|(at, _)| {
        let length = length_at_beginning(&text[at..], wanted)?;
        Some((at, at + length))
    });
    { places }.find(|(at, end)| wanted.len() >= NO_NAME || whole(*at, *end))
}

/// How many bytes of `text` are `wanted`, if it begins with it in upper or lower case.
fn length_at_beginning(text: &str, wanted: &str) -> Option<usize> {
    let mut left = wanted.chars().flat_map(char::to_lowercase).peekable();
    for (at, c) in text.char_indices() {
        if left.peek().is_none() {
            return Some(at);
        }
        if !c.to_lowercase().all(|c| left.next() == Some(c)) {
            return None;
        }
    }
    left.peek().is_none().then_some(text.len())
}
