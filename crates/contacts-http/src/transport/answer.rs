//! What the first bytes of a response show, also of one of a proxy.

/// The proxy of a connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ProxyLogin {
    /// Whether its URL has a user name or a password.
    pub(crate) has_user: bool,
}

/// What the start of a response shows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answer {
    /// The protocol, if it is known and not HTTP/1.
    pub(super) protocol: Option<&'static str>,
    /// Whether a proxy requires a login that is not supported.
    pub(super) is_unsupported_login: bool,
}

/// How a proxy rejects a connection for its login (407).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Login {
    #[error(
        "the proxy requires a user name and a password (407); set them in its URL: \
         http://USER:PASSWORD@HOST:PORT"
    )]
    Missing,
    #[error("the proxy rejected the user name and password (407); check them in its URL")]
    Rejected,
    #[error(
        "the proxy offers only a login that is not supported, such as NTLM or Negotiate (407); use a \
         proxy with Basic authentication, or a local one that logs in"
    )]
    Unsupported,
}

impl Answer {
    pub(crate) fn new(start: &[u8]) -> Self {
        let text = String::from_utf8_lossy(start).to_ascii_lowercase();
        let head = text.split("\r\n\r\n").next().unwrap_or_default();
        let logins = head
            .lines()
            .filter_map(|line| line.strip_prefix("proxy-authenticate:"));
        let logins: Vec<_> = logins.map(str::trim_start).collect();
        Self {
            protocol: protocol(start),
            is_unsupported_login: !logins.is_empty()
                && !logins.iter().any(|login| login.starts_with("basic")),
        }
    }
}

/// Greetings of servers of other protocols.
const GREETINGS: [(&[u8], &str); 11] = [
    (b"SSH-", "SSH"),
    (b"HTTP/2", "HTTP/2"),
    (b"220 ", "SMTP or FTP"),
    (b"220-", "SMTP or FTP"),
    (b"554 ", "SMTP"),
    (b"* OK", "IMAP"),
    (b"+OK", "POP3"),
    (b"RFB ", "VNC"),
    (b"RTSP/", "RTSP"),
    (b"ICY ", "ICY"),
    (b"-ERR", "Redis or POP3"),
];

/// The protocol of a response that is not HTTP, by its first bytes.
fn protocol(start: &[u8]) -> Option<&'static str> {
    let mut greetings = GREETINGS.iter();
    match start {
        [0x14..=0x17, 3, ..] => Some("TLS"),
        // A frame of the type SETTINGS or GOAWAY.
        [0, _, _, 4 | 7, ..] => Some("HTTP/2"),
        _ => greetings
            .find(|(greeting, _)| start.starts_with(greeting))
            .map(|(_, name)| *name),
    }
}
