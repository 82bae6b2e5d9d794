use std::fmt;
use std::str::FromStr;

use secrecy::{ExposeSecret, SecretString};
use ureq::http::HeaderValue;

use super::setting_error::SettingError;

/// A key of DigiCert's Services API.
///
/// It is wiped from memory when dropped, and no `Debug`, error or log contains it. Its length is
/// not checked: keys of 47 and of about 80 characters exist.
///
/// ```
/// use contacts_http::ApiKey;
///
/// let key = ApiKey::parse("A1B2C3")?;
/// assert_eq!(format!("{key:?}"), "ApiKey(not shown)");
/// assert_eq!(
///     ApiKey::parse("A1B2C3\n").unwrap_err().to_string(),
///     "the API key ends with white space or a line break; remove it",
/// );
/// # Ok::<(), contacts_http::SettingError>(())
/// ```
#[derive(Clone)]
pub struct ApiKey(SecretString);

impl ApiKey {
    /// Parses a key of visible ASCII characters, from `&str` or `String`. `parse` of `str` and
    /// `try_from` do the same.
    ///
    /// ```
    /// use contacts_http::ApiKey;
    ///
    /// let from_variable = std::env::var("DIGICERT_API_KEY").unwrap_or("A1B2C3".to_owned());
    /// let keys: [ApiKey; 3] =
    ///     [ApiKey::parse(from_variable)?, "A1B2C3".parse()?, ApiKey::try_from("A1B2C3")?];
    /// # Ok::<(), contacts_http::SettingError>(())
    /// ```
    ///
    /// # Errors
    /// Returns [`SettingError`] for an empty key, and for one with white space, a line break or
    /// another character that is invalid in a header.
    pub fn parse(key: impl Into<String>) -> Result<Self, SettingError> {
        let key = Self(SecretString::from(key.into()));
        let text = key.expose();
        if text.is_empty() {
            Err(SettingError::new("the API key is empty"))
        } else if text.trim_end() != text {
            let why = "the API key ends with white space or a line break; remove it";
            Err(SettingError::new(why))
        } else if !text.bytes().all(|b| b.is_ascii_graphic()) {
            let why = "the API key contains a character that is not visible ASCII; copy it again";
            Err(SettingError::new(why))
        } else {
            Ok(key)
        }
    }

    /// The key as a header value that no log contains.
    pub(crate) fn header(&self) -> Option<HeaderValue> {
        let mut value = HeaderValue::from_str(self.expose()).ok()?;
        value.set_sensitive(true);
        Some(value)
    }

    /// Removes the key from a response, in case the server repeats it.
    pub(crate) fn redact_body(&self, body: Vec<u8>) -> Vec<u8> {
        /// A shorter key could occur in unrelated text.
        const MIN_LENGTH: usize = 8;
        let key = self.expose();
        match std::str::from_utf8(&body) {
            Ok(text) if key.len() >= MIN_LENGTH && text.contains(key) => {
                text.replace(key, "[redacted]").into_bytes()
            }
            _ => body,
        }
    }

    /// Removes the key and parts of it from the text of an error.
    pub(crate) fn redact_error(&self, text: &str) -> String {
        /// Shorter parts of a key occur in ordinary words.
        const MIN_PART: usize = 12;
        let key = self.expose().as_bytes();
        let (mut rest, mut result) = (text, String::with_capacity(text.len()));
        while let Some(next) = rest.chars().next() {
            let part = (0..key.len())
                .map(|index| common_prefix(rest.as_bytes(), &key[index..]))
                .max();
            let part = part.filter(|length| *length >= MIN_PART);
            if part.is_some() {
                result += "[redacted]";
            } else {
                result.push(next);
            }
            rest = &rest[part.unwrap_or(next.len_utf8())..];
        }
        result
    }

    /// The key itself. Use it only to derive a hash or to hand it to another client: never log it.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl FromStr for ApiKey {
    type Err = SettingError;

    fn from_str(key: &str) -> Result<Self, SettingError> {
        Self::parse(key)
    }
}

impl TryFrom<&str> for ApiKey {
    type Error = SettingError;

    fn try_from(key: &str) -> Result<Self, SettingError> {
        Self::parse(key)
    }
}

impl TryFrom<String> for ApiKey {
    type Error = SettingError;

    fn try_from(key: String) -> Result<Self, SettingError> {
        Self::parse(key)
    }
}

/// The length of the common prefix, ignoring case. The key is ASCII, so it ends at a character
/// boundary.
fn common_prefix(a: &[u8], b: &[u8]) -> usize {
    let same = |(a, b): &(&u8, &u8)| a.eq_ignore_ascii_case(b);
    a.iter().zip(b).take_while(same).count()
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(not shown)")
    }
}
