//! A local server that answers like DigiCert's contact endpoints, for tests.
//!
//! DigiCert has no public sandbox for `PUT /order/certificate/{order_id}/contact`: a script that
//! changes contacts would run for the first time in production. This crate is such a sandbox. It
//! shares no code with the other crates of this project and is written from DigiCert's documentation
//! independently, so that a misunderstanding on either side fails a test.
//!
//! | request | response |
//! |---|---|
//! | `GET /services/v2/order/certificate/{order_id}` | the order with its contacts; also by thumbprint or serial number |
//! | `PUT /services/v2/order/certificate/{order_id}/contact` | 204, and the contacts are changed |
//! | `GET /services/v2/order/certificate` | the orders without their contacts; `offset`, `limit`, `sort`, `filters[status]`, `filters[search]`, `filters[product_name_id]`; CSV for `Accept: text/csv` |
//! | `GET /services/v2/certificate/{certificate_id}` | the certificate of an order |
//! | `GET /services/v2/report/order` | a CSV row for each order |
//! | `POST /services/v2/reports/query` | fields of orders, with the e-mail address of the organization contact, in GraphQL |
//! | `GET /services/v2/user/me` | the user of the key |
//!
//! The sandbox enforces the rate limits that DigiCert documents. [`Fault`]s make it fail on demand,
//! [`Sandbox::requests`] and [`Sandbox::history`] return what happened, and with a [`ManualClock`]
//! three minutes pass at once.
//!
//! Where DigiCert's response is not documented, the error code begins with `sandbox_`: it is
//! invented, and DigiCert's will differ.
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
//! let mut response = String::new();
//! connection.read_to_string(&mut response)?;
//! assert!(response.starts_with("HTTP/1.1 200 OK\r\n"));
//! assert!(response.contains(r#""technical_contact":{"first_name":"Robin","last_name":"Leaver""#));
//! # Ok::<(), std::io::Error>(())
//! ```

mod api;
mod builder;
mod clock;
mod data;
mod fault;
mod http;
mod lock;
mod page;
mod rate_limits;
mod sandbox;

pub use builder::Builder;
pub use clock::ManualClock;
pub use data::account::Account;
pub use data::record::{ContactChange, RecordedRequest};
pub use data::role::KeyRole;
pub use fault::{Fault, FaultError};
pub use rate_limits::RateLimits;
pub use sandbox::Sandbox;
