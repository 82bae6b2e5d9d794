//! The test binary of contacts-sandbox. It writes HTTP by hand, so that no client library affects the
//! result.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod admin;
mod client;
mod custom_report;
mod demo;
mod docs;
mod endpoint;
mod fault;
mod filter;
mod hostile;
mod limit;
mod list;
mod openapi;
mod page;
mod protocol;
mod read;
mod record;
mod report;
mod source;
mod update;
