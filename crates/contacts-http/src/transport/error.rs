//! Why a request got no response: whether anything was sent, and whether to retry.

use std::fmt;
use std::io::ErrorKind;
use std::sync::Arc;

use ureq::Timeout;

use crate::retry::{RetryClass, Status};

#[derive(Debug)]
pub(crate) struct TransportError {
    pub(crate) cause: Cause,
    /// The proxy of the request, without credentials, and where it was set.
    pub(crate) proxy: Option<Arc<str>>,
    pub(crate) source: ureq::Error,
}

/// The connection of a failed request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Connection {
    /// It has served an earlier request, so the server may have closed it since.
    Pooled,
    /// It could not be established, so nothing was sent.
    NotEstablished,
    New,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Cause {
    /// No host, no route, or refused.
    #[error("no connection")]
    NoConnection,
    /// The proxy answered with this status instead of a connection.
    #[error("the proxy answered {0}{hint}", hint = proxy_hint(*.0))]
    ProxyStatus(u16),
    /// The answer of the proxy is not HTTP, or its head is too large.
    #[error("the proxy gave no valid HTTP answer; check its URL")]
    ProxyNotHttp,
    /// The TLS handshake failed.
    #[error("TLS handshake failed, or the certificate is not trusted")]
    TlsHandshake,
    /// The server answered the TLS handshake with something else.
    #[error("the server does not speak TLS on this port; check the base URL and the proxy")]
    NotTls,
    /// TLS failed after the handshake: a bad record, or an alert, perhaps because the server
    /// requires a client certificate.
    #[error("the TLS connection failed; the server may require a client certificate")]
    TlsRecord,
    /// Timed out before anything was sent.
    #[error("timed out")]
    ConnectTimeout,
    /// Timed out after sending may have started.
    #[error("timed out")]
    Timeout,
    /// The connection was closed or reset after sending may have started.
    #[error("the connection was closed or reset")]
    Broken,
    /// The same, on a pooled connection.
    #[error("the connection was closed or reset")]
    StaleConnection,
    /// The response is not HTTP, but of this protocol, if it is a known one.
    #[error("{}; check the host and port of the base URL, and the proxy", not_http(*.0))]
    NotHttp(Option<&'static str>),
    #[error(
        "the head of the response is larger than 64 KiB or has more than 128 lines; check the base \
         URL and the proxy"
    )]
    HeadTooLarge,
    /// Anything else, after sending may have started.
    #[error("the request failed")]
    Other,
}

const fn proxy_hint(status: u16) -> &'static str {
    match status {
        407 => "; set user name and password in its URL: http://USER:PASSWORD@HOST:PORT",
        _ => " instead of a connection",
    }
}

fn not_http(protocol: Option<&str>) -> String {
    match protocol {
        Some(protocol) => format!("the server speaks {protocol}, not HTTP/1.1"),
        None => "the response is not valid HTTP/1.1".to_owned(),
    }
}

impl TransportError {
    pub(crate) fn new(
        source: ureq::Error,
        connection: Connection,
        protocol: Option<&'static str>,
    ) -> Self {
        let cause = match (connection, Cause::of(&source)) {
            (Connection::NotEstablished, Cause::TlsRecord) => Cause::TlsHandshake,
            (Connection::NotEstablished, Cause::Timeout | Cause::ConnectTimeout) => {
                Cause::ConnectTimeout
            }
            (Connection::NotEstablished, Cause::NotHttp(_) | Cause::HeadTooLarge) => {
                Cause::ProxyNotHttp
            }
            (Connection::NotEstablished, cause @ (Cause::NotTls | Cause::ProxyStatus(_))) => cause,
            (Connection::NotEstablished, _) => Cause::NoConnection,
            (_, Cause::NotTls) => Cause::TlsRecord,
            (_, Cause::NotHttp(_)) => Cause::NotHttp(protocol),
            (Connection::Pooled, Cause::Broken) => Cause::StaleConnection,
            (_, cause) => cause,
        };
        Self {
            cause,
            proxy: None,
            source,
        }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.cause.fmt(f)?;
        match &self.proxy {
            Some(proxy) if self.cause == Cause::NoConnection => {
                write!(f, " through the proxy {proxy}")
            }
            Some(proxy) => write!(f, "; the proxy is {proxy}"),
            None => Ok(()),
        }
    }
}

impl Cause {
    fn of(error: &ureq::Error) -> Self {
        use ureq::Error;
        match error {
            Error::ConnectProxyFailed(reason) => {
                proxy_status(reason).map_or(Self::NoConnection, Self::ProxyStatus)
            }
            Error::HostNotFound | Error::ConnectionFailed | Error::InvalidProxyUrl => {
                Self::NoConnection
            }
            Error::Rustls(error) => Self::of_tls(error),
            Error::Tls(_) | Error::TlsRequired => Self::TlsRecord,
            Error::Timeout(Timeout::Resolve | Timeout::Connect) => Self::ConnectTimeout,
            Error::Timeout(_) => Self::Timeout,
            Error::Io(error) => Self::of_io(error),
            Error::LargeResponseHeader(..) => Self::HeadTooLarge,
            // ureq does not export the type of this error.
            Error::Protocol(error) if error.to_string().contains("too many headers") => {
                Self::HeadTooLarge
            }
            Error::Protocol(_) | Error::Http(_) => Self::NotHttp(None),
            _ => Self::Other,
        }
    }

    fn of_tls(error: &rustls::Error) -> Self {
        match error {
            rustls::Error::InvalidMessage(_) => Self::NotTls,
            _ => Self::TlsRecord,
        }
    }

    fn of_io(error: &std::io::Error) -> Self {
        if let Some(inner) = error.get_ref()
            && let Some(error) = inner.downcast_ref()
        {
            return Self::of_tls(error);
        }
        match error.kind() {
            ErrorKind::ConnectionRefused
            | ErrorKind::HostUnreachable
            | ErrorKind::NetworkUnreachable
            | ErrorKind::AddrNotAvailable => Self::NoConnection,
            ErrorKind::BrokenPipe
            | ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::NotConnected
            | ErrorKind::UnexpectedEof => Self::Broken,
            // The standard library's kind for a failed lookup has no stable name; its message
            // starts like this on every platform.
            _ if error.to_string().starts_with("failed to lookup address") => Self::NoConnection,
            _ => Self::Other,
        }
    }

    /// Whether it came before the first byte of the request.
    pub(crate) const fn is_before_sending(self) -> bool {
        self.is_connect() || self.is_tls() || matches!(self, Self::ConnectTimeout)
    }

    /// Whether the server or the proxy could not be reached.
    pub(crate) const fn is_connect(self) -> bool {
        matches!(
            self,
            Self::NoConnection | Self::ProxyStatus(_) | Self::ProxyNotHttp
        )
    }

    /// Whether the TLS handshake failed.
    pub(crate) const fn is_tls(self) -> bool {
        matches!(self, Self::TlsHandshake | Self::NotTls)
    }

    pub(crate) const fn retry_class(self) -> RetryClass {
        match self {
            Self::StaleConnection => RetryClass::Reconnect,
            Self::NoConnection | Self::ConnectTimeout | Self::Timeout | Self::Broken => {
                RetryClass::Backoff
            }
            Self::ProxyStatus(code) => match Status::of(code).retry {
                RetryClass::Backoff | RetryClass::RateLimited => RetryClass::Backoff,
                _ => RetryClass::Never,
            },
            Self::TlsHandshake
            | Self::NotTls
            | Self::TlsRecord
            | Self::NotHttp(_)
            | Self::ProxyNotHttp
            | Self::HeadTooLarge
            | Self::Other => RetryClass::Never,
        }
    }
}

/// The status in a reason such as `proxy server responded 407/407`.
fn proxy_status(reason: &str) -> Option<u16> {
    reason.rsplit_once('/')?.1.parse().ok()
}

/// The protocol of a response that is not HTTP, by its first bytes.
pub(super) fn protocol(start: &[u8]) -> Option<&'static str> {
    match start {
        [b'S', b'S', b'H', b'-', ..] => Some("SSH"),
        [0x14..=0x17, 3, ..] => Some("TLS"),
        // A frame of the type SETTINGS or GOAWAY.
        [0, _, _, 4 | 7, ..] | [b'H', b'T', b'T', b'P', b'/', b'2', ..] => Some("HTTP/2"),
        [b'2', b'2', b'0', b' ' | b'-', ..] => Some("SMTP or FTP"),
        _ => None,
    }
}
