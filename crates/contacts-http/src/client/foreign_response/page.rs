//! Web pages.

use ureq::http::HeaderMap;

use super::header;

pub(super) fn has_type(headers: &HeaderMap) -> bool {
    let value = header(headers, "content-type");
    value.starts_with("text/html") || value.starts_with("application/xhtml")
}

/// The content type may be missing or wrong.
pub(super) fn is_markup(text: &str) -> bool {
    /// An XML declaration may come first.
    const START: usize = 1024;
    const TAGS: [&str; 10] = [
        "<!doctype html",
        "<html",
        "<head",
        "<title",
        "<body",
        "<script",
        "<meta http-equiv",
        "<h1",
        "<center",
        "<frameset",
    ];
    let start: String = without_comments(text).chars().take(START).collect();
    let start = start.trim_start().to_ascii_lowercase();
    start.starts_with('<') && TAGS.iter().any(|tag| start.contains(tag))
}

/// The text of the first `<title>`, with white space as it is.
pub(super) fn title(page: &str) -> Option<String> {
    let page = without_comments(page);
    // ASCII only, so that positions stay the same.
    let lower = page.to_ascii_lowercase();
    let tag = lower.find("<title")?;
    let start = tag + lower[tag..].find('>')? + 1;
    let end = start + lower[start..].find("</title")?;
    Some(decoded(&page[start..end]))
}

fn without_comments(page: &str) -> String {
    let mut parts = page.split("<!--");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        text += part.split_once("-->").map_or("", |(_, rest)| rest);
    }
    text
}

/// Decodes the entities that can hide a value: those of XML, and numbers.
fn decoded(text: &str) -> String {
    let (mut rest, mut decoded) = (text, String::new());
    while let Some((before, after)) = rest.split_once('&') {
        decoded += before;
        let entity = after.split_once(';');
        let entity = entity.and_then(|(name, rest)| Some((character(name)?, rest)));
        let (character, after) = entity.unwrap_or(('&', after));
        decoded.push(character);
        rest = after;
    }
    decoded + rest
}

fn character(entity: &str) -> Option<char> {
    let number = |digits, radix| char::from_u32(u32::from_str_radix(digits, radix).ok()?);
    match entity {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => match entity.strip_prefix('#')?.strip_prefix(['x', 'X']) {
            Some(digits) => number(digits, 16),
            None => number(&entity[1..], 10),
        },
    }
}
