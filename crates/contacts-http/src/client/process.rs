//! The state of one process. After a fork, the child must not use the connections of its parent.

use std::process;
use std::sync::OnceLock;
use std::time::Duration;

use ureq::config::Config;

use super::settings::Settings;
use crate::limit::{FileStore, Limiter, Store, SystemClock};
#[cfg(feature = "redis")]
use crate::limit::{RedisStore, TlsSetup};
use crate::transport::Transport;

/// Connections and limiter, created anew after a fork. A rate limit in memory starts at zero in the
/// child, as in any other process.
pub(crate) struct Process {
    id: u32,
    pub(crate) transport: Transport,
    pub(crate) limiter: Limiter<SystemClock>,
    child: OnceLock<Box<Process>>,
}

impl Process {
    pub(crate) fn new(settings: &Settings, config: &Config) -> Self {
        // A request is in flight for at most its timeout; a second for what surrounds it.
        let lease = settings.timeout + Duration::from_secs(1);
        let store = match &settings.rate_limit_file {
            Some(file) => Store::File(FileStore::new(file.clone(), lease)),
            None => Store::in_memory(),
        };
        let limiter = Limiter::new(settings.rate_limits.clone(), store, SystemClock::new());
        #[cfg(feature = "redis")]
        let limiter = limiter.with_shared(settings.rate_limit_store.as_ref().map(|address| {
            let tls = TlsSetup::new(config.tls_config().clone());
            RedisStore::new(address.clone(), tls, settings, lease)
        }));
        Self {
            id: process::id(),
            transport: Transport::new(config.clone(), settings),
            limiter,
            child: OnceLock::new(),
        }
    }

    /// The state of the calling process.
    ///
    /// It uses no mutex: if another thread holds one during a fork, no thread of the child ever
    /// unlocks it. A parent never initializes `child`, so a forked child finds it empty.
    pub(crate) fn current(&self, settings: &Settings, config: &Config) -> &Self {
        let id = process::id();
        let mut process = self;
        while process.id != id {
            let child = || Box::new(Self::new(settings, config));
            process = process.child.get_or_init(child);
        }
        process
    }
}
