use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use ureq::http::Uri;

use super::setting_error::SettingError;
use crate::transport::has_valid_port;

const URL_VARIABLE: &str = "DIGICERT_BASE_URL";
const REGION_VARIABLE: &str = "DIGICERT_REGION";

/// The address of the API: scheme, host, port and the path before `/order/...`.
///
/// ```
/// use contacts_http::BaseUrl;
///
/// assert_eq!(BaseUrl::us().to_string(), "https://www.digicert.com/services/v2");
/// assert_eq!(BaseUrl::parse("http://127.0.0.1:8080/services/v2/")?.to_string(), "http://127.0.0.1:8080/services/v2");
/// assert!("http://www.digicert.com/services/v2".parse::<BaseUrl>().is_err());
/// # Ok::<(), contacts_http::SettingError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl(Uri);

impl BaseUrl {
    /// CertCentral in the US: `https://www.digicert.com/services/v2`.
    #[must_use]
    pub fn us() -> Self {
        Self(Uri::from_static("https://www.digicert.com/services/v2"))
    }

    /// CertCentral in Europe: `https://certcentral.digicert.eu/services/v2`.
    #[must_use]
    pub fn eu() -> Self {
        Self(Uri::from_static(
            "https://certcentral.digicert.eu/services/v2",
        ))
    }

    /// Parses another address, for example that of a sandbox.
    ///
    /// # Errors
    /// Returns [`SettingError`] for anything but an absolute https URL (http on loopback) without
    /// user name, query and fragment. Otherwise the key could be sent unencrypted, or to another
    /// host than it seems.
    pub fn parse(text: &str) -> Result<Self, SettingError> {
        let invalid = |why| Err(SettingError::invalid("base URL", why));
        let Ok(uri) = text.trim_end_matches('/').parse::<Uri>() else {
            return invalid("not a URL");
        };
        let Some(authority) = uri.authority() else {
            return invalid("the scheme or the host is missing");
        };
        let (host, scheme) = (authority.host(), uri.scheme_str().unwrap_or_default());
        for (is_invalid, why) in [
            (
                authority.as_str().contains('@'),
                "a user name or password is not allowed",
            ),
            (
                text.contains(['?', '#']),
                "a query or fragment is not allowed",
            ),
            (
                !has_valid_port(authority),
                "the port must be a number from 1 to 65535",
            ),
            (
                !matches!(scheme, "http" | "https"),
                "the scheme must be https",
            ),
            (
                scheme == "http" && !is_loopback(host),
                "http is allowed for loopback only; use https",
            ),
        ] {
            if is_invalid {
                return invalid(why);
            }
        }
        Ok(Self(uri))
    }

    /// The address that `DIGICERT_BASE_URL` or `DIGICERT_REGION` (`us` or `eu`) names, or `None` without
    /// both. `variable` returns the value of an environment variable; an empty one counts as not set.
    ///
    /// ```
    /// use contacts_http::BaseUrl;
    ///
    /// let url = BaseUrl::from_environment(|name| std::env::var(name).ok())?.unwrap_or(BaseUrl::us());
    /// let region = |name: &str| (name == "DIGICERT_REGION").then(|| "eu".to_owned());
    /// assert_eq!(BaseUrl::from_environment(region)?, Some(BaseUrl::eu()));
    /// # Ok::<(), contacts_http::SettingError>(())
    /// ```
    ///
    /// # Errors
    /// Returns [`SettingError`] if one of them is not valid, or both are set.
    pub fn from_environment(
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Option<Self>, SettingError> {
        let variable = |name| variable(name).filter(|value| !value.is_empty());
        match (variable(URL_VARIABLE), variable(REGION_VARIABLE)) {
            (Some(_), Some(_)) => {
                let why = "both are set; unset one of them";
                let both = format!("{URL_VARIABLE} and {REGION_VARIABLE}: {why}");
                Err(SettingError::new(both))
            }
            (Some(url), None) => {
                let url = Self::parse(&url).map_err(|error| error.in_variable(URL_VARIABLE));
                url.map(Some)
            }
            (None, Some(region)) => match region.as_str() {
                "us" => Ok(Some(Self::us())),
                "eu" => Ok(Some(Self::eu())),
                _ => Err(SettingError::new(format!(
                    "{REGION_VARIABLE}: expected `us` or `eu`"
                ))),
            },
            (None, None) => Ok(None),
        }
    }

    /// Whether the host is this machine.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        is_loopback(self.host())
    }

    pub(crate) fn is_https(&self) -> bool {
        self.0.scheme_str() == Some("https")
    }

    pub(crate) fn host(&self) -> &str {
        self.0.host().unwrap_or_default()
    }

    pub(crate) fn port(&self) -> u16 {
        self.0.port_u16().unwrap_or(443)
    }

    pub(crate) fn join(&self, path: &str) -> String {
        format!("{self}/{path}")
    }
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || address
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

impl FromStr for BaseUrl {
    type Err = SettingError;

    fn from_str(text: &str) -> Result<Self, SettingError> {
        Self::parse(text)
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.to_string().trim_end_matches('/'))
    }
}
