//! Reads one HTTP request from a stream, within limits.

use std::io::{self, ErrorKind, Read, Write};

use super::response::Response;

const MAX_HEAD: usize = 16 * 1024;
const MAX_HEADERS: usize = 64;

/// A request with its complete body.
#[derive(Default)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) keep_alive: bool,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// Why no request could be read.
pub(crate) enum ReadError {
    /// The client closed the connection, or sent nothing until the timeout.
    Closed,
    /// The request gets this response, and the connection is closed. The request is as far as it
    /// could be parsed; it has no headers if its head is incomplete.
    Rejected(Box<Request>, Response),
}

impl From<io::Error> for ReadError {
    fn from(_: io::Error) -> Self {
        Self::Closed
    }
}

fn head_too_large() -> Response {
    let message = "The request head exceeds 16 KiB or 64 lines.";
    Response::error(431, "sandbox_head_too_large", message)
}

fn invalid_length(message: &str) -> Response {
    Response::error(400, "sandbox_content_length", message)
}

impl Request {
    /// The first header of this name, in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn query(&self) -> &str {
        self.target.split_once('?').map_or("", |(_, query)| query)
    }

    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    fn has_connection_option(&self, option: &str) -> bool {
        let mut options = self.header("connection").unwrap_or_default().split(',');
        options.any(|o| o.trim().eq_ignore_ascii_case(option))
    }

    /// Reads one request with a body of at most `max_body` bytes. `pending` holds the bytes that
    /// arrived after it.
    pub(crate) fn read(
        stream: &mut (impl Read + Write),
        pending: &mut Vec<u8>,
        max_body: usize,
    ) -> Result<Self, ReadError> {
        let mut request = loop {
            let (request, head_length) = parse(pending)?;
            if head_length.unwrap_or(pending.len()) > MAX_HEAD {
                return Err(ReadError::Rejected(Box::new(request), head_too_large()));
            }
            if let Some(length) = head_length {
                pending.drain(..length);
                break request;
            }
            read_more(stream, pending)?;
        };
        let length = match request.body_length(max_body) {
            Ok(length) => length,
            Err(response) => return Err(ReadError::Rejected(Box::new(request), response)),
        };
        if length > pending.len() && request.header("expect").is_some() {
            stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
        }
        while pending.len() < length {
            read_more(stream, pending)?;
        }
        let rest = pending.split_off(length);
        request.body = std::mem::replace(pending, rest);
        Ok(request)
    }

    fn body_length(&self, max: usize) -> Result<usize, Response> {
        if self.header("transfer-encoding").is_some() {
            let message = "DigiCert requires Content-Length; chunked bodies are not supported.";
            return Err(Response::error(411, "sandbox_length_required", message));
        }
        let mut values = self
            .headers
            .iter()
            .filter(|(name, _)| name == "content-length");
        let Some((_, value)) = values.next() else {
            return Ok(0);
        };
        if values.any(|(_, other)| other != value) {
            return Err(invalid_length("Content-Length has two values."));
        }
        let digits = value.bytes().all(|b| b.is_ascii_digit());
        match value.parse::<usize>() {
            Ok(length) if digits && length <= max => Ok(length),
            _ if digits && !value.is_empty() => {
                let message = format!("The body exceeds {} MiB.", max >> 20);
                Err(Response::error(413, "sandbox_body_too_large", &message))
            }
            _ => Err(invalid_length("Content-Length is not a number.")),
        }
    }
}

fn read_more(stream: &mut impl Read, pending: &mut Vec<u8>) -> Result<(), ReadError> {
    let mut chunk = [0; 8 * 1024];
    loop {
        match stream.read(&mut chunk) {
            Ok(0) => return Err(ReadError::Closed),
            Ok(n) => {
                pending.extend_from_slice(&chunk[..n]);
                return Ok(());
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// Parses the head; its length is `None` while it is incomplete, and the request then holds the
/// method and target at most.
fn parse(bytes: &[u8]) -> Result<(Request, Option<usize>), ReadError> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut head = httparse::Request::new(&mut headers);
    let parsed = head.parse(bytes);
    let mut request = Request {
        method: head.method.unwrap_or_default().to_owned(),
        target: head.path.unwrap_or_default().to_owned(),
        keep_alive: head.version == Some(1),
        ..Request::default()
    };
    let length = match parsed {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => return Ok((request, None)),
        Err(httparse::Error::TooManyHeaders) => {
            return Err(ReadError::Rejected(Box::new(request), head_too_large()));
        }
        Err(_) => {
            let message = "This is not an HTTP/1.1 request.";
            let response = Response::error(400, "sandbox_malformed_request", message);
            // What was parsed is dropped: it may be a key.
            return Err(ReadError::Rejected(Box::default(), response));
        }
    };
    let header = |header: &httparse::Header<'_>| {
        let value = String::from_utf8_lossy(header.value);
        (header.name.to_ascii_lowercase(), value.trim().to_owned())
    };
    request.headers = head.headers.iter().map(header).collect();
    request.keep_alive = !request.has_connection_option("close")
        && (request.keep_alive || request.has_connection_option("keep-alive"));
    Ok((request, Some(length)))
}
