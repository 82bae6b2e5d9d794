use std::path::PathBuf;
use std::sync::Arc;

use crate::base_url::BaseUrl;
use crate::exchange::Connections;
use crate::rate_limit::{OnRateLimit, RateLimit};
use crate::retry::Retry;

pub(crate) type Cancelled = Arc<dyn Fn() -> bool + Send + Sync>;

/// What a client is made from once the settings were checked.
pub(crate) struct Settings {
    pub(crate) base_url: BaseUrl,
    pub(crate) connections: Connections,
    pub(crate) rate_limits: Vec<RateLimit>,
    pub(crate) rate_limit_file: Option<PathBuf>,
    pub(crate) on_rate_limit: OnRateLimit,
    pub(crate) retry: Retry,
    pub(crate) cancelled: Cancelled,
}
