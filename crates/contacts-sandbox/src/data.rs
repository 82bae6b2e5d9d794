//! What a sandbox holds: the account, and the records of requests and changes.

pub(crate) mod account;
pub(crate) mod date;
mod generator;
mod names;
pub(crate) mod order;
pub(crate) mod random;
pub(crate) mod record;
pub(crate) mod ring_buffer;
pub(crate) mod role;
pub(crate) mod shared;
pub(crate) mod snapshot;
pub(crate) mod state;
