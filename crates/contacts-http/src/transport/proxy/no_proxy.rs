//! Which hosts `NO_PROXY` exempts.

use std::net::IpAddr;

use ipnet::IpNet;

pub(super) fn is_exempt(list: &str, host: &str, port: u16) -> bool {
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
    use super::is_exempt;

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
