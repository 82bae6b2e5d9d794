//! The URL of a store.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;

use contacts_core::printable;
use redis::{ConnectionAddr, ConnectionInfo, IntoConnectionInfo};
use secrecy::SecretString;

use crate::client::SettingError;

/// Where a store is, and how to log in. `Debug` is not derived, because it holds a password.
#[derive(Clone)]
pub(crate) struct StoreAddress {
    pub(super) target: Target,
    pub(super) is_tls: bool,
    pub(super) login: Option<Login>,
    pub(super) database: i64,
}

#[derive(Clone)]
pub(super) enum Target {
    Tcp(String, u16),
    Unix(PathBuf),
}

#[derive(Clone)]
pub(super) struct Login {
    pub(super) user: Option<SecretString>,
    pub(super) password: SecretString,
}

const EXPECTED: &str = "expected redis://, rediss:// or unix://, such as redis://host:6379/0";

impl StoreAddress {
    /// The error never contains the URL.
    pub(crate) fn parse(url: &str) -> Result<Self, SettingError> {
        let invalid = |why| SettingError::invalid("rate limit URL", why);
        let (scheme, rest) = url.split_once("://").ok_or_else(|| invalid(EXPECTED))?;
        let is_tls = scheme.eq_ignore_ascii_case("rediss");
        let is_unix = scheme.eq_ignore_ascii_case("unix");
        if !is_tls && !is_unix && !scheme.eq_ignore_ascii_case("redis") {
            return Err(invalid(EXPECTED));
        }
        if rest.contains('#') || (!is_unix && rest.contains('?')) {
            return Err(invalid("options after `?` or `#` are not supported"));
        }
        // TLS is ours, so that the same certificates are trusted as for the API.
        let scheme = if is_unix { "unix" } else { "redis" };
        let info = format!("{scheme}://{rest}").into_connection_info();
        let info = info.map_err(|_| invalid(EXPECTED))?;
        Self::from_info(&info, is_tls).ok_or_else(|| invalid(EXPECTED))
    }

    fn from_info(info: &ConnectionInfo, is_tls: bool) -> Option<Self> {
        let target = match info.addr() {
            ConnectionAddr::Tcp(host, port) if *port > 0 => Target::Tcp(host.clone(), *port),
            ConnectionAddr::Unix(path) => Target::Unix(path.clone()),
            _ => return None,
        };
        let settings = info.redis_settings();
        let user = settings.username().map(SecretString::from);
        let login = match settings.password() {
            Some(password) => Some(Login {
                user,
                password: password.into(),
            }),
            None if user.is_some() => return None,
            None => None,
        };
        (settings.db() >= 0).then_some(Self {
            target,
            is_tls,
            login,
            database: settings.db(),
        })
    }

    pub(crate) const fn is_tls(&self) -> bool {
        self.is_tls
    }
}

/// Host and port or the path, for messages.
impl fmt::Display for StoreAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.target {
            Target::Tcp(host, port) if host.parse::<IpAddr>().is_ok_and(|ip| ip.is_ipv6()) => {
                write!(f, "[{host}]:{port}")
            }
            Target::Tcp(host, port) => write!(f, "{}:{port}", printable(host)),
            Target::Unix(path) => f.write_str(&printable(&path.display().to_string())),
        }
    }
}
