//! Recognizes a response that is not of the API, such as the web page of a CDN or a proxy.

mod page;

use std::fmt;

use contacts_core::ApiErrors;
use serde::de::IgnoredAny;
use serde_json::error::Category;
use ureq::http::HeaderMap;

/// A response that is not of the API. It says nothing about the key or the order.
#[derive(Debug)]
pub(crate) struct ForeignResponse {
    content: Content,
    /// The title of a page, or the start of a text.
    excerpt: String,
    senders: Vec<String>,
}

#[derive(Debug, PartialEq, Eq)]
enum Content {
    Empty,
    /// Without an error code of DigiCert.
    Json,
    Page,
    Text,
    /// This client asks for no encoding.
    Encoded(String),
}

const MAX_EXCERPT: usize = 80;
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
    /// Returns `None` for a success that can be of the API: one without a body, and JSON of any
    /// content type, even if it is truncated. An error of the API has an error code, so the caller
    /// must not call this if it has one. `redact` removes the key and the values that were sent.
    pub(crate) fn detect(
        status: u16,
        headers: &HeaderMap,
        body: &[u8],
        redact: impl Fn(&str) -> String,
    ) -> Option<Self> {
        let body = body_text(body);
        let text = body.trim_start_matches('\u{FEFF}').trim();
        let content = Content::new(headers, text);
        let is_success = (200..300).contains(&status);
        if is_success && matches!(content, Content::Empty | Content::Json) {
            return None;
        }
        let excerpt = match &content {
            Content::Page => page::title(text).unwrap_or_default(),
            // A binary body, or one in place of an order, which may hold parts of one.
            _ if is_success || text.contains(['\u{FFFD}', '\0']) => String::new(),
            Content::Text | Content::Json => text.to_owned(),
            Content::Empty | Content::Encoded(_) => String::new(),
        };
        Some(Self {
            content,
            excerpt: shortened(&redact, &excerpt, MAX_EXCERPT),
            senders: senders(headers, redact),
        })
    }

    /// Leaves out the start of a text, if its errors are shown instead.
    pub(crate) fn with_errors(mut self, errors: &ApiErrors) -> Self {
        if !errors.is_empty() && self.content != Content::Page {
            self.excerpt.clear();
        }
        self
    }
}

impl Content {
    fn new(headers: &HeaderMap, text: &str) -> Self {
        let encoding = header(headers, "content-encoding");
        if is_json(text) {
            Self::Json
        } else if !matches!(encoding.as_str(), "" | "identity") {
            Self::Encoded(encoding)
        } else if page::has_type(headers) || page::is_markup(text) {
            Self::Page
        } else if text.is_empty() {
            Self::Empty
        } else {
            Self::Text
        }
    }
}

/// Whether a 200 has the content type of a CSV report, and is one as far as its start shows.
pub(crate) fn is_csv(headers: &HeaderMap, body: &[u8]) -> bool {
    let text = body_text(body);
    header(headers, "content-type").starts_with("text/csv")
        && Content::new(headers, text.trim_start_matches('\u{FEFF}').trim()) == Content::Text
        && !text.trim_start().starts_with('<')
}

/// A body as text, also of UTF-16 with a byte order mark.
pub(crate) fn body_text(body: &[u8]) -> String {
    let read: fn([u8; 2]) -> u16 = match body {
        [0xFF, 0xFE, ..] => u16::from_le_bytes,
        [0xFE, 0xFF, ..] => u16::from_be_bytes,
        _ => return String::from_utf8_lossy(body).into_owned(),
    };
    let (pairs, _) = body.as_chunks::<2>();
    let units: Vec<_> = pairs.iter().copied().map(read).collect();
    String::from_utf16_lossy(&units)
}

/// An object or a list, even if it is truncated.
fn is_json(text: &str) -> bool {
    text.starts_with(['{', '['])
        && match serde_json::from_str::<IgnoredAny>(text) {
            Ok(_) => true,
            Err(error) => error.classify() == Category::Eof,
        }
}

/// In lower case; empty if it is absent.
fn header(headers: &HeaderMap, name: &str) -> String {
    let value = headers.get(name).map_or(&[][..], |value| value.as_bytes());
    String::from_utf8_lossy(value).trim().to_ascii_lowercase()
}

fn senders(headers: &HeaderMap, redact: impl Fn(&str) -> String) -> Vec<String> {
    let mut names = Vec::<String>::new();
    let mut senders = Vec::new();
    for (header, name) in SENDERS {
        let Some(value) = headers.get(header) else {
            continue;
        };
        let value = String::from_utf8_lossy(value.as_bytes());
        let name = name.map_or_else(|| shortened(&redact, &value, MAX_SENDER), str::to_owned);
        if !name.is_empty() && !names.iter().any(|known| known.eq_ignore_ascii_case(&name)) {
            senders.push(format!("{name} ({header})"));
            names.push(name);
        }
    }
    senders.truncate(MAX_SENDERS);
    senders
}

/// On one line, before it is redacted: a value can be split over lines.
fn shortened(redact: impl Fn(&str) -> String, text: &str, max: usize) -> String {
    let text = redact(&text.split_whitespace().collect::<Vec<_>>().join(" "));
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
        match &self.content {
            Content::Empty => f.write_str("an empty body")?,
            Content::Json => f.write_str("JSON")?,
            Content::Page => f.write_str("a web page")?,
            Content::Text => f.write_str("text")?,
            Content::Encoded(encoding) => {
                let encoding = contacts_core::printable(encoding);
                write!(f, "the unexpected content encoding {encoding:.20}")?;
            }
        }
        match (&self.content, self.excerpt.as_str()) {
            (_, "") => {}
            (Content::Page, title) => write!(f, " titled \"{title}\"")?,
            (_, excerpt) => write!(f, " `{excerpt}`")?,
        }
        if !self.senders.is_empty() {
            write!(f, " from {}", self.senders.join(", "))?;
        }
        match self.content {
            Content::Json => f.write_str(" without an error code of DigiCert"),
            _ => f.write_str(" instead of DigiCert's JSON"),
        }
    }
}

#[cfg(test)]
mod tests;
