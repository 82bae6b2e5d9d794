//! Locks and bells of the standard library; in the model of the limiter those of loom, which tries
//! every order of steps.

#[cfg(all(test, contacts_loom))]
pub(crate) use loom::sync::{Condvar, Mutex, MutexGuard};
#[cfg(not(all(test, contacts_loom)))]
pub(crate) use std::sync::{Condvar, Mutex, MutexGuard};
