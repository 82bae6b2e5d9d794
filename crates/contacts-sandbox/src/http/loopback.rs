use std::net::IpAddr;

use super::request::Request;

/// Whether the request names a loopback host. A page on the web can make a browser send a request
/// to a host name of its own that resolves to this machine.
pub(crate) fn has_loopback_host(request: &Request) -> bool {
    let Some(host) = request.header("host") else {
        // Every browser sends it.
        return true;
    };
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    let name = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(is_loopback)
}

/// Also true for an IPv4 loopback address that a dual-stack socket reports as IPv6.
pub(crate) const fn is_loopback(ip: IpAddr) -> bool {
    ip.to_canonical().is_loopback()
}
