//! One HTTP request, read from a stream within limits.

use std::io::{self, ErrorKind, Read, Write};

use crate::answer::Answer;

const MAX_HEAD: usize = 16 * 1024;
const MAX_HEADERS: usize = 64;

/// A request with its whole body.
#[derive(Default)]
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
    /// It gets this answer, and the connection is closed. With what was understood of the request;
    /// without headers where the head was not read to its end.
    Answer(Box<Message>, Answer),
}

impl From<io::Error> for Refusal {
    fn from(_: io::Error) -> Self {
        Self::Closed
    }
}

fn head_too_large() -> Answer {
    let message = "The request's head is over 16 KiB or 64 lines.";
    Answer::error(431, "sandbox_head_too_large", message)
}

fn bad_length(message: &str) -> Answer {
    Answer::error(400, "sandbox_content_length", message)
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
            let (message, head) = parse(pending)?;
            if head.unwrap_or(pending.len()) > MAX_HEAD {
                return Err(Refusal::Answer(Box::new(message), head_too_large()));
            }
            if let Some(length) = head {
                pending.drain(..length);
                break message;
            }
            more(stream, pending)?;
        };
        let length = match message.body_length(max_body) {
            Ok(length) => length,
            Err(answer) => return Err(Refusal::Answer(Box::new(message), answer)),
        };
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

    fn body_length(&self, most: usize) -> Result<usize, Answer> {
        if self.header("transfer-encoding").is_some() {
            let message = "DigiCert asks for Content-Length; a chunked body is not read.";
            return Err(Answer::error(411, "sandbox_length_required", message));
        }
        let mut values = self
            .headers
            .iter()
            .filter(|(name, _)| name == "content-length");
        let Some((_, value)) = values.next() else {
            return Ok(0);
        };
        if values.any(|(_, other)| other != value) {
            return Err(bad_length("Content-Length is there twice."));
        }
        let digits = value.bytes().all(|b| b.is_ascii_digit());
        match value.parse::<usize>() {
            Ok(length) if digits && length <= most => Ok(length),
            _ if digits && !value.is_empty() => {
                let message = format!("The body is over {} MiB.", most >> 20);
                Err(Answer::error(413, "sandbox_body_too_large", &message))
            }
            _ => Err(bad_length("Content-Length is not a number.")),
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

/// The head and, if it is complete, its length; of a head that is not, method and target, as far as
/// they are there.
fn parse(bytes: &[u8]) -> Result<(Message, Option<usize>), Refusal> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    let parsed = request.parse(bytes);
    let first_line = |request: &httparse::Request<'_, '_>| Message {
        method: request.method.unwrap_or_default().to_owned(),
        target: request.path.unwrap_or_default().to_owned(),
        keep_alive: request.version == Some(1),
        headers: Vec::new(),
        body: Vec::new(),
    };
    let length = match parsed {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => return Ok((first_line(&request), None)),
        Err(httparse::Error::TooManyHeaders) => {
            let refused = Box::new(first_line(&request));
            return Err(Refusal::Answer(refused, head_too_large()));
        }
        Err(_) => {
            let message = "This is not an HTTP/1.1 request.";
            let answer = Answer::error(400, "sandbox_malformed_request", message);
            // Whatever it is, it may be a key.
            return Err(Refusal::Answer(Box::default(), answer));
        }
    };
    let mut message = first_line(&request);
    message.headers = request
        .headers
        .iter()
        .map(|h| {
            (
                h.name.to_ascii_lowercase(),
                String::from_utf8_lossy(h.value).trim().to_owned(),
            )
        })
        .collect();
    if let Some(value) = message.header("connection") {
        let has = |wanted: &str| {
            value
                .split(',')
                .any(|v| v.trim().eq_ignore_ascii_case(wanted))
        };
        message.keep_alive = !has("close") && (message.keep_alive || has("keep-alive"));
    }
    Ok((message, Some(length)))
}
