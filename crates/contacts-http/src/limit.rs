//! The rate limiter: rolling windows, the stores that hold them, and the wait for a permit.

mod clock;
mod limiter;
mod rate_limit;
mod store;
mod sync;
mod windows;

pub(crate) use clock::{Clock, SystemClock};
pub(crate) use limiter::{LONG_WAIT, Limiter, Permit};
pub use rate_limit::{OnRateLimit, RateLimit};
pub(crate) use store::{FileStore, Store};
#[cfg(feature = "redis")]
pub(crate) use store::{RedisStore, StoreAddress, StoreError, TlsSetup};

#[cfg(test)]
pub(crate) use clock::VirtualClock;
