//! The one test binary of contacts-sandbox. It speaks HTTP by hand, so that no client's habits
//! stand between the test and the answer.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod admin;
mod client;
mod demo;
mod docs;
mod endpoint;
mod fault;
mod hostile;
mod limit;
mod openapi;
mod page;
mod protocol;
mod read;
mod record;
mod update;
