use std::fmt;
use std::net::IpAddr;

use ureq::http::Uri;

/// Where the API is found: scheme, host, port and the path before `/order/...`.
///
/// ```
/// use contacts_http::BaseUrl;
///
/// assert_eq!(BaseUrl::us().to_string(), "https://www.digicert.com/services/v2");
/// assert_eq!(BaseUrl::parse("http://127.0.0.1:8080/services/v2/")?.to_string(), "http://127.0.0.1:8080/services/v2");
/// assert!(BaseUrl::parse("http://www.digicert.com/services/v2").is_err());
/// # Ok::<(), contacts_http::BaseUrlError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl {
    url: String,
    loopback: bool,
}

impl BaseUrl {
    /// CertCentral in the US: `https://www.digicert.com/services/v2`.
    #[must_use]
    pub fn us() -> Self {
        Self {
            url: "https://www.digicert.com/services/v2".to_owned(),
            loopback: false,
        }
    }

    /// CertCentral in Europe: `https://certcentral.digicert.eu/services/v2`.
    #[must_use]
    pub fn eu() -> Self {
        Self {
            url: "https://certcentral.digicert.eu/services/v2".to_owned(),
            loopback: false,
        }
    }

    /// Any other address, a sandbox for example.
    ///
    /// # Errors
    /// [`BaseUrlError`] for anything but an absolute https URL (http on loopback) without user
    /// name, query and fragment: the key would travel in the open, or to somewhere else than it
    /// seems.
    pub fn parse(text: &str) -> Result<Self, BaseUrlError> {
        let uri: Uri = text.parse().map_err(|_| BaseUrlError("not a URL"))?;
        let authority = uri
            .authority()
            .ok_or(BaseUrlError("the scheme or the host is missing"))?;
        if authority.as_str().contains('@') {
            return Err(BaseUrlError("a user name or password is not allowed"));
        }
        if text.contains(['?', '#']) {
            return Err(BaseUrlError("a query or fragment is not allowed"));
        }
        // Left to itself, a port that is none would become the scheme's own.
        let behind = authority.as_str().strip_prefix(authority.host());
        if behind != Some("") && authority.port_u16().is_none_or(|port| port == 0) {
            return Err(BaseUrlError("the port must be a number from 1 to 65535"));
        }
        let loopback = is_loopback(authority.host());
        match uri.scheme_str() {
            Some("https") => {}
            Some("http") if loopback => {}
            Some("http") => {
                return Err(BaseUrlError("http is allowed for loopback only; use https"));
            }
            _ => return Err(BaseUrlError("the scheme must be https")),
        }
        Ok(Self {
            url: text.trim_end_matches('/').to_owned(),
            loopback,
        })
    }

    /// Whether the host is this machine itself.
    #[must_use]
    pub const fn is_loopback(&self) -> bool {
        self.loopback
    }

    pub(crate) fn host_and_port(&self) -> (&str, u16) {
        let rest = self.url.split_once("://").map_or("", |(_, rest)| rest);
        let authority = rest.split('/').next().unwrap_or_default();
        match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, port.parse().unwrap_or(443)),
            _ => (authority, 443),
        }
    }

    pub(crate) fn join(&self, path: &str) -> String {
        [&self.url, "/", path].concat()
    }
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || bare
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.url)
    }
}

/// Why a text is no base URL. It never holds the text, which may have a password in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrlError(&'static str);

impl fmt::Display for BaseUrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "invalid base URL: {}", self.0)
    }
}

impl std::error::Error for BaseUrlError {}
