use std::sync::{Mutex, MutexGuard, PoisonError};

/// A thread that panicked has been reported already; its data is whole, since every change to it
/// is a single step.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
