mod no_proxy;

use std::sync::Arc;

use contacts_core::printable;
use secrecy::{ExposeSecret, SecretString};
use ureq::http::Uri;

use no_proxy::is_exempt;

use super::has_valid_port;
use crate::client::{BaseUrl, SettingError};

/// The proxy for requests to the API.
///
/// By default the environment selects it, as for curl and requests: `HTTPS_PROXY`, otherwise
/// `ALL_PROXY` (each first in lower case), unless `NO_PROXY` names the host. `NO_PROXY` is a list
/// separated by commas or spaces: `*`, a host with all its subdomains, an address, or a network such
/// as `10.0.0.0/8`, each with an optional port. Requests to loopback never use a proxy.
///
/// ```
/// use contacts_http::Proxy;
///
/// assert!(Proxy::parse("http://proxy.example.com:3128").is_ok());
/// assert_eq!(
///     Proxy::parse("ftp://proxy.example.com").unwrap_err().to_string(),
///     "invalid proxy: the scheme must be http or https",
/// );
/// ```
#[derive(Clone, Debug, Default)]
pub struct Proxy(Choice);

#[derive(Clone, Debug, Default)]
enum Choice {
    #[default]
    Environment,
    Direct,
    /// It may contain a password.
    Url(SecretString),
}

impl Proxy {
    /// The proxy that the environment names, if any: the default.
    #[must_use]
    pub const fn from_environment() -> Self {
        Self(Choice::Environment)
    }

    /// No proxy, whatever the environment names.
    #[must_use]
    pub const fn direct() -> Self {
        Self(Choice::Direct)
    }

    /// This proxy, whatever the environment names: `http://host:port`, with an optional user name
    /// and password before the host.
    ///
    /// # Errors
    /// Returns [`SettingError`] for anything but an http or https URL. SOCKS is not supported.
    pub fn parse(url: &str) -> Result<Self, SettingError> {
        let valid = with_scheme(url).map_err(|why| SettingError::invalid("proxy", why))?;
        Ok(Self(Choice::Url(valid.into())))
    }

    /// The proxy to use for `base_url`, if any.
    pub(crate) fn resolve(
        &self,
        base_url: &BaseUrl,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Option<ResolvedProxy>, SettingError> {
        let variable = |name: &'static str, lower: &'static str| {
            let set = |name| Some((environment(name).filter(|v| !v.trim().is_empty())?, name));
            set(lower).or_else(|| set(name))
        };
        let is_exempt = || {
            let list = variable("NO_PROXY", "no_proxy").unwrap_or_default().0;
            is_exempt(&list, base_url.host(), base_url.port())
        };
        let (url, origin) = match &self.0 {
            _ if base_url.is_loopback() => return Ok(None),
            Choice::Direct => return Ok(None),
            Choice::Url(url) => (url.expose_secret().to_owned(), "the proxy setting"),
            Choice::Environment => {
                let https = variable("HTTPS_PROXY", "https_proxy");
                match https.or_else(|| variable("ALL_PROXY", "all_proxy")) {
                    Some(found) if !is_exempt() => found,
                    _ => return Ok(None),
                }
            }
        };
        ResolvedProxy::new(url.trim(), origin).map(Some)
    }
}

/// The proxy of a client.
#[derive(Clone)]
pub(crate) struct ResolvedProxy {
    pub(crate) proxy: ureq::Proxy,
    /// Its URL without credentials, and where it is set, for errors.
    pub(crate) name: Arc<str>,
}

impl ResolvedProxy {
    fn new(url: &str, origin: &str) -> Result<Self, SettingError> {
        let invalid = |why| SettingError::invalid(&format!("proxy in {origin}"), why);
        let url = with_scheme(url).map_err(invalid)?;
        let proxy = ureq::Proxy::new(&url).map_err(|_| invalid("not a proxy URL"))?;
        let scheme = url.split("://").next().unwrap_or_default();
        let (host, port) = (proxy.host(), proxy.port());
        let name = format!("{scheme}://{host}:{port} (from {origin})");
        Ok(Self {
            proxy,
            name: printable(&name).into(),
        })
    }
}

/// Validates the URL; without a scheme it is http, as for curl.
fn with_scheme(url: &str) -> Result<String, &'static str> {
    let url = if url.contains("://") {
        url.to_owned()
    } else {
        format!("http://{url}")
    };
    let Ok(uri) = url.parse::<Uri>() else {
        return Err("not a URL");
    };
    match uri.scheme_str() {
        Some("http" | "https") => {}
        Some(scheme) if scheme.to_ascii_lowercase().starts_with("socks") => {
            return Err(
                "SOCKS is not supported; name an http proxy, such as http://HOST:PORT, in \
                        HTTPS_PROXY or the proxy setting, or `direct` in the proxy setting",
            );
        }
        _ => return Err("the scheme must be http or https"),
    }
    let authority = uri
        .authority()
        .filter(|authority| !authority.host().is_empty());
    let Some(authority) = authority else {
        return Err("the host is missing");
    };
    // A `/` in a password would end the host, and the error of a failed connection would show a part.
    if url.contains('@') && !authority.as_str().contains('@') {
        return Err("special characters of user name and password must be percent-encoded");
    }
    if !has_valid_port(authority) {
        return Err("the port must be a number from 1 to 65535");
    }
    Ok(url)
}

#[cfg(test)]
mod tests;
