//! Output: text for the terminal, JSON for programs. Text from a server or a file passes through
//! [`contacts_core::printable`] here.

pub(crate) mod contacts;
pub(crate) mod json;
mod paint;
pub(crate) mod text;
