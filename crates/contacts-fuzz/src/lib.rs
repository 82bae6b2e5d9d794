//! What must hold for any bytes that come from outside: from the API, from files of the user, and from
//! files of ours that somebody changed.
//!
//! Each function takes any bytes, hands them to one reader, and panics where a promise of that reader
//! is broken. `fuzz_targets` gives them to libFuzzer (`make fuzz`), and the test of this crate runs them
//! over `seeds` and what a few thousand fixed changes make of these.

mod answer;
mod api_error;
mod input;
mod journal;
mod limit_file;
mod notes;
mod order;
mod plan;
mod server;
mod update;

pub use answer::answer;
pub use api_error::api_error;
pub use input::input;
pub use journal::journal;
pub use limit_file::limit_file;
pub use notes::notes;
pub use order::order;
pub use plan::plan;
pub use update::update;

/// One of these functions.
pub type Target = fn(&[u8]);

/// All of them, by the names of their folders of seeds.
pub const TARGETS: [(&str, Target); 9] = [
    ("answer", answer),
    ("api_error", api_error),
    ("input", input),
    ("journal", journal),
    ("limit_file", limit_file),
    ("notes", notes),
    ("order", order),
    ("plan", plan),
    ("update", update),
];

/// A message that is shown as it is acts on no terminal.
fn assert_printable(message: &str) {
    for line in message.lines() {
        assert_eq!(contacts_core::printable(line), line);
    }
}
