use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

#[cfg(feature = "redis")]
use secrecy::ExposeSecret;
use secrecy::SecretString;

use super::Client;
use super::api_key::ApiKey;
use super::base_url::BaseUrl;
use super::default_headers;
use super::event::CallEvent;
use super::setting_error::SettingError;
use super::settings::Settings;
#[cfg(feature = "redis")]
use crate::limit::StoreAddress;
use crate::limit::{OnRateLimit, RateLimit};
use crate::retry::Retry;
use crate::transport::{self, Proxy, tls};

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
    settings: Settings,
    proxy: Proxy,
    ca_bundle: Option<PathBuf>,
    client_certificate: Option<(PathBuf, PathBuf)>,
    user_agent_suffix: String,
    default_headers: Vec<(String, SecretString)>,
    #[cfg(feature = "redis")]
    rate_limit_url: Option<SecretString>,
}

impl Client {
    /// Starts with the default settings.
    pub fn builder(api_key: ApiKey) -> Builder {
        Builder {
            settings: Settings::new(api_key),
            proxy: Proxy::default(),
            ca_bundle: None,
            client_certificate: None,
            user_agent_suffix: String::new(),
            default_headers: Vec::new(),
            #[cfg(feature = "redis")]
            rate_limit_url: None,
        }
    }
}

impl Builder {
    /// The address of the API; [`BaseUrl::us`] by default.
    pub fn base_url(mut self, base_url: BaseUrl) -> Self {
        self.settings.base_url = base_url;
        self
    }

    /// The timeout of one attempt, from resolving the host to the end of the response, at most 24
    /// hours; 45 seconds by default. Within it, [`connect_timeout`](Self::connect_timeout) is the
    /// only other limit.
    ///
    /// The response to a request for an order report must start within the timeout, and may pause
    /// for as long. It may take 15 minutes in total, or the timeout if that is longer.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.settings.timeout = timeout;
        self
    }

    /// How long resolving the host may take, and how long connecting may take afterwards, which
    /// includes the proxy and TLS; 5 seconds each by default. Both are within the
    /// [`timeout`](Self::timeout). Nothing was sent if it expires.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.settings.connect_timeout = timeout;
        self
    }

    /// The rate limits; [`RateLimit::DIGICERT`] by default, no limit for an empty list. They apply
    /// to this client and its clones, and with [`rate_limit_file`](Self::rate_limit_file) to other
    /// processes.
    pub fn rate_limits(mut self, limits: impl Into<Vec<RateLimit>>) -> Self {
        self.settings.rate_limits = limits.into();
        self
    }

    /// A file in which several processes of this machine share one rate limit. All of them must
    /// name the same file and the same limits. A second file, with `.lock` appended to the name, is
    /// created beside it.
    ///
    /// Requests in flight of a killed process count until their timeout. The file contains no key
    /// and no contact. It must be on a local disk, and the system clock must not be set forward
    /// while it is in use.
    pub fn rate_limit_file(mut self, file: impl Into<PathBuf>) -> Self {
        self.settings.rate_limit_file = Some(file.into());
        self
    }

    /// A Redis or Valkey server in which any number of machines share one rate limit:
    /// `redis://[user:password@]host[:port][/database]`, `rediss://` for TLS with the certificates and
    /// the client certificate of this client, or `unix:///path[?db=database]`. Escape special characters
    /// as in any URL. Needs the feature `redis`.
    ///
    /// The limit is that of this API key and base URL. The server's clock counts, and the stricter limit
    /// of two processes applies to its own requests. A call never sends without a permit. If the server
    /// cannot be reached, a call waits for it, 10 s at first and later up to a minute, but never longer
    /// than it may wait, and then fails. If the server lost its data, all calls wait until the longest
    /// window is over.
    ///
    /// ```
    /// use contacts_http::{ApiKey, Client};
    ///
    /// let client = Client::builder(ApiKey::parse("K")?).rate_limit_url("redis://:secret@redis:6379/0").build()?;
    /// let error = Client::builder(ApiKey::parse("K")?).rate_limit_url("http://redis").build().unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "invalid rate limit URL: expected redis://, rediss:// or unix://, such as redis://host:6379/0",
    /// );
    /// # Ok::<(), contacts_http::SettingError>(())
    /// ```
    #[cfg(feature = "redis")]
    pub fn rate_limit_url(mut self, url: impl Into<String>) -> Self {
        self.rate_limit_url = Some(url.into().into());
        self
    }

    /// Whether a call waits for the rate limit and after a 429; [`OnRateLimit::Wait`] by default.
    pub fn on_rate_limit(mut self, on_rate_limit: OnRateLimit) -> Self {
        self.settings.on_rate_limit = on_rate_limit;
        self
    }

    /// When a request is retried; [`Retry::default`] by default.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.settings.retry = retry;
        self
    }

    /// The proxy; [`Proxy::from_environment`] by default. Requests to loopback never use one.
    pub fn proxy(mut self, proxy: Proxy) -> Self {
        self.proxy = proxy;
        self
    }

    /// A PEM file with the certificates to trust instead of the platform's. The default is the file
    /// that the first of `SSL_CERT_FILE`, `REQUESTS_CA_BUNDLE` and `CURL_CA_BUNDLE` names, if one is
    /// set and the base URL is https. Certificate checks cannot be switched off.
    pub fn ca_bundle(mut self, file: impl Into<PathBuf>) -> Self {
        self.ca_bundle = Some(file.into());
        self
    }

    /// PEM files with the certificate chain and the private key for a server that requires a
    /// client certificate.
    pub fn client_certificate(
        mut self,
        chain: impl Into<PathBuf>,
        key: impl Into<PathBuf>,
    ) -> Self {
        self.client_certificate = Some((chain.into(), key.into()));
        self
    }

    /// Text to append to `digicert-contacts/VERSION` in the User-Agent header, such as
    /// `acme-automation/2`.
    pub fn user_agent_suffix(mut self, suffix: impl Into<String>) -> Self {
        self.user_agent_suffix = suffix.into();
        self
    }

    /// A header to send with each request, such as one that a gateway in front of the API requires. Call
    /// it once for each header. Its value is a secret: no `Debug`, error or log contains it. A forward
    /// proxy does not get it.
    ///
    /// ```
    /// use contacts_http::{ApiKey, Client};
    ///
    /// let builder = || Ok::<_, contacts_http::SettingError>(Client::builder(ApiKey::parse("K")?));
    /// let client = builder()?.default_header("X-Gateway-Token", "secret").build()?;
    /// let error = builder()?.default_header("X-DC-DEVKEY", "K2").build().unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "invalid header `X-DC-DEVKEY`: the client sets it itself, or does not support it",
    /// );
    /// # Ok::<(), contacts_http::SettingError>(())
    /// ```
    pub fn default_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.default_headers
            .push((name.into(), value.into().into()));
        self
    }

    /// Called before every request, and at least every 50 ms while waiting. Once it returns `true`,
    /// the call fails with an error whose [`is_cancelled`](crate::Error::is_cancelled) is true. A
    /// request in flight is not interrupted.
    pub fn cancelled(mut self, cancelled: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        self.settings.cancelled = Arc::new(cancelled);
        self
    }

    /// A function that gets each event of the calls: before and after each request, before each retry and
    /// each wait, such as for metrics and traces.
    ///
    /// It runs in the thread of the call, while the request counts against the rate limit, so it delays
    /// the request, and must not make calls of this client. It cannot change a request.
    /// [`cancelled`](Self::cancelled) is asked after each event, so a call that it cancels at a request
    /// does not send it.
    ///
    /// ```
    /// use contacts_core::OrderId;
    /// use contacts_http::{ApiKey, BaseUrl, CallEventKind, Client};
    ///
    /// # let sandbox = contacts_sandbox::Sandbox::start()?;
    /// let client = Client::builder(ApiKey::parse(sandbox.api_key())?)
    ///     .base_url(BaseUrl::parse(&sandbox.base_url())?)
    ///     .observer(|event| {
    ///         if let CallEventKind::Response { status, elapsed, .. } = event.kind() {
    ///             println!("{} {} {status:?} {elapsed:?}", event.method(), event.url());
    ///         }
    ///     })
    ///     .build()?;
    /// client.order(OrderId::parse("100000001")?)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn observer(mut self, observer: impl Fn(&CallEvent<'_>) + Send + Sync + 'static) -> Self {
        self.settings.observer = Some(Arc::new(observer));
        self
    }

    /// Builds the client. It reads the certificate files, and opens no connection.
    ///
    /// # Errors
    /// Returns [`SettingError`] for a setting that is invalid or out of range, and for a certificate
    /// file that cannot be loaded.
    pub fn build(self) -> Result<Client, SettingError> {
        let mut settings = self.settings;
        settings.validate()?;
        settings.default_headers = default_headers::parse(&self.default_headers)?;
        #[cfg(feature = "redis")]
        if let Some(url) = &self.rate_limit_url {
            settings.rate_limit_store = Some(StoreAddress::parse(url.expose_secret())?);
            if settings.rate_limit_file.is_some() {
                let why = "a rate limit file is set as well; set one of them";
                return Err(SettingError::invalid("rate limit URL", why));
            }
        }
        let suffix = self.user_agent_suffix;
        if !suffix.bytes().all(|b| matches!(b, b' '..=b'~')) {
            let why = "only visible ASCII and spaces are allowed";
            return Err(SettingError::invalid("user agent suffix", why));
        }
        // A value that is not UTF-8 becomes an invalid URL, and is not ignored.
        let variable =
            |name: &str| std::env::var_os(name).map(|v| v.to_string_lossy().into_owned());
        let proxy = self.proxy.resolve(&settings.base_url, variable)?;
        settings.proxy_name = proxy.as_ref().map(|proxy| Arc::clone(&proxy.name));
        let (roots, trusted) = match self.ca_bundle {
            Some(file) => (tls::roots(&file)?, "`ca_bundle`"),
            None => tls::default_roots(settings.uses_tls())?,
        };
        settings.trusted = trusted;
        let tls = tls::config(roots, self.client_certificate.as_ref())?;
        let timeouts = (settings.timeout, settings.connect_timeout);
        let config = transport::config(timeouts, tls, proxy.map(|proxy| proxy.proxy), &suffix);
        Ok(Client::new(settings, config))
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("base_url", &self.settings.base_url)
            .field("timeout", &self.settings.timeout)
            .field("connect_timeout", &self.settings.connect_timeout)
            .field("rate_limits", &self.settings.rate_limits)
            .field("retry", &self.settings.retry)
            .field("proxy", &self.proxy)
            .finish_non_exhaustive()
    }
}
