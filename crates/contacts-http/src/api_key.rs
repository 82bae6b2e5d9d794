use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use ureq::http::HeaderValue;

/// A key of DigiCert's Services API.
///
/// It is wiped from memory when dropped, and nothing shows it. A key's length is not checked: keys
/// of 47 and of about 80 characters have been seen.
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
/// # Ok::<(), contacts_http::ApiKeyError>(())
/// ```
#[derive(Clone)]
pub struct ApiKey(SecretString);

impl ApiKey {
    /// Takes a key of visible ASCII characters.
    ///
    /// # Errors
    /// [`ApiKeyError`] for an empty key, and for one with white space, a line break or any other
    /// character that can't stand in a header.
    pub fn parse(key: impl Into<String>) -> Result<Self, ApiKeyError> {
        let key = SecretString::from(key.into());
        let text = key.expose_secret();
        if text.is_empty() {
            return Err(ApiKeyError("the API key is empty"));
        }
        if text.trim_end() != text {
            return Err(ApiKeyError(
                "the API key ends with white space or a line break; remove it",
            ));
        }
        if !text.bytes().all(|b| b.is_ascii_graphic()) {
            let sentence = "the API key holds a character that is not visible ASCII; copy it again";
            return Err(ApiKeyError(sentence));
        }
        Ok(Self(key))
    }

    /// The key as a header that no log shows.
    pub(crate) fn header(&self) -> Option<HeaderValue> {
        let mut value = HeaderValue::from_str(self.expose()).ok()?;
        value.set_sensitive(true);
        Some(value)
    }

    /// An answer without the key, should the server have repeated it.
    pub(crate) fn removed_from(&self, body: Vec<u8>) -> Vec<u8> {
        /// A shorter text would be found where it is no key.
        const SHORTEST: usize = 8;
        let key = self.expose();
        match std::str::from_utf8(&body) {
            Ok(text) if key.len() >= SHORTEST && text.contains(key) => {
                text.replace(key, "[removed]").into_bytes()
            }
            _ => body,
        }
    }

    /// The text of an error without the key and without what is left of it where the server cut it.
    pub(crate) fn removed_in_parts(&self, text: &str) -> String {
        /// Of the key, a run of so many characters says too much; other words have no such run.
        const SHORTEST_PART: usize = 12;
        let key = self.expose().as_bytes();
        let (mut rest, mut result) = (text, String::with_capacity(text.len()));
        while let Some(next) = rest.chars().next() {
            let part = (0..key.len())
                .map(|at| common(rest.as_bytes(), &key[at..]))
                .max();
            let part = part.filter(|length| *length >= SHORTEST_PART);
            if part.is_some() {
                result += "[removed]";
            } else {
                result.push(next);
            }
            rest = &rest[part.unwrap_or(next.len_utf8())..];
        }
        result
    }

    pub(crate) fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

/// How many bytes two texts have in common at their beginning, in upper or lower case. The key is
/// ASCII, so that this is a border between characters.
fn common(a: &[u8], b: &[u8]) -> usize {
    let same = |(a, b): &(&u8, &u8)| a.eq_ignore_ascii_case(b);
    a.iter().zip(b).take_while(same).count()
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(not shown)")
    }
}

/// Why a text is no API key. It never holds the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKeyError(&'static str);

impl fmt::Display for ApiKeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for ApiKeyError {}

#[cfg(test)]
mod tests {
    use super::ApiKey;

    #[test]
    fn a_key_that_is_cut_or_stands_in_a_word_is_removed() {
        let key = ApiKey::parse("ABCDEFGHIJKLMNOPQRSTUVWX0123456789").unwrap();
        for (text, shown) in [
            ("key ABCDEFGHIJKL... refused", "key [removed]... refused"),
            ("key abcdefghijklmnopqrst", "key [removed]"),
            ("...MNOPQRSTUVWX0123456789x", "...[removed]x"),
            ("xABCDEFGHIJKLMNOPQRSTUVWX0123456789ü", "x[removed]ü"),
            (
                "ABCDEFGHIJK is too little to tell",
                "ABCDEFGHIJK is too little to tell",
            ),
            ("Grüße: access_denied", "Grüße: access_denied"),
        ] {
            assert_eq!(key.removed_in_parts(text), shown);
        }
    }
}
