//! A blocking client for the contacts of DigiCert certificate orders.
//!
//! | type | what it is |
//! |---|---|
//! | [`Client`] | reads an order and changes its contacts, lists orders, reads the report, looks up the key; cheap to clone, clones share connections and rate limit |
//! | [`Builder`] | its settings |
//! | [`ApiKey`] | the key, kept out of every message |
//! | [`BaseUrl`] | where the API is: US, Europe, or a sandbox |
//! | [`RateLimit`] | a rolling window that no request may break |
//! | [`Retry`] | when a request is sent again |
//! | [`Proxy`] | the way there |
//! | [`Error`] | what went wrong, and by its [`Outcome`](contacts_core::Outcome) whether the order may have been changed |
//!
//! ```
//! use contacts_core::{Contact, ContactsUpdate, OrderId};
//! use contacts_http::{ApiKey, BaseUrl, Client};
//!
//! let sandbox = contacts_sandbox::Sandbox::start()?;
//! let client = Client::builder(ApiKey::parse(sandbox.api_key())?)
//!     .base_url(BaseUrl::parse(&sandbox.base_url())?)
//!     .build()?;
//!
//! let order = OrderId::parse("100000001")?;
//! let jane = Contact::draft("Jane", "Doe", "jane.doe@example.com").build()?;
//! client.update_contacts(order, &ContactsUpdate::technical(jane))?;
//! assert_eq!(client.order(order)?.technical_contact.unwrap().first_name(), Some("Jane"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What it never does
//! - It follows no redirect: a PUT would become a GET on another host, with the key still on it.
//! - It takes nothing but `204 No Content` for success of a change.
//! - It talks to nothing but https, except on loopback, and certificate checks can't be switched
//!   off.
//! - It sends no request that would break a [`RateLimit`].
//! - It shows no key and no contact's values in an error, a log or `Debug`. Where a server repeats in
//!   its message what it was sent, they are taken out as far as they can be recognised: a value of
//!   one or two letters, or one that comes back escaped or altered, can't be.
//!
//! # Log
//! Through the `log` crate, as `contacts_http`: `info` for each call that is done, with order id,
//! attempt and duration, and each wait (one for the rate limit if it takes a second or more), `debug`
//! for each attempt, `warn` for each call that failed, as its error says it. ureq, below, writes whole requests at `trace`, key included: a program
//! should set log's feature `release_max_level_debug`, as the command of this project does.

mod api_key;
mod attempt;
mod base_url;
mod build_error;
mod builder;
mod cause;
mod client;
mod clock;
mod connector;
mod error;
mod exchange;
mod joined;
mod kind;
mod ledger;
mod limiter;
mod order_list;
mod order_report;
mod process;
mod proxy;
mod rate_limit;
mod resolver;
mod retry;
mod settings;
mod sync;
mod tls;
mod user;
mod window;

pub use api_key::{ApiKey, ApiKeyError};
pub use base_url::{BaseUrl, BaseUrlError};
pub use build_error::BuildError;
pub use builder::Builder;
pub use client::Client;
pub use error::Error;
pub use order_list::{OrderFilter, OrderList};
pub use order_report::OrderReport;
pub use proxy::{Proxy, ProxyError};
pub use rate_limit::{OnRateLimit, RateLimit};
pub use retry::Retry;
pub use user::{AccessRole, User, UserAccount};
