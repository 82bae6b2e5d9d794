use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::api_key::ApiKey;
use crate::base_url::BaseUrl;
use crate::build_error::BuildError;
use crate::client::Client;
use crate::exchange::Connections;
use crate::proxy::Proxy;
use crate::rate_limit::{OnRateLimit, RateLimit};
use crate::retry::Retry;
use crate::settings::{Cancelled, Settings};
use crate::tls;

/// Settings of a [`Client`].
///
/// ```
/// use contacts_http::{ApiKey, BaseUrl, Client, Retry};
/// use std::time::Duration;
///
/// let client = Client::builder(ApiKey::parse("A1B2C3")?)
///     .base_url(BaseUrl::eu())
///     .timeout(Duration::from_secs(20))
///     .retry(Retry::none())
///     .build()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub struct Builder {
    api_key: ApiKey,
    base_url: BaseUrl,
    timeout: Duration,
    rate_limits: Vec<RateLimit>,
    rate_limit_file: Option<PathBuf>,
    on_rate_limit: OnRateLimit,
    retry: Retry,
    proxy: Proxy,
    ca_bundle: Option<PathBuf>,
    client_certificate: Option<(PathBuf, PathBuf)>,
    user_agent_suffix: Option<String>,
    cancelled: Cancelled,
}

/// No call takes longer, and adding it to a point in time must not overflow.
const LONGEST_TIMEOUT: Duration = Duration::from_secs(24 * 3600);

impl Client {
    /// Settings to start from.
    pub fn builder(api_key: ApiKey) -> Builder {
        Builder::new(api_key)
    }
}

impl Builder {
    fn new(api_key: ApiKey) -> Self {
        Self {
            api_key,
            base_url: BaseUrl::us(),
            timeout: Duration::from_secs(45),
            rate_limits: RateLimit::DIGICERT.to_vec(),
            rate_limit_file: None,
            on_rate_limit: OnRateLimit::Wait,
            retry: Retry::default(),
            proxy: Proxy::default(),
            ca_bundle: None,
            client_certificate: None,
            user_agent_suffix: None,
            cancelled: Arc::new(|| false),
        }
    }

    /// Where the API is; [`BaseUrl::us`] by default.
    pub fn base_url(mut self, base_url: BaseUrl) -> Self {
        self.base_url = base_url;
        self
    }

    /// How long one request may take in all, a day at most; 45 seconds by default. Within it,
    /// looking up the name and connecting have 5 seconds each (a quarter and a half of a shorter
    /// limit), every write 10, and every wait for something to read 30.
    /// An order report may take 15 minutes.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The limits to keep; [`RateLimit::DIGICERT`] by default, none for an empty list. They count
    /// the requests of this client and its clones, and of other processes only with
    /// [`rate_limit_file`](Self::rate_limit_file).
    pub fn rate_limits(mut self, limits: impl Into<Vec<RateLimit>>) -> Self {
        self.rate_limits = limits.into();
        self
    }

    /// A file in which several processes of this machine keep one common rate limit. All of them
    /// have to name the same file and the same limits; a second file with `.lock` at its end lies
    /// beside it. What a process that died had begun counts until its time limit is over. It holds
    /// no key and no contact. The file has to lie on a local disk, and needs a clock that is not
    /// set forward meanwhile.
    pub fn rate_limit_file(mut self, file: impl Into<PathBuf>) -> Self {
        self.rate_limit_file = Some(file.into());
        self
    }

    /// Whether a call waits for the rate limit and after a 429; [`OnRateLimit::Wait`] by default.
    pub fn on_rate_limit(mut self, on_rate_limit: OnRateLimit) -> Self {
        self.on_rate_limit = on_rate_limit;
        self
    }

    /// When to send a request again; [`Retry::default`] by default.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// The proxy; [`Proxy::from_environment`] by default. Loopback is never reached through one.
    pub fn proxy(mut self, proxy: Proxy) -> Self {
        self.proxy = proxy;
        self
    }

    /// A PEM file with the certificates to trust instead of the platform's. Without it, the file
    /// that `SSL_CERT_FILE` names is used, if it is set. Checks can't be switched off.
    pub fn ca_bundle(mut self, file: impl Into<PathBuf>) -> Self {
        self.ca_bundle = Some(file.into());
        self
    }

    /// PEM files with the certificate chain and the private key to show to a server that asks.
    pub fn client_certificate(
        mut self,
        chain: impl Into<PathBuf>,
        key: impl Into<PathBuf>,
    ) -> Self {
        self.client_certificate = Some((chain.into(), key.into()));
        self
    }

    /// What to put behind `digicert-contacts/VERSION` in the User-Agent header, such as
    /// `acme-automation/2`.
    pub fn user_agent_suffix(mut self, suffix: impl Into<String>) -> Self {
        self.user_agent_suffix = Some(suffix.into());
        self
    }

    /// Asked before every request and at least every 50 ms while waiting; once it says `true`, the
    /// call ends with an error whose [`is_cancelled`](crate::Error::is_cancelled) is true. A
    /// request that has been sent is not interrupted.
    pub fn cancelled(mut self, cancelled: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        self.cancelled = Arc::new(cancelled);
        self
    }

    /// The client. No connection is made yet.
    ///
    /// # Errors
    /// Returns [`BuildError`] for a setting that is invalid or out of range, and for a certificate
    /// file that cannot be loaded.
    pub fn build(self) -> Result<Client, BuildError> {
        self.build_in(|name| std::env::var_os(name).map(|v| v.to_string_lossy().into_owned()))
    }

    fn check_ranges(&self) -> Result<(), BuildError> {
        let invalid = |setting, why| Err(BuildError::invalid(setting, why));
        if self.timeout > LONGEST_TIMEOUT {
            return invalid("timeout", "at most 24 hours are allowed");
        }
        if self.retry.attempts() == 0 {
            return invalid("retry policy", "at least one attempt is required");
        }
        for limit in &self.rate_limits {
            if limit.requests() == 0 {
                return invalid("rate limit", "at least one request per window is required");
            }
            if limit.window() > RateLimit::LONGEST_WINDOW {
                return invalid("rate limit", "a window of at most 365 days is allowed");
            }
        }
        Ok(())
    }

    fn build_in(self, environment: impl Fn(&str) -> Option<String>) -> Result<Client, BuildError> {
        self.check_ranges()?;
        let user_agent_suffix = match self.user_agent_suffix {
            None => String::new(),
            Some(suffix) if suffix.bytes().all(|b| matches!(b, b' '..=b'~')) => {
                format!(" {}", suffix.trim())
            }
            Some(_) => {
                let why = "only visible ASCII and spaces are allowed";
                return Err(BuildError::invalid("user agent suffix", why));
            }
        };
        let proxy = if self.base_url.is_loopback() {
            None
        } else {
            let (host, port) = self.base_url.host_and_port();
            self.proxy.resolve(host, port, &environment)?
        };
        let proxy = proxy.map(|url| ureq::Proxy::new(&url)).transpose();
        let ca_bundle = self.ca_bundle.or_else(|| {
            let file = environment("SSL_CERT_FILE").filter(|file| !file.is_empty());
            file.map(PathBuf::from)
        });
        Ok(Client::new(Settings {
            base_url: self.base_url,
            connections: Connections {
                api_key: self.api_key,
                timeout: self.timeout,
                tls: tls::config(ca_bundle.as_deref(), self.client_certificate.as_ref())?,
                proxy: proxy.map_err(|_| BuildError::invalid("proxy", "not a proxy URL"))?,
                user_agent_suffix,
            },
            rate_limits: self.rate_limits,
            rate_limit_file: self.rate_limit_file,
            on_rate_limit: self.on_rate_limit,
            retry: self.retry,
            cancelled: self.cancelled,
        }))
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("base_url", &self.base_url)
            .field("timeout", &self.timeout)
            .field("rate_limits", &self.rate_limits)
            .field("retry", &self.retry)
            .field("proxy", &self.proxy)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::{ApiKey, BaseUrl, Builder, Proxy};

    fn builder() -> Builder {
        Builder::new(ApiKey::parse("K").unwrap())
    }

    fn says(builder: Builder, environment: &[(&str, &str)]) -> String {
        let look_up = |name: &str| {
            let found = environment.iter().find(|(n, _)| *n == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let built = builder.build_in(look_up);
        built.map_or_else(|error| error.to_string(), |_| "built".to_owned())
    }

    #[test]
    fn the_environment_names_a_proxy_and_the_certificates_to_trust() {
        assert_eq!(says(builder(), &[]), "built");
        let no_file = [("SSL_CERT_FILE", "/no/such/file")];
        assert!(says(builder(), &no_file).starts_with("cannot load `/no/such/file`: "));
        assert_eq!(says(builder(), &[("SSL_CERT_FILE", "")]), "built");
        let invalid = [("HTTPS_PROXY", "socks5://proxy")];
        let refused = "invalid proxy: the scheme must be http or https";
        assert_eq!(says(builder(), &invalid), refused);
        assert_eq!(says(builder().proxy(Proxy::direct()), &invalid), "built");
        let loopback = BaseUrl::parse("https://localhost:1/").unwrap();
        assert_eq!(
            says(builder().base_url(loopback), &invalid),
            "built",
            "never through a proxy"
        );
    }

    #[test]
    fn a_setting_of_certificates_wins_over_the_environment() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("empty.pem");
        std::fs::write(&file, "").unwrap();
        let environment = [("SSL_CERT_FILE", "/no/such/file")];
        let told = says(builder().ca_bundle(&file), &environment);
        assert!(
            told.ends_with("empty.pem`: it contains no PEM certificate"),
            "{told}"
        );
        let told = says(builder().client_certificate(&file, &file), &[]);
        assert!(told.ends_with("it contains no PEM certificate"), "{told}");
    }

    #[test]
    fn a_user_agent_suffix_can_not_add_a_header() {
        for suffix in ["a\r\nX-Evil: 1", "a\nb", "\u{7f}", "é"] {
            let told = says(builder().user_agent_suffix(suffix), &[]);
            assert!(
                told.starts_with("invalid user agent suffix"),
                "{suffix:?}: {told}"
            );
        }
        assert_eq!(
            says(builder().user_agent_suffix("acme/2 (x; y)"), &[]),
            "built"
        );
    }
}
