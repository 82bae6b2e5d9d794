use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::Client;
use super::setting_error::SettingError;
use super::settings::{Cancelled, Settings};
use crate::limit::OnRateLimit;
use crate::retry::Retry;

/// Settings of some calls, in place of those of their client; see [`Client::with_options`].
#[derive(Clone, Default)]
#[must_use]
pub struct CallOptions {
    pub(super) timeout: Option<Duration>,
    pub(super) retry: Option<Retry>,
    pub(super) on_rate_limit: Option<OnRateLimit>,
    pub(super) cancelled: Option<Cancelled>,
}

impl CallOptions {
    /// The timeout of one attempt, as [`Builder::timeout`](crate::Builder::timeout).
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// When a request is retried, as [`Builder::retry`](crate::Builder::retry).
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = Some(retry);
        self
    }

    /// Whether a call waits for the rate limit and after a 429, as
    /// [`Builder::on_rate_limit`](crate::Builder::on_rate_limit).
    pub fn on_rate_limit(mut self, on_rate_limit: OnRateLimit) -> Self {
        self.on_rate_limit = Some(on_rate_limit);
        self
    }

    /// Also cancels a call, as [`Builder::cancelled`](crate::Builder::cancelled) does: a call ends as
    /// soon as one of the two functions returns `true`.
    pub fn cancelled(mut self, cancelled: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        self.cancelled = Some(Arc::new(cancelled));
        self
    }

    /// These options where they are set, and `self` otherwise.
    fn overridden_by(&self, options: Self) -> Self {
        Self {
            timeout: options.timeout.or(self.timeout),
            retry: options.retry.or(self.retry),
            on_rate_limit: options.on_rate_limit.or(self.on_rate_limit),
            cancelled: match (self.cancelled.clone(), options.cancelled) {
                (Some(outer), Some(inner)) => Some(Arc::new(move || outer() || inner())),
                (outer, inner) => outer.or(inner),
            },
        }
    }

    fn validate(&self, settings: &Settings) -> Result<(), SettingError> {
        self.timeout.map_or(Ok(()), Settings::validate_timeout)?;
        self.retry.map_or(Ok(()), Settings::validate_retry)?;
        // Other processes count a request in flight for as long as the timeout of the client.
        let is_longer = self.timeout.is_some_and(|time| time > settings.timeout);
        if is_longer && settings.shares_limit() {
            let why = "with a shared rate limit, at most the timeout of the client is allowed";
            return Err(SettingError::invalid("timeout", why));
        }
        Ok(())
    }
}

impl Client {
    /// A client with other settings for its calls, for one call or many. It shares connections and rate
    /// limit with this one, and takes every setting that the options do not have from it.
    ///
    /// # Errors
    /// Returns [`SettingError`] for an option that is out of range, and for a timeout above that of the
    /// client if other processes share the rate limit.
    ///
    /// ```
    /// use contacts_core::OrderId;
    /// use contacts_http::{ApiKey, BaseUrl, CallOptions, Client, Retry};
    /// use std::time::Duration;
    ///
    /// # let sandbox = contacts_sandbox::Sandbox::start()?;
    /// # let client = Client::builder(ApiKey::parse(sandbox.api_key())?)
    /// #     .base_url(BaseUrl::parse(&sandbox.base_url())?)
    /// #     .build()?;
    /// let quick = CallOptions::default().timeout(Duration::from_secs(5)).retry(Retry::none());
    /// let order = client.with_options(quick)?.order(OrderId::parse("100000001")?)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_options(&self, options: CallOptions) -> Result<Self, SettingError> {
        options.validate(&self.shared.settings)?;
        Ok(Self {
            shared: Arc::clone(&self.shared),
            options: self.options.overridden_by(options),
        })
    }
}

impl fmt::Debug for CallOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallOptions")
            .field("timeout", &self.timeout)
            .field("retry", &self.retry)
            .field("on_rate_limit", &self.on_rate_limit)
            .finish_non_exhaustive()
    }
}
