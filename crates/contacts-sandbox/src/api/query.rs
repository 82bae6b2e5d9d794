//! Numbers in a query.

use super::error;
use crate::http::response::Response;

/// Parses a number. DigiCert's response to anything else, or to a huge number, is unknown.
pub(crate) fn number(name: &str, value: &str) -> Result<usize, Response> {
    const MAX: usize = i32::MAX as usize;
    let digits = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
    let number = value.parse().ok().filter(|n| digits && *n <= MAX);
    number.ok_or_else(|| {
        let message = format!("`{name}` must be a number from 0 to {MAX}.");
        error::bad_request("sandbox_query_invalid", &message)
    })
}

/// The number that a query has for each of these names; the default if it has none. Other
/// parameters are ignored.
pub(crate) fn numbers<const N: usize>(
    query: &str,
    defaults: [(&str, usize); N],
) -> Result<[usize; N], Response> {
    let mut numbers = defaults.map(|(_, default)| default);
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        if let Some(index) = defaults.iter().position(|(known, _)| *known == name) {
            numbers[index] = number(&name, &value)?;
        }
    }
    Ok(numbers)
}
