//! Why a request got no response: whether anything was sent, and whether to retry.

use std::io::ErrorKind;

use ureq::Timeout;

use crate::retry::RetryClass;

#[derive(Debug)]
pub(crate) struct TransportError {
    pub(crate) cause: Cause,
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
    /// No host, no route, refused, or rejected by the proxy.
    #[error("no connection")]
    NoConnection,
    /// The TLS handshake failed.
    #[error("TLS handshake failed, or the certificate is not trusted")]
    TlsHandshake,
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
    /// The response is not HTTP.
    #[error("the response is not HTTP")]
    NotHttp,
    /// Anything else, after sending may have started.
    #[error("the request failed")]
    Other,
}

impl TransportError {
    pub(crate) fn new(source: ureq::Error, connection: Connection) -> Self {
        let cause = match (connection, Cause::of(&source)) {
            (Connection::NotEstablished, Cause::TlsRecord) => Cause::TlsHandshake,
            (Connection::NotEstablished, Cause::Timeout | Cause::ConnectTimeout) => {
                Cause::ConnectTimeout
            }
            (Connection::NotEstablished, _) => Cause::NoConnection,
            (Connection::Pooled, Cause::Broken) => Cause::StaleConnection,
            (_, cause) => cause,
        };
        Self { cause, source }
    }
}

impl Cause {
    fn of(error: &ureq::Error) -> Self {
        use ureq::Error;
        match error {
            Error::HostNotFound
            | Error::ConnectionFailed
            | Error::ConnectProxyFailed(_)
            | Error::InvalidProxyUrl => Self::NoConnection,
            Error::Tls(_) | Error::Rustls(_) | Error::TlsRequired => Self::TlsRecord,
            Error::Timeout(Timeout::Resolve | Timeout::Connect) => Self::ConnectTimeout,
            Error::Timeout(_) => Self::Timeout,
            Error::Io(error) => Self::of_io(error),
            Error::Protocol(_) | Error::Http(_) | Error::LargeResponseHeader(..) => Self::NotHttp,
            _ => Self::Other,
        }
    }

    fn of_io(error: &std::io::Error) -> Self {
        if let Some(inner) = error.get_ref()
            && inner.is::<rustls::Error>()
        {
            return Self::TlsRecord;
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
        matches!(
            self,
            Self::NoConnection | Self::TlsHandshake | Self::ConnectTimeout
        )
    }

    pub(crate) const fn retry_class(self) -> RetryClass {
        match self {
            Self::StaleConnection => RetryClass::Reconnect,
            Self::NoConnection | Self::ConnectTimeout | Self::Timeout | Self::Broken => {
                RetryClass::Backoff
            }
            Self::TlsHandshake | Self::TlsRecord | Self::NotHttp | Self::Other => RetryClass::Never,
        }
    }
}
