//! What comes from this machine, and what only seems to.

use std::net::IpAddr;

use crate::message::Message;

/// Whether the request was sent to a name of this machine. A page from elsewhere can make a browser
/// send one to a name of its own that leads here.
pub(crate) fn named_local(request: &Message) -> bool {
    let Some(host) = request.header("host") else {
        // No browser leaves it out.
        return true;
    };
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    let name = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(of_this_machine)
}

/// A socket that listens for both versions of the protocol tells a client of the old one by a mapped
/// address.
pub(crate) const fn of_this_machine(ip: IpAddr) -> bool {
    ip.to_canonical().is_loopback()
}
