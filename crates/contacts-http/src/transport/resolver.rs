//! Caches the addresses of the API's host.
//!
//! ureq resolves the host before every request, even if it reuses a connection, and starts a thread
//! each time to apply the timeout.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

/// A pooled connection also outlives a change of the addresses while requests follow each other.
const MAX_AGE: Duration = Duration::from_secs(30);

#[derive(Debug, Default)]
pub(crate) struct CachingResolver {
    resolver: DefaultResolver,
    cached: Mutex<Option<Cached>>,
}

#[derive(Debug)]
struct Cached {
    authority: String,
    resolved_at: Instant,
    addresses: ResolvedSocketAddrs,
}

impl Resolver for CachingResolver {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let authority = uri.authority().map_or("", |authority| authority.as_str());
        let lock = || self.cached.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(cached) = &*lock()
            && cached.authority == authority
            && cached.resolved_at.elapsed() < MAX_AGE
        {
            return Ok(cached.addresses.clone());
        }
        let addresses = self.resolver.resolve(uri, config, timeout)?;
        *lock() = Some(Cached {
            authority: authority.to_owned(),
            resolved_at: Instant::now(),
            addresses: addresses.clone(),
        });
        Ok(addresses)
    }
}
