//! Why a request got no response: whether anything was sent, and whether to retry.

use std::fmt;
use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;

use ureq::Timeout;

use super::answer::{Answer, Login, ProxyLogin};
use super::tls::CertificateProblem;
use crate::retry::{RetryClass, Status};

#[derive(Debug)]
pub(crate) struct TransportError {
    pub(crate) cause: Cause,
    /// The settings of the request; `None` until the transport adds them.
    pub(crate) settings: Option<Arc<ConnectionSettings>>,
    source: ureq::Error,
}

/// The settings of a connection, as far as errors name them.
#[derive(Clone, Debug)]
pub(crate) struct ConnectionSettings {
    /// Its URL without credentials, and where it is set.
    pub(crate) proxy: Option<Arc<str>>,
    /// Where the trusted certificates come from.
    pub(crate) trusted: &'static str,
    pub(crate) timeout: Duration,
    pub(crate) connect_timeout: Duration,
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
    #[error("the proxy answered {0} instead of a connection")]
    ProxyStatus(u16),
    #[error(transparent)]
    ProxyLogin(Login),
    /// The answer of the proxy is not HTTP, or its head is too large.
    #[error("the proxy gave no valid HTTP answer; check its URL")]
    ProxyNotHttp,
    #[error(transparent)]
    Certificate(CertificateProblem),
    /// The TLS handshake failed.
    #[error("TLS handshake failed")]
    TlsHandshake,
    /// The connection was closed or reset during the TLS handshake.
    #[error(
        "the connection was cut during the TLS handshake, by a firewall, a proxy, or a port without \
         TLS; check the base URL and the proxy"
    )]
    TlsCut,
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
        proxy: Option<ProxyLogin>,
        answer: Option<Answer>,
    ) -> Self {
        let cause = Cause::of(&source);
        let cause = match connection {
            Connection::NotEstablished => cause.before_connecting(proxy, answer),
            Connection::Pooled if cause == Cause::Broken => Cause::StaleConnection,
            Connection::Pooled | Connection::New => cause.after_connecting(answer),
        };
        Self {
            cause,
            settings: None,
            source,
        }
    }

    /// The cause that the message does not name, without the words of ureq.
    pub(crate) fn detail(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let is_needed = matches!(
            self.cause,
            Cause::NoConnection
                | Cause::Certificate(CertificateProblem::Other)
                | Cause::TlsHandshake
                | Cause::TlsRecord
                | Cause::Other
        );
        match &self.source {
            _ if !is_needed => None,
            ureq::Error::Io(error) => Some(error),
            error => Some(error),
        }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.cause.fmt(f)?;
        let Some(settings) = &self.settings else {
            return Ok(());
        };
        match self.cause {
            Cause::Certificate(CertificateProblem::UnknownIssuer | CertificateProblem::Other) => {
                write!(
                    f,
                    "; trusted are those of {}, or of another PEM file that `ca_bundle` names",
                    settings.trusted
                )?;
            }
            Cause::ConnectTimeout if settings.connect_timeout < settings.timeout => {
                write_limit(f, "connect_timeout", settings.connect_timeout)?;
            }
            Cause::ConnectTimeout | Cause::Timeout => {
                write_limit(f, "timeout", settings.timeout)?;
            }
            _ => {}
        }
        match &settings.proxy {
            Some(proxy) if self.cause == Cause::NoConnection => {
                write!(f, " through the proxy {proxy}")
            }
            Some(proxy) => write!(f, "; the proxy is {proxy}"),
            None => Ok(()),
        }
    }
}

fn write_limit(f: &mut fmt::Formatter<'_>, name: &str, limit: Duration) -> fmt::Result {
    write!(f, " after {} s, the `{name}`", limit.as_secs_f64())
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

    /// Nothing of the request was sent.
    fn before_connecting(self, proxy: Option<ProxyLogin>, answer: Option<Answer>) -> Self {
        match (self, proxy) {
            (Self::TlsRecord, _) => Self::TlsHandshake,
            (Self::Timeout | Self::ConnectTimeout, _) => Self::ConnectTimeout,
            (Self::NotHttp(_) | Self::HeadTooLarge, _) => Self::ProxyNotHttp,
            (Self::ProxyStatus(407), Some(proxy)) => {
                Self::ProxyLogin(match (answer, proxy.has_user) {
                    (Some(answer), _) if answer.is_unsupported_login => Login::Unsupported,
                    (_, true) => Login::Rejected,
                    (_, false) => Login::Missing,
                })
            }
            // A proxy that answered, but without the end of a head.
            (Self::NoConnection, Some(_)) if answer.is_some() => Self::ProxyNotHttp,
            // Without a proxy, or after its answer, the next step is TLS.
            (Self::Broken, None) => Self::TlsCut,
            (Self::Broken, Some(_)) if answer.is_some() => Self::TlsCut,
            (Self::NotTls | Self::ProxyStatus(_) | Self::Certificate(_), _) => self,
            _ => Self::NoConnection,
        }
    }

    fn after_connecting(self, answer: Option<Answer>) -> Self {
        match self {
            Self::NotTls | Self::Certificate(_) => Self::TlsRecord,
            Self::NotHttp(_) => Self::NotHttp(answer.and_then(|answer| answer.protocol)),
            cause => cause,
        }
    }

    fn of_tls(error: &rustls::Error) -> Self {
        match error {
            rustls::Error::InvalidMessage(_) => Self::NotTls,
            rustls::Error::InvalidCertificate(error) => {
                Self::Certificate(CertificateProblem::of(error))
            }
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
            ErrorKind::TimedOut => Self::Timeout,
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
            Self::NoConnection | Self::ProxyStatus(_) | Self::ProxyLogin(_) | Self::ProxyNotHttp
        )
    }

    /// Whether the TLS handshake failed.
    pub(crate) const fn is_tls(self) -> bool {
        matches!(
            self,
            Self::Certificate(_) | Self::TlsHandshake | Self::TlsCut | Self::NotTls
        )
    }

    pub(crate) const fn retry_class(self) -> RetryClass {
        match self {
            Self::StaleConnection => RetryClass::Reconnect,
            Self::NoConnection
            | Self::ConnectTimeout
            | Self::Timeout
            | Self::TlsCut
            | Self::Broken => RetryClass::Backoff,
            Self::ProxyStatus(code) => match Status::of(code).retry {
                RetryClass::Backoff | RetryClass::RateLimited => RetryClass::Backoff,
                _ => RetryClass::Never,
            },
            Self::ProxyLogin(_)
            | Self::Certificate(_)
            | Self::TlsHandshake
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
