//! Recognizes a response that is not of the API, such as the web page of a CDN or a proxy.

use std::fmt;

use contacts_core::ApiErrors;
use serde::de::IgnoredAny;
use ureq::http::HeaderMap;

/// A response that is not of the API. It says nothing about the key or the order.
#[derive(Debug)]
pub(crate) struct ForeignResponse {
    is_page: bool,
    title: String,
    senders: Vec<String>,
}

const MAX_TITLE: usize = 80;
const MAX_SENDER: usize = 40;
const MAX_SENDERS: usize = 3;

/// Headers that tell who sent a response, and the name if the value does not contain it.
const SENDERS: [(&str, Option<&str>); 7] = [
    ("x-cdn", None),
    ("x-iinfo", Some("Imperva")),
    ("cf-ray", Some("Cloudflare")),
    ("x-amz-cf-id", Some("CloudFront")),
    ("x-squid-error", Some("Squid")),
    ("via", None),
    ("server", None),
];

impl ForeignResponse {
    /// Returns `None` for a response that can be of the API: one without a body, and JSON of any
    /// content type, even if it is truncated. `redact` removes the key and the values that were sent.
    pub(crate) fn detect(
        headers: &HeaderMap,
        body: &[u8],
        redact: impl Fn(&str) -> String,
    ) -> Option<Self> {
        let text = String::from_utf8_lossy(body);
        let text = text.trim_start_matches('\u{FEFF}').trim();
        if is_json(text) {
            return None;
        }
        let is_page = has_page_type(headers) || is_markup_of_a_page(text);
        if text.is_empty() && !is_page {
            return None;
        }
        let title = if is_page { title(text) } else { None };
        Some(Self {
            is_page,
            title: shortened(&redact(title.unwrap_or_default()), MAX_TITLE),
            senders: senders(headers, redact),
        })
    }

    pub(crate) const fn is_page(&self) -> bool {
        self.is_page
    }
}

fn is_json(text: &str) -> bool {
    text.starts_with(['{', '[']) || serde_json::from_str::<IgnoredAny>(text).is_ok()
}

fn has_page_type(headers: &HeaderMap) -> bool {
    let value = headers
        .get("content-type")
        .map(|value| value.as_bytes().to_ascii_lowercase());
    let value = value.unwrap_or_default();
    value.starts_with(b"text/html") || value.starts_with(b"application/xhtml")
}

/// The content type may be missing or wrong.
fn is_markup_of_a_page(text: &str) -> bool {
    /// Comments and an XML declaration may come first.
    const START: usize = 1024;
    let start: String = text.chars().take(START).collect();
    let start = start.to_ascii_lowercase();
    let tags = [
        "<!doctype html",
        "<html",
        "<head",
        "<title",
        "<body",
        "<script",
    ];
    text.starts_with('<') && tags.iter().any(|tag| start.contains(tag))
}

fn title(page: &str) -> Option<&str> {
    // ASCII only, so that positions stay the same.
    let lower = page.to_ascii_lowercase();
    let tag = lower.find("<title")?;
    let start = tag + lower[tag..].find('>')? + 1;
    let end = start + lower[start..].find("</title")?;
    Some(&page[start..end])
}

fn senders(headers: &HeaderMap, redact: impl Fn(&str) -> String) -> Vec<String> {
    let mut names = Vec::<String>::new();
    let mut senders = Vec::new();
    for (header, name) in SENDERS {
        let Some(value) = headers.get(header) else {
            continue;
        };
        let value = String::from_utf8_lossy(value.as_bytes());
        let name = name.map_or_else(|| shortened(&redact(&value), MAX_SENDER), str::to_owned);
        if !name.is_empty() && !names.iter().any(|known| known.eq_ignore_ascii_case(&name)) {
            senders.push(format!("{name} ({header})"));
            names.push(name);
        }
    }
    senders.truncate(MAX_SENDERS);
    senders
}

/// On one line.
fn shortened(text: &str, max: usize) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(max) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}

/// Redacts `secrets` and makes the text safe to print, as in an error of the API.
pub(crate) fn redacted(text: &str, secrets: &[&str]) -> String {
    let json = serde_json::json!({ "message": text }).to_string();
    ApiErrors::from_body_redacted(json.as_bytes(), secrets).to_string()
}

impl fmt::Display for ForeignResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_page { "a web page" } else { "text" })?;
        if !self.title.is_empty() {
            write!(f, " titled \"{}\"", self.title)?;
        }
        if !self.senders.is_empty() {
            write!(f, " from {}", self.senders.join(", "))?;
        }
        f.write_str(" instead of DigiCert's JSON")
    }
}

#[cfg(test)]
mod tests;
