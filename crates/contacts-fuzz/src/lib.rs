//! Properties of every parser of external bytes: responses of the API, input files, and files that this
//! project wrote and a user may have edited.
//!
//! Each function passes any bytes to one parser and panics if a property is violated. `fuzz_targets`
//! runs the functions with libFuzzer (`make fuzz`). The test of this crate runs them over `seeds` and a
//! few thousand fixed mutations.

use std::sync::{Mutex, MutexGuard, PoisonError};

mod api_error;
mod directory;
mod export;
mod input;
mod journal;
mod limit_file;
mod order;
mod plan;
mod response;
mod rules;
mod server;
mod update;

/// A function that checks the properties of one parser.
pub type Target = fn(&[u8]);

macro_rules! targets {
    ($($name:ident),+) => {
        $(pub use $name::$name;)+

        /// All targets by the names of their seed folders.
        pub const TARGETS: &[(&str, Target)] = &[$((stringify!($name), $name)),+];
    };
}

targets!(
    api_error, directory, export, input, journal, limit_file, order, plan, response, rules, update
);

/// Checks that a message is safe to print.
fn assert_printable(message: &str) {
    for line in message.lines() {
        assert_eq!(contacts_core::printable(line), line);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
