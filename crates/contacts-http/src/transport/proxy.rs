use std::net::IpAddr;

use ipnet::IpNet;
use secrecy::{ExposeSecret, SecretString};
use ureq::http::Uri;

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
///     Proxy::parse("socks5://proxy.example.com").unwrap_err().to_string(),
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
    /// Returns [`SettingError`] for anything but an http or https URL.
    pub fn parse(url: &str) -> Result<Self, SettingError> {
        with_scheme(url).map(|url| Self(Choice::Url(url.into())))
    }

    /// The URL of the proxy to use for `base_url`, if any.
    pub(crate) fn resolve(
        &self,
        base_url: &BaseUrl,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Option<String>, SettingError> {
        let variable = |name: &str| {
            let set = |name: &str| environment(name).filter(|value| !value.trim().is_empty());
            set(&name.to_lowercase()).or_else(|| set(name))
        };
        let is_exempt = || {
            let list = variable("NO_PROXY").unwrap_or_default();
            is_exempt(&list, base_url.host(), base_url.port())
        };
        match &self.0 {
            _ if base_url.is_loopback() => Ok(None),
            Choice::Direct => Ok(None),
            Choice::Url(url) => Ok(Some(url.expose_secret().to_owned())),
            Choice::Environment => {
                match variable("HTTPS_PROXY").or_else(|| variable("ALL_PROXY")) {
                    Some(url) if !is_exempt() => with_scheme(url.trim()).map(Some),
                    _ => Ok(None),
                }
            }
        }
    }
}

/// Validates the URL; without a scheme it is http, as for curl.
fn with_scheme(url: &str) -> Result<String, SettingError> {
    let invalid = |why| Err(SettingError::invalid("proxy", why));
    let url = if url.contains("://") {
        url.to_owned()
    } else {
        format!("http://{url}")
    };
    let Ok(uri) = url.parse::<Uri>() else {
        return invalid("not a URL");
    };
    if !matches!(uri.scheme_str(), Some("http" | "https")) {
        return invalid("the scheme must be http or https");
    }
    let authority = uri
        .authority()
        .filter(|authority| !authority.host().is_empty());
    let Some(authority) = authority else {
        return invalid("the host is missing");
    };
    if !has_valid_port(authority) {
        return invalid("the port must be a number from 1 to 65535");
    }
    Ok(url)
}

fn is_exempt(list: &str, host: &str, port: u16) -> bool {
    let host = normalized(host);
    list.split(|c: char| c == ',' || c.is_whitespace())
        .filter(|entry| !entry.is_empty())
        .any(|entry| entry == "*" || matches(entry, &host, port))
}

/// A host in lower case, without the brackets of an IPv6 address.
fn normalized(host: &str) -> String {
    host.trim_start_matches('[')
        .trim_end_matches(']')
        .to_ascii_lowercase()
}

fn matches(entry: &str, host: &str, port: u16) -> bool {
    let (name, entry_port) = split_port(entry);
    if entry_port.is_some_and(|entry_port| entry_port != port) {
        return false;
    }
    let name = normalized(name);
    if let Ok(address) = host.parse::<IpAddr>() {
        let network = name.parse::<IpNet>();
        return network.is_ok_and(|network| network.contains(&address))
            || name.parse() == Ok(address);
    }
    let name = name.trim_start_matches('*').trim_start_matches('.');
    let subdomain = host.strip_suffix(name);
    !name.is_empty() && subdomain.is_some_and(|s| s.is_empty() || s.ends_with('.'))
}

/// Splits `host:port`; an IPv6 address without brackets has no port.
fn split_port(entry: &str) -> (&str, Option<u16>) {
    match entry.rsplit_once(':') {
        Some((name, port)) if !name.contains(':') || name.ends_with(']') => match port.parse() {
            Ok(port) => (name, Some(port)),
            Err(_) => (entry, None),
        },
        _ => (entry, None),
    }
}

#[cfg(test)]
mod tests {
    use super::{BaseUrl, Proxy, is_exempt};

    fn resolved(environment: &[(&str, &str)]) -> Result<Option<String>, String> {
        let look_up = |name: &str| {
            let found = environment.iter().find(|(n, _)| *n == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let proxy = Proxy::from_environment().resolve(&BaseUrl::us(), look_up);
        proxy.map_err(|error| error.to_string())
    }

    #[test]
    fn the_environment_selects_the_proxy_as_for_curl() {
        let some = |url: &str| Ok(Some(url.to_owned()));
        assert_eq!(resolved(&[]), Ok(None));
        assert_eq!(
            resolved(&[("HTTP_PROXY", "http://a:1")]),
            Ok(None),
            "for http only"
        );
        assert_eq!(resolved(&[("ALL_PROXY", "http://a:1")]), some("http://a:1"));
        let both = [("ALL_PROXY", "http://a:1"), ("HTTPS_PROXY", "http://b:2")];
        assert_eq!(resolved(&both), some("http://b:2"));
        let cases = [("HTTPS_PROXY", "http://b:2"), ("https_proxy", "c:3")];
        assert_eq!(resolved(&cases), some("http://c:3"));
        assert_eq!(
            resolved(&[("HTTPS_PROXY", " "), ("ALL_PROXY", "")]),
            Ok(None)
        );
        let exempt = [
            ("HTTPS_PROXY", "http://b:2"),
            ("NO_PROXY", "localhost, digicert.com"),
        ];
        assert_eq!(resolved(&exempt), Ok(None));
        for invalid in ["socks5://a:1", "http://", "http://a b", "http://a:99999"] {
            assert!(resolved(&[("HTTPS_PROXY", invalid)]).is_err(), "{invalid}");
        }
    }

    #[test]
    fn a_setting_overrides_the_environment() {
        let environment = |_: &str| Some("http://a:1".to_owned());
        assert_eq!(
            Proxy::direct().resolve(&BaseUrl::us(), environment),
            Ok(None)
        );
        let custom = Proxy::parse("user:secret@b:2").unwrap();
        assert_eq!(
            custom.resolve(&BaseUrl::us(), environment),
            Ok(Some("http://user:secret@b:2".to_owned()))
        );
        assert!(!format!("{custom:?}").contains("secret@"));
        insta::assert_snapshot!(format!("{custom:?} {:?}", Proxy::default()), @"Proxy(Url(SecretBox<str>([REDACTED]))) Proxy(Environment)");
    }

    #[test]
    fn no_proxy_matches_subdomains_ports_and_networks() {
        for (list, host, port, exempt) in [
            ("*", "a.example", 443, true),
            ("example.com", "example.com", 443, true),
            ("example.com", "www.example.com", 443, true),
            ("example.com", "notexample.com", 443, false),
            (".example.com", "www.example.com", 443, true),
            ("*.example.com", "www.example.com", 443, true),
            ("EXAMPLE.com", "www.Example.COM", 443, true),
            (" a.b , example.com ", "example.com", 443, true),
            ("a.b example.com\tc.d", "example.com", 443, true),
            ("example.com:443", "example.com", 443, true),
            ("example.com:8443", "example.com", 443, false),
            ("www.example.com", "example.com", 443, false),
            ("", "example.com", 443, false),
            (",", "example.com", 443, false),
            (".", "example.com", 443, false),
            ("10.0.0.0/8", "10.1.2.3", 443, true),
            ("10.0.0.0/8", "11.1.2.3", 443, false),
            ("10.1.2.3", "10.1.2.3", 443, true),
            ("10.1.2.3:8443", "10.1.2.3", 443, false),
            ("0.0.0.0/0", "9.9.9.9", 443, true),
            ("10.0.0.0/33", "10.0.0.0", 443, false),
            ("fd00::/8", "[fd12::1]", 443, true),
            ("fd00::/8", "fe80::1", 443, false),
            ("[fd12::1]:443", "fd12::1", 443, true),
            ("fd12::1", "[FD12::1]", 443, true),
            ("10.0.0.0/8", "fd00::1", 443, false),
            ("2.3", "10.1.2.3", 443, false),
        ] {
            assert_eq!(is_exempt(list, host, port), exempt, "{list} {host}:{port}");
        }
    }
}
