use std::fmt;
use std::net::IpAddr;

use ureq::http::Uri;

/// The proxy for requests to the API.
///
/// By default the environment decides, as curl and requests read it: `HTTPS_PROXY`, or else
/// `ALL_PROXY` (also in lower case, which comes first), unless `NO_PROXY` names the host. `NO_PROXY`
/// is a list with commas or spaces: `*`, a host with all its subdomains, an address, or a network such as
/// `10.0.0.0/8`, each with an optional port. Loopback is never reached through a proxy.
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

#[derive(Clone, Default)]
enum Choice {
    #[default]
    Environment,
    Direct,
    Url(String),
}

impl Proxy {
    /// What the environment says: the default.
    #[must_use]
    pub const fn from_environment() -> Self {
        Self(Choice::Environment)
    }

    /// No proxy, whatever the environment says.
    #[must_use]
    pub const fn direct() -> Self {
        Self(Choice::Direct)
    }

    /// This proxy, whatever the environment says: `http://host:port`, with a user name and
    /// password before the host if it asks for them.
    ///
    /// # Errors
    /// [`ProxyError`] for anything but an http or https URL.
    pub fn parse(url: &str) -> Result<Self, ProxyError> {
        check(url).map(|url| Self(Choice::Url(url)))
    }

    /// The URL of the proxy to use for an address, if one is to be used.
    pub(crate) fn resolve(
        &self,
        host: &str,
        port: u16,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Option<String>, ProxyError> {
        match &self.0 {
            Choice::Direct => Ok(None),
            Choice::Url(url) => Ok(Some(url.clone())),
            Choice::Environment => {
                let set = |name: &str| {
                    let lower = environment(&name.to_lowercase()).filter(|v| !v.trim().is_empty());
                    lower.or_else(|| environment(name).filter(|v| !v.trim().is_empty()))
                };
                let Some(url) = set("HTTPS_PROXY").or_else(|| set("ALL_PROXY")) else {
                    return Ok(None);
                };
                let exempt = set("NO_PROXY").is_some_and(|list| is_exempt(&list, host, port));
                if exempt {
                    Ok(None)
                } else {
                    check(url.trim()).map(Some)
                }
            }
        }
    }
}

/// The URL with its scheme; without one it is http, as for curl.
fn check(url: &str) -> Result<String, ProxyError> {
    let url = if url.contains("://") {
        url.to_owned()
    } else {
        format!("http://{url}")
    };
    let uri: Uri = url.parse().map_err(|_| ProxyError("not a URL"))?;
    match uri.scheme_str() {
        Some("http" | "https") => {}
        _ => return Err(ProxyError("the scheme must be http or https")),
    }
    if uri.host().is_none_or(str::is_empty) {
        return Err(ProxyError("the host is missing"));
    }
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    let ends_with_host = authority.ends_with(uri.host().unwrap_or_default());
    if uri.port_u16().is_none() && !ends_with_host {
        return Err(ProxyError("the port must be a number from 1 to 65535"));
    }
    Ok(url)
}

fn is_exempt(list: &str, host: &str, port: u16) -> bool {
    let host = bare(host);
    list.split(|c: char| c == ',' || c.is_whitespace())
        .filter(|entry| !entry.is_empty())
        .any(|entry| entry == "*" || matches(entry, &host, port))
}

/// A host without the brackets of an IPv6 address, in lower case.
fn bare(host: &str) -> String {
    host.trim_start_matches('[')
        .trim_end_matches(']')
        .to_ascii_lowercase()
}

fn matches(entry: &str, host: &str, port: u16) -> bool {
    let (name, wanted_port) = split_port(entry);
    if wanted_port.is_some_and(|wanted| wanted != port) {
        return false;
    }
    let name = bare(name);
    if let Ok(address) = host.parse::<IpAddr>() {
        return match name.split_once('/') {
            Some((network, bits)) => in_network(address, network, bits),
            None => name.parse() == Ok(address),
        };
    }
    let name = name.trim_start_matches('*').trim_start_matches('.');
    let before = host.strip_suffix(name);
    !name.is_empty() && before.is_some_and(|b| b.is_empty() || b.ends_with('.'))
}

/// `host:port` apart; an IPv6 address without brackets has no port.
fn split_port(entry: &str) -> (&str, Option<u16>) {
    match entry.rsplit_once(':') {
        Some((name, port)) if !name.contains(':') || name.ends_with(']') => match port.parse() {
            Ok(port) => (name, Some(port)),
            Err(_) => (entry, None),
        },
        _ => (entry, None),
    }
}

fn in_network(address: IpAddr, network: &str, bits: &str) -> bool {
    let (Ok(network), Ok(bits)) = (network.parse::<IpAddr>(), bits.parse::<u32>()) else {
        return false;
    };
    let same_start = |a: u128, b: u128, width: u32| {
        bits <= width && (a ^ b).checked_shr(width - bits).unwrap_or_default() == 0
    };
    match (address, network) {
        (IpAddr::V4(a), IpAddr::V4(b)) => same_start(a.to_bits().into(), b.to_bits().into(), 32),
        (IpAddr::V6(a), IpAddr::V6(b)) => same_start(a.to_bits(), b.to_bits(), 128),
        _ => false,
    }
}

/// Without the URL, which may hold a password.
impl fmt::Debug for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Environment => "from_environment",
            Self::Direct => "direct",
            Self::Url(_) => "(not shown)",
        })
    }
}

/// Why a proxy can't be used. It never holds the URL, which may have a password in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProxyError(&'static str);

impl fmt::Display for ProxyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "invalid proxy: {}", self.0)
    }
}

impl std::error::Error for ProxyError {}

#[cfg(test)]
mod tests {
    use super::{Proxy, is_exempt};

    fn resolved(environment: &[(&str, &str)]) -> Result<Option<String>, String> {
        let look_up = |name: &str| {
            let found = environment.iter().find(|(n, _)| *n == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let proxy = Proxy::from_environment().resolve("www.digicert.com", 443, look_up);
        proxy.map_err(|error| error.to_string())
    }

    #[test]
    fn the_environment_is_read_as_curl_reads_it() {
        let some = |url: &str| Ok(Some(url.to_owned()));
        assert_eq!(resolved(&[]), Ok(None));
        assert_eq!(
            resolved(&[("HTTP_PROXY", "http://a:1")]),
            Ok(None),
            "for http, not https"
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
    fn a_setting_wins_over_the_environment() {
        let environment = |_: &str| Some("http://a:1".to_owned());
        assert_eq!(Proxy::direct().resolve("x", 443, environment), Ok(None));
        let own = Proxy::parse("user:secret@b:2").unwrap();
        assert_eq!(
            own.resolve("x", 443, environment),
            Ok(Some("http://user:secret@b:2".to_owned()))
        );
        assert_eq!(format!("{own:?}"), "Proxy((not shown))");
        assert_eq!(format!("{:?}", Proxy::direct()), "Proxy(direct)");
    }

    #[test]
    fn no_proxy_knows_suffixes_ports_and_networks() {
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
