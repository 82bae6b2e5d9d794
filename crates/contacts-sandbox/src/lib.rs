//! A local server that answers like DigiCert's contact endpoints.
//!
//! There is no public sandbox for `PUT /order/certificate/{order_id}/contact`, so that a script
//! that changes contacts gets its first test in production. This crate is a sandbox for it, for
//! tests and for trying things out. It shares no code with the other crates of this project: it is
//! written from DigiCert's page a second time, so that a misunderstanding on one side shows.
//!
//! | request | answer |
//! |---|---|
//! | `GET /services/v2/order/certificate/{order_id}` | the order with its contacts; also by thumbprint or serial number |
//! | `PUT /services/v2/order/certificate/{order_id}/contact` | 204, and the contacts are changed |
//! | `GET /services/v2/order/certificate` | the orders without their contacts; `offset`, `limit`, `sort`, `filters[status]`, `filters[search]`, `filters[product_name_id]`; CSV for `Accept: text/csv` |
//! | `GET /services/v2/certificate/{certificate_id}` | the certificate of an order |
//! | `GET /services/v2/report/order` | one row of CSV for each order |
//! | `GET /services/v2/user/me` | who the key acts for |
//!
//! The rate limits that DigiCert documents are enforced. [`Fault`]s make it fail on demand,
//! [`Sandbox::requests`] and [`Sandbox::history`] show what happened, and a [`ManualClock`] lets
//! three minutes pass at once.
//!
//! Where DigiCert's answer is not documented, the error code begins with `sandbox_`: it is
//! invented, and must not be taken for DigiCert's.
//!
//! ```
//! use contacts_sandbox::Sandbox;
//! use std::io::{Read, Write};
//!
//! let sandbox = Sandbox::start()?;
//! let mut connection = std::net::TcpStream::connect(sandbox.address())?;
//! write!(
//!     connection,
//!     "GET /services/v2/order/certificate/100000001 HTTP/1.1\r\nhost: x\r\n\
//!      x-dc-devkey: {}\r\nconnection: close\r\n\r\n",
//!     sandbox.api_key(),
//! )?;
//! let mut answer = String::new();
//! connection.read_to_string(&mut answer)?;
//! assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"));
//! assert!(answer.contains(r#""technical_contact":{"first_name":"Robin","last_name":"Leaver""#));
//! # Ok::<(), std::io::Error>(())
//! ```

mod account;
mod admin;
mod answer;
mod api;
mod builder;
mod clock;
mod connection;
mod contact;
mod csv;
mod fault;
mod fault_list;
mod fault_text;
mod generate;
mod history;
mod inside;
mod list;
mod listener;
mod local;
mod lock;
mod log;
mod message;
mod name;
mod order;
mod random;
mod rate;
mod report;
mod role;
mod server;
mod site;
mod snapshot;
mod state;

pub use account::Account;
pub use builder::Builder;
pub use clock::ManualClock;
pub use fault::Fault;
pub use fault_text::FaultError;
pub use history::ContactChange;
pub use log::RecordedRequest;
pub use rate::RateLimits;
pub use role::KeyRole;
pub use server::Sandbox;
