//! One HTTP request, read from a stream within limits.

use std::io::{self, ErrorKind, Read, Write};

use crate::answer::Answer;

const MAX_HEAD: usize = 16 * 1024;
const MAX_HEADERS: usize = 64;

/// A request with its whole body.
pub(crate) struct Message {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) keep_alive: bool,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// Why there is no request.
pub(crate) enum Refusal {
    /// The client is gone, or was silent for too long.
    Closed,
    /// It gets this answer, and the connection is closed.
    Answer(Answer),
}

impl From<io::Error> for Refusal {
    fn from(_: io::Error) -> Self {
        Self::Closed
    }
}

fn refuse(status: u16, code: &str, message: &str) -> Refusal {
    Refusal::Answer(Answer::error(status, code, message))
}

fn head_too_large() -> Refusal {
    let message = "The request's head is over 16 KiB or 64 lines.";
    refuse(431, "sandbox_head_too_large", message)
}

impl Message {
    /// The first header of this name, which is given in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.as_str())
    }

    /// What follows the `?`.
    pub(crate) fn query(&self) -> &str {
        self.target.split_once('?').map_or("", |(_, query)| query)
    }

    /// The target without its query.
    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// Reads one request with a body of at most `max_body` bytes. `pending` keeps what arrived after
    /// it.
    pub(crate) fn read(
        stream: &mut (impl Read + Write),
        pending: &mut Vec<u8>,
        max_body: usize,
    ) -> Result<Self, Refusal> {
        let mut message = loop {
            let parsed = parse(pending)?;
            let length = parsed.as_ref().map_or(pending.len(), |(_, length)| *length);
            if length > MAX_HEAD {
                return Err(head_too_large());
            }
            if let Some((message, length)) = parsed {
                pending.drain(..length);
                break message;
            }
            more(stream, pending)?;
        };
        let length = message.body_length(max_body)?;
        if length > pending.len() && message.header("expect").is_some() {
            stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
        }
        while pending.len() < length {
            more(stream, pending)?;
        }
        let rest = pending.split_off(length);
        message.body = std::mem::replace(pending, rest);
        Ok(message)
    }

    fn body_length(&self, most: usize) -> Result<usize, Refusal> {
        if self.header("transfer-encoding").is_some() {
            let message = "DigiCert asks for Content-Length; a chunked body is not read.";
            return Err(refuse(411, "sandbox_length_required", message));
        }
        let mut values = self
            .headers
            .iter()
            .filter(|(name, _)| name == "content-length");
        let Some((_, value)) = values.next() else {
            return Ok(0);
        };
        if values.any(|(_, other)| other != value) {
            return Err(refuse(
                400,
                "sandbox_content_length",
                "Content-Length is there twice.",
            ));
        }
        let digits = value.bytes().all(|b| b.is_ascii_digit());
        match value.parse::<usize>() {
            Ok(length) if digits && length <= most => Ok(length),
            _ if digits && !value.is_empty() => {
                let message = format!("The body is over {} MiB.", most >> 20);
                Err(refuse(413, "sandbox_body_too_large", &message))
            }
            _ => Err(refuse(
                400,
                "sandbox_content_length",
                "Content-Length is not a number.",
            )),
        }
    }
}

fn more(stream: &mut impl Read, pending: &mut Vec<u8>) -> Result<(), Refusal> {
    let mut chunk = [0; 8 * 1024];
    loop {
        match stream.read(&mut chunk) {
            Ok(0) => return Err(Refusal::Closed),
            Ok(n) => {
                pending.extend_from_slice(&chunk[..n]);
                return Ok(());
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// The head, if it is complete, and its length.
fn parse(bytes: &[u8]) -> Result<Option<(Message, usize)>, Refusal> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    let malformed = |error| match error {
        httparse::Error::TooManyHeaders => head_too_large(),
        _ => refuse(
            400,
            "sandbox_malformed_request",
            "This is not an HTTP/1.1 request.",
        ),
    };
    let httparse::Status::Complete(length) = request.parse(bytes).map_err(malformed)? else {
        return Ok(None);
    };
    let headers: Vec<_> = request
        .headers
        .iter()
        .map(|h| {
            (
                h.name.to_ascii_lowercase(),
                String::from_utf8_lossy(h.value).trim().to_owned(),
            )
        })
        .collect();
    let mut message = Message {
        method: request.method.unwrap_or_default().to_owned(),
        target: request.path.unwrap_or_default().to_owned(),
        keep_alive: request.version == Some(1),
        headers,
        body: Vec::new(),
    };
    if let Some(value) = message.header("connection") {
        let has = |wanted: &str| {
            value
                .split(',')
                .any(|v| v.trim().eq_ignore_ascii_case(wanted))
        };
        message.keep_alive = !has("close") && (message.keep_alive || has("keep-alive"));
    }
    Ok(Some((message, length)))
}
