use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::api_key::ApiKey;
use crate::base_url::BaseUrl;
use crate::client::Client;
use crate::limiter::RateLimit;

/// Settings of a [`Client`].
///
/// ```
/// use contacts_http::{ApiKey, BaseUrl, Client};
/// use std::time::Duration;
///
/// let client = Client::builder(ApiKey::parse("A1B2C3")?)
///     .base_url(BaseUrl::eu())
///     .timeout(Duration::from_secs(20))
///     .build();
/// # Ok::<(), contacts_http::ApiKeyError>(())
/// ```
#[must_use]
pub struct Builder {
    pub(crate) api_key: ApiKey,
    pub(crate) base_url: BaseUrl,
    pub(crate) timeout: Duration,
    pub(crate) rate_limits: Vec<RateLimit>,
    pub(crate) cancelled: Cancelled,
}

pub(crate) type Cancelled = Arc<dyn Fn() -> bool + Send + Sync>;

impl Builder {
    pub(crate) fn new(api_key: ApiKey) -> Self {
        Self {
            api_key,
            base_url: BaseUrl::us(),
            timeout: Duration::from_secs(45),
            rate_limits: RateLimit::DIGICERT.to_vec(),
            cancelled: Arc::new(|| false),
        }
    }

    /// Where the API is; [`BaseUrl::us`] by default.
    pub fn base_url(mut self, base_url: BaseUrl) -> Self {
        self.base_url = base_url;
        self
    }

    /// How long one request may take in all; 45 seconds by default. Within it, looking up the
    /// name and connecting have 5 seconds each, sending 10, the wait for the answer 30, and
    /// reading its body 10.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The limits to keep; [`RateLimit::DIGICERT`] by default, none for an empty list. They count
    /// the requests of this client and its clones, not those of other processes with the same key.
    pub fn rate_limits(mut self, limits: impl Into<Vec<RateLimit>>) -> Self {
        self.rate_limits = limits.into();
        self
    }

    /// Asked before every request and at least every 50 ms while waiting for a rate limit; once it
    /// says `true`, the call ends with an error whose
    /// [`is_cancelled`](crate::Error::is_cancelled) is true. A request that has been sent is not
    /// interrupted.
    pub fn cancelled(mut self, cancelled: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        self.cancelled = Arc::new(cancelled);
        self
    }

    /// The client. No connection is made yet.
    #[must_use]
    pub fn build(self) -> Client {
        Client::new(self)
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("base_url", &self.base_url)
            .field("timeout", &self.timeout)
            .field("rate_limits", &self.rate_limits)
            .finish_non_exhaustive()
    }
}
