use std::sync::{Mutex, MutexGuard, PoisonError};

/// Ignores poisoning: the panic of another thread has been reported, and each change to the data is
/// one step.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
