//! A local server that answers like DigiCert's contact endpoints.
//!
//! There is no public sandbox for `PUT /order/certificate/{order_id}/contact`, so that a script
//! that changes contacts gets its first test in production. This crate is a sandbox for it, for
//! tests and for trying things out. It shares no code with the other crates of this project: it is
//! written from DigiCert's page a second time, so that a misunderstanding on one side shows.
//!
//! | request | answer |
//! |---|---|
//! | `GET /services/v2/order/certificate/{order_id}` | the order with its contacts |
//! | `PUT /services/v2/order/certificate/{order_id}/contact` | 204, and the contacts are changed |
//! | `GET /services/v2/order/certificate` | the orders without their contacts; `offset`, `limit`, `filters[status]`, `filters[search]`, `filters[product_name_id]` |
//! | `GET /services/v2/user/me` | who the key acts for |
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
mod answer;
mod api;
mod connection;
mod contact;
mod list;
mod message;
mod server;

pub use account::{Account, Role};
pub use server::{Builder, Request, Sandbox};
