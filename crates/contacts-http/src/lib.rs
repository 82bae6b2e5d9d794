//! A blocking client for the contacts of DigiCert certificate orders.
//!
//! | type | what it is |
//! |---|---|
//! | [`Client`] | reads an order and changes its contacts, lists orders, reads the reports and the user of the key; cheap to clone, clones share connections and rate limit |
//! | [`Builder`] | the settings of a client |
//! | [`CallOptions`] | timeout, retries, waits for the rate limit and cancellation of some calls, in place of the client's |
//! | [`CallEvent`] | what happens during a call, for the observer of a client: requests, responses, retries, waits |
//! | [`ApiKey`] | the key, which no message contains |
//! | [`BaseUrl`] | the address of the API: US, Europe, or a sandbox |
//! | [`RateLimit`] | a rolling window and its largest number of requests |
//! | [`OnRateLimit`] | whether a call waits for the rate limit or fails |
//! | [`Retry`] | when a request is retried |
//! | [`Proxy`] | the proxy for requests to the API |
//! | [`Updated`] | how an update succeeded: by a 204, or confirmed by reading the order |
//! | [`Error`] | a failed call; its [`Outcome`](contacts_core::Outcome) says whether the order may have been changed |
//! | [`SettingError`] | an invalid setting |
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
//! The crate `contacts-bulk` changes many orders with this client: it plans, compares each order just before
//! its update, verifies, and keeps a journal.
//!
//! # Guarantees
//! - It follows no redirect: a PUT would become a GET on another host, with the key still on it.
//! - A change succeeds only with `204 No Content`, or if a read of the order confirms it.
//! - It sends requests over https only, except on loopback, and certificate checks cannot be
//!   switched off.
//! - It never exceeds a [`RateLimit`].
//! - No error, log or `Debug` contains the key or a contact's values. If a server repeats them in its
//!   message, they are removed as far as they can be recognized: not a value of one or two letters,
//!   and not one that the server escaped or altered.
//!
//! # Log
//! Through the `log` crate, with the target `contacts_http::client`: `debug` for each request and its
//! response, with path, status, milliseconds and attempt; `info` for each retry, and for each wait for
//! the rate limit of a second or longer; `warn` for each 429, for each call that fails, for each update
//! that got no 204 but was confirmed by a read, and for trouble with the store of a shared limit. At
//! `trace`, ureq logs whole requests, including the key: a program should set the `log` feature
//! `release_max_level_debug`, as the command of this project does. [`Builder::observer`] gets the same
//! events as values.

mod client;
mod error;
mod limit;
mod retry;
mod transport;

pub use client::{
    AccessRole, ApiKey, BaseUrl, Builder, CallEvent, CallEventKind, CallOptions, Client,
    OrderFilter, OrderList, OrderReport, SettingError, Updated, User, WaitReason,
};
pub use error::Error;
pub use limit::{OnRateLimit, RateLimit};
pub use retry::Retry;
pub use transport::Proxy;
