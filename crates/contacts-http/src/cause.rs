//! What an error of ureq means: whether anything was sent, and whether to try again.

use std::fmt;
use std::io::ErrorKind;

use ureq::Timeout;

use crate::connector::BeforeSending;
use crate::retry::Trouble;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// No host, no route, refused, or a proxy that does not let us through.
    NoConnection,
    /// The handshake failed.
    Tls,
    /// The encryption broke after the handshake: a bad record, or an alert, perhaps because the
    /// server wants a client certificate.
    Encryption,
    /// A time limit ran out while connecting.
    ConnectTimeout,
    /// A time limit ran out after sending had begun.
    Timeout,
    /// The connection broke off after sending had begun.
    Broken,
    /// Something came back that is not HTTP.
    NotHttp,
    /// Anything else, after sending may have begun.
    Other,
}

pub(crate) fn of(error: &ureq::Error) -> Cause {
    match error {
        ureq::Error::HostNotFound
        | ureq::Error::ConnectionFailed
        | ureq::Error::ConnectProxyFailed(_)
        | ureq::Error::InvalidProxyUrl => Cause::NoConnection,
        ureq::Error::Other(error) => match error.downcast_ref::<BeforeSending>() {
            Some(error) => while_connecting(&error.0),
            None => Cause::Other,
        },
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) | ureq::Error::TlsRequired => {
            Cause::Encryption
        }
        ureq::Error::Timeout(Timeout::Resolve | Timeout::Connect) => Cause::ConnectTimeout,
        ureq::Error::Timeout(_) => Cause::Timeout,
        ureq::Error::Io(error) => of_io(error),
        ureq::Error::Protocol(_) | ureq::Error::Http(_) | ureq::Error::LargeResponseHeader(..) => {
            Cause::NotHttp
        }
        _ => Cause::Other,
    }
}

fn of_io(error: &std::io::Error) -> Cause {
    if let Some(inner) = error.get_ref()
        && inner.is::<rustls::Error>()
    {
        return Cause::Encryption;
    }
    match error.kind() {
        ErrorKind::ConnectionRefused
        | ErrorKind::HostUnreachable
        | ErrorKind::NetworkUnreachable
        | ErrorKind::AddrNotAvailable => Cause::NoConnection,
        ErrorKind::BrokenPipe
        | ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::NotConnected
        | ErrorKind::UnexpectedEof => Cause::Broken,
        // The kind that the standard library gives to a failed look-up has no name; its message
        // has had this beginning on every platform.
        _ if error.to_string().starts_with("failed to lookup address") => Cause::NoConnection,
        _ => Cause::Other,
    }
}

/// Whatever it is, it came before the request.
fn while_connecting(error: &ureq::Error) -> Cause {
    match of(error) {
        Cause::Encryption => Cause::Tls,
        Cause::Timeout | Cause::ConnectTimeout => Cause::ConnectTimeout,
        _ => Cause::NoConnection,
    }
}

impl Cause {
    /// Whether it came before the first byte of the request.
    pub(crate) const fn before_sending(self) -> bool {
        matches!(self, Self::NoConnection | Self::Tls | Self::ConnectTimeout)
    }

    /// `kept`: whether it came on a connection that had served before.
    pub(crate) const fn trouble(self, kept: bool) -> Trouble {
        match self {
            Self::Broken if kept => Trouble::StaleConnection,
            Self::NoConnection | Self::ConnectTimeout | Self::Timeout | Self::Broken => {
                Trouble::Passing { retry_after: None }
            }
            Self::Tls | Self::Encryption | Self::NotHttp | Self::Other => Trouble::Lasting,
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoConnection => "no connection",
            Self::Tls => "TLS handshake failed, or the certificate is not trusted",
            Self::Encryption => {
                "the TLS connection failed; the server may require a client certificate"
            }
            Self::ConnectTimeout | Self::Timeout => "timed out",
            Self::Broken => "the connection was closed or reset",
            Self::NotHttp => "the response is not HTTP",
            Self::Other => "the request failed",
        })
    }
}
