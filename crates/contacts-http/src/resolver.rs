//! Looks the host up once in a while instead of before every request.
//!
//! ureq looks it up even where a connection is kept, and, to keep to a time limit, on a new thread
//! each time.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

/// How long an answer is good. A connection that is kept lives no longer in any case while requests
/// follow each other at DigiCert's pace.
const FRESH: Duration = Duration::from_secs(30);

#[derive(Debug, Default)]
pub(crate) struct Remembering {
    resolver: DefaultResolver,
    last: Mutex<Option<Found>>,
}

#[derive(Debug)]
struct Found {
    host: String,
    at: Instant,
    addresses: ResolvedSocketAddrs,
}

impl Resolver for Remembering {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let host = uri.authority().map_or("", |authority| authority.as_str());
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = &*last
            && found.host == host
            && found.at.elapsed() < FRESH
        {
            return Ok(found.addresses.clone());
        }
        drop(last);
        let addresses = self.resolver.resolve(uri, config, timeout)?;
        let found = Found {
            host: host.to_owned(),
            at: Instant::now(),
            addresses: addresses.clone(),
        };
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(found);
        Ok(addresses)
    }
}
