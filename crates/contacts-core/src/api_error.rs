mod body;

use std::fmt;
use std::ops::Range;

use serde::Serialize;

use crate::api_error::body::CodeAndMessage;
use crate::text::printable;

/// One error of a response.
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
    /// DigiCert's code, such as `not_found|order`; empty if missing.
    pub code: String,
    /// DigiCert's message; empty if missing.
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

/// The errors in the body of a response.
///
/// DigiCert documents `{"errors": [{"code", "message"}]}`. Also parsed: the same as XML, one object,
/// texts or numbers as `errors`, `{"error": {...}}`, the members at the top level, and other members
/// than `message`, such as the `title` and `detail` of `application/problem+json`. Only `code` is a
/// code. Any other body, such as an HTML page or a truncated response, has no errors. Text is made safe to print ([`printable`]). It is limited to 20 errors and 500 characters for
/// each text.
///
/// ```
/// use contacts_core::ApiErrors;
///
/// let errors = ApiErrors::from_body(br#"{"errors":[{"code":"not_found|order","message":"No order"}]}"#);
/// assert_eq!(errors.to_string(), "not_found|order: No order");
/// let xml = b"<errors><error><code>not_found|order</code></error></errors>";
/// assert_eq!(ApiErrors::from_body(xml).to_string(), "not_found|order");
/// assert!(ApiErrors::from_body(b"<html>502 Bad Gateway</html>").is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct ApiErrors(Vec<ApiError>);

const MAX_ERRORS: usize = 20;
const MAX_CHARS: usize = 500;
/// A secret of this length is an API key or an address, not a name.
const NOT_A_NAME: usize = 20;

impl ApiErrors {
    /// Parses the body of a response.
    #[must_use]
    pub fn from_body(body: &[u8]) -> Self {
        Self::from_body_redacted(body, &[])
    }

    /// Parses the body of a response and redacts `secrets`, such as the API key and contact values,
    /// in case the server repeats them. E-mail addresses are always redacted.
    ///
    /// Secrets of fewer than 3 characters are ignored, and those of fewer than 20 characters are
    /// redacted only as whole words. In a text that looks like one of DigiCert's codes, only secrets of
    /// 20 characters or more are redacted, because `Order` may be a last name. Case is ignored. A secret
    /// that the server escaped or truncated is not found.
    ///
    /// ```
    /// use contacts_core::ApiErrors;
    ///
    /// let body = br#"{"code": "not_found|order", "message": "JANE@EXAMPLE.COM of Jane Order: no"}"#;
    /// let errors = ApiErrors::from_body_redacted(body, &["Jane", "Order", "jane@example.com"]);
    /// assert_eq!(errors.to_string(), "not_found|order: [redacted] of [redacted] [redacted]: no");
    /// ```
    #[must_use]
    pub fn from_body_redacted(body: &[u8], secrets: &[&str]) -> Self {
        let errors = body::errors(body);
        let mut secrets = secrets.to_vec();
        secrets.retain(|secret| secret.chars().count() > 2);
        // A secret may contain a shorter one.
        secrets.sort_unstable_by_key(|secret| std::cmp::Reverse(secret.len()));
        let errors = errors.iter().take(MAX_ERRORS);
        Self(errors.map(|texts| redacted(texts, &secrets)).collect())
    }

    /// Whether an error has a code as DigiCert's are: a lower-case word such as `not_found`, with or
    /// without a detail after a `|`. Errors without one come from something else, such as a proxy.
    ///
    /// ```
    /// use contacts_core::ApiErrors;
    ///
    /// let has_code = |body: &[u8]| ApiErrors::from_body(body).has_documented_code();
    /// assert!(has_code(br#"{"errors":[{"code":"not_found|order"}]}"#));
    /// assert!(!has_code(br#"{"message":"Forbidden"}"#));
    /// assert!(!has_code(b"<Error><Code>AccessDenied</Code></Error>"));
    /// ```
    #[must_use]
    pub fn has_documented_code(&self) -> bool {
        self.0.iter().any(|error| {
            let word = error.code.split('|').next().unwrap_or_default();
            is_code(word) && word.starts_with(|c: char| c.is_ascii_lowercase())
        })
    }

    /// Whether an error has this code, or this code before a `|`.
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
        self.0.iter().any(|error| {
            let rest = error.code.strip_prefix(code);
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
        let errors: Vec<_> = self.iter().map(ToString::to_string).collect();
        f.write_str(&errors.join("; "))
    }
}

fn redacted((code, message): &CodeAndMessage, secrets: &[&str]) -> ApiError {
    let mut code_secrets = secrets.to_vec();
    code_secrets.retain(|secret| secret.len() >= NOT_A_NAME || !is_code(code));
    ApiError {
        code: printable_part(code, &code_secrets),
        message: printable_part(message, secrets),
    }
}

/// Whether a text has the form of DigiCert's codes, which contain no personal data.
fn is_code(text: &str) -> bool {
    const MAX_LENGTH: usize = 100;
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'|');
    text.len() <= MAX_LENGTH && text.bytes().all(allowed)
}

/// Redacts, then truncates: a truncated secret would not be found.
fn printable_part(text: &str, secrets: &[&str]) -> String {
    let redact = |text: String, secret: &&str| redact(&text, secret);
    let text = secrets.iter().fold(text.to_owned(), redact);
    let text: String = redact_addresses(&text).chars().take(MAX_CHARS).collect();
    printable(&text).into_owned()
}

/// The server may return an address that is not in the request.
fn redact_addresses(text: &str) -> String {
    let words = text.split_inclusive(char::is_whitespace).map(|word| {
        let (word, space) = word.split_at(word.trim_end().len());
        match word.split_once('@') {
            Some((local, domain)) if !local.is_empty() && !domain.is_empty() => {
                ["[redacted]", space]
            }
            _ => [word, space],
        }
    });
    words.flatten().collect()
}

fn redact(text: &str, secret: &str) -> String {
    let (mut rest, mut result) = (text, String::new());
    while let Some(found) = find(rest, secret) {
        result += &rest[..found.start];
        result += "[redacted]";
        rest = &rest[found.end..];
    }
    result + rest
}

/// Finds a secret, ignoring case. A short one must be a whole word, because `does` contains `Doe`.
fn find(text: &str, secret: &str) -> Option<Range<usize>> {
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let is_word = |found: &Range<usize>| {
        !is_letter(text[..found.start].chars().next_back())
            && !is_letter(text[found.end..].chars().next())
    };
    let mut matches = text.char_indices().filter_map(|(start, _)| {
        let length = prefix_length(&text[start..], secret)?;
        Some(start..start + length)
    });
    matches.find(|found| secret.len() >= NOT_A_NAME || is_word(found))
}

/// The length of the prefix of `text` that equals `secret`, ignoring case.
fn prefix_length(text: &str, secret: &str) -> Option<usize> {
    let mut expected = secret.chars().flat_map(char::to_lowercase).peekable();
    for (index, c) in text.char_indices() {
        if expected.peek().is_none() {
            return Some(index);
        }
        if !c.to_lowercase().all(|c| expected.next() == Some(c)) {
            return None;
        }
    }
    expected.peek().is_none().then_some(text.len())
}
