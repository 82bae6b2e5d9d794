//! Headers of the caller for each request, such as those that a gateway requires.

use secrecy::{ExposeSecret, SecretString};
use ureq::http::{HeaderMap, HeaderName, HeaderValue};

use super::setting_error::SettingError;

/// The headers that this client sets itself, or that decide how a message is read.
const RESERVED: [&str; 15] = [
    "accept",
    "accept-encoding",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "expect",
    "host",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "x-dc-devkey",
];
/// Servers accept 8 KiB at least, for all headers.
const MAX_SIZE: usize = 4 * 1024;

/// Parses names and values. Errors contain no value, and no log contains one.
pub(super) fn parse(headers: &[(String, SecretString)]) -> Result<HeaderMap, SettingError> {
    let mut parsed = HeaderMap::new();
    for (name, value) in headers {
        let invalid = |why: &str| {
            let name = contacts_core::printable(name);
            Err(SettingError::invalid(&format!("header `{name:.80}`"), why))
        };
        let Ok(header) = HeaderName::from_bytes(name.as_bytes()) else {
            // Without the name, which may be the whole line.
            let why = "only letters, digits and - are allowed";
            return Err(SettingError::invalid("header name", why));
        };
        match header.as_str() {
            "user-agent" => return invalid("use the user agent suffix"),
            "proxy-authorization" => return invalid("add the login to the URL of the proxy"),
            reserved if RESERVED.contains(&reserved) => {
                return invalid("the client sets it itself, or does not support it");
            }
            _ => {}
        }
        let value = value.expose_secret();
        let is_valid = value.trim() == value && value.bytes().all(|b| matches!(b, b' '..=b'~'));
        let Some(mut value) = HeaderValue::from_str(value).ok().filter(|_| is_valid) else {
            return invalid(
                "the value may only contain visible ASCII, and spaces between it; remove a line break \
                 at the end",
            );
        };
        value.set_sensitive(true);
        if parsed.insert(header, value).is_some() {
            return invalid("it is set twice; case is ignored");
        }
    }
    let size = |(name, value): (&HeaderName, &HeaderValue)| name.as_str().len() + value.len();
    if parsed.iter().map(size).sum::<usize>() > MAX_SIZE {
        let why = "names and values of more than 4 KiB in total";
        return Err(SettingError::invalid("headers", why));
    }
    Ok(parsed)
}
