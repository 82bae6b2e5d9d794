//! The standard library's lock and condition variable; in the loom model of the limiter, loom's.

#[cfg(all(test, contacts_loom))]
pub(crate) use loom::sync::{Condvar, Mutex, MutexGuard};
#[cfg(not(all(test, contacts_loom)))]
pub(crate) use std::sync::{Condvar, Mutex, MutexGuard};
