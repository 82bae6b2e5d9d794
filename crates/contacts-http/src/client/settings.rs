use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use ureq::http::HeaderMap;

use super::api_key::ApiKey;
use super::base_url::BaseUrl;
use super::event::Observe;
use super::setting_error::SettingError;
#[cfg(feature = "redis")]
use crate::limit::StoreAddress;
use crate::limit::{OnRateLimit, RateLimit};
use crate::retry::Retry;
use crate::transport::tls;

/// The settings that a client still needs after its connections are configured.
pub(crate) struct Settings {
    pub(crate) api_key: ApiKey,
    pub(crate) base_url: BaseUrl,
    /// For each request.
    pub(crate) default_headers: HeaderMap,
    pub(crate) timeout: Duration,
    pub(crate) connect_timeout: Duration,
    /// For errors; without credentials.
    pub(crate) proxy_name: Option<Arc<str>>,
    /// Where the trusted certificates come from, for errors.
    pub(crate) trusted: &'static str,
    pub(crate) rate_limits: Vec<RateLimit>,
    pub(crate) rate_limit_file: Option<PathBuf>,
    #[cfg(feature = "redis")]
    pub(crate) rate_limit_store: Option<StoreAddress>,
    pub(crate) on_rate_limit: OnRateLimit,
    pub(crate) retry: Retry,
    pub(crate) cancelled: Cancelled,
    pub(crate) observer: Option<Arc<Observe>>,
}

/// Whether a call is cancelled.
pub(crate) type Cancelled = Arc<dyn Fn() -> bool + Send + Sync>;

const LONGEST_TIMEOUT: Duration = Duration::from_secs(24 * 3600);
const LONGEST_WINDOW: Duration = Duration::from_secs(365 * 24 * 3600);

impl Settings {
    pub(crate) fn new(api_key: ApiKey) -> Self {
        Self {
            api_key,
            base_url: BaseUrl::us(),
            default_headers: HeaderMap::new(),
            timeout: Duration::from_secs(45),
            connect_timeout: Duration::from_secs(5),
            proxy_name: None,
            trusted: tls::PLATFORM,
            rate_limits: RateLimit::DIGICERT.to_vec(),
            rate_limit_file: None,
            #[cfg(feature = "redis")]
            rate_limit_store: None,
            on_rate_limit: OnRateLimit::Wait,
            retry: Retry::default(),
            cancelled: Arc::new(|| false),
            observer: None,
        }
    }

    /// What no error may contain, besides the values of an update.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &str> {
        let headers = self.default_headers.values();
        let values = headers.filter_map(|value| value.to_str().ok());
        values.chain([self.api_key.expose()])
    }

    /// The observer, and the base URL for its events.
    pub(crate) fn observer(&self) -> Option<(&BaseUrl, &Observe)> {
        let observer = self.observer.as_deref()?;
        Some((&self.base_url, observer))
    }

    /// Whether other processes count the requests of this one.
    pub(crate) fn shares_limit(&self) -> bool {
        #[cfg(feature = "redis")]
        if self.rate_limit_store.is_some() {
            return true;
        }
        self.rate_limit_file.is_some()
    }

    /// Whether a certificate has to be checked.
    pub(crate) fn uses_tls(&self) -> bool {
        #[cfg(feature = "redis")]
        if self
            .rate_limit_store
            .as_ref()
            .is_some_and(StoreAddress::is_tls)
        {
            return true;
        }
        self.base_url.is_https()
    }

    /// Times beyond these ranges could overflow a clock.
    pub(crate) fn validate(&self) -> Result<(), SettingError> {
        let invalid = |setting, why| Err(SettingError::invalid(setting, why));
        Self::validate_timeout(self.timeout)?;
        if self.connect_timeout > LONGEST_TIMEOUT {
            return invalid("connect timeout", "at most 24 hours are allowed");
        }
        Self::validate_retry(self.retry)?;
        for limit in &self.rate_limits {
            if limit.requests() == 0 {
                return invalid("rate limit", "at least one request per window is required");
            }
            if limit.window() > LONGEST_WINDOW {
                return invalid("rate limit", "a window of at most 365 days is allowed");
            }
        }
        Ok(())
    }

    pub(crate) fn validate_timeout(timeout: Duration) -> Result<(), SettingError> {
        if timeout > LONGEST_TIMEOUT {
            let why = "at most 24 hours are allowed";
            return Err(SettingError::invalid("timeout", why));
        }
        Ok(())
    }

    pub(crate) fn validate_retry(retry: Retry) -> Result<(), SettingError> {
        if retry.attempts() == 0 {
            let why = "at least one attempt is required";
            return Err(SettingError::invalid("retry policy", why));
        }
        Ok(())
    }
}
