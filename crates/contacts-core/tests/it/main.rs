//! The test binary of contacts-core.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod api_error;
mod body;
mod change;
mod email;
mod property;
mod read;
mod rule;
mod serde;
mod text;
