//! The one test binary of contacts-http.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod call;
mod connection;
mod environment;
mod fault;
mod limit;
mod limit_file;
mod list;
mod log;
mod matrix;
mod not_http;
mod observer;
mod options;
mod organization_emails;
mod resolve;
mod sandbox;
mod secret;
mod server;
mod settings;
#[cfg(all(feature = "redis", unix))]
mod shared_limit;
#[cfg(all(feature = "redis", unix))]
mod shared_limit_clock;
#[cfg(all(feature = "redis", unix))]
mod shared_limit_fault;
#[cfg(all(feature = "redis", target_os = "linux"))]
mod shared_limit_namespace;
#[cfg(all(feature = "redis", unix))]
mod shared_limit_outage;
#[cfg(all(feature = "redis", unix))]
mod store_server;
mod timeout;
mod tls;
mod user;
mod web_page;
