//! HTTP/1.1: connections, requests and responses.

mod connection;
pub(crate) mod listener;
pub(crate) mod loopback;
pub(crate) mod request;
pub(crate) mod response;
