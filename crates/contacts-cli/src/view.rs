//! What people and programs get to see. Text from a server or a file passes through
//! [`contacts_core::printable`] here, and nowhere else.

pub(crate) mod chart;
pub(crate) mod html;
pub(crate) mod json;
mod paint;
mod row;
pub(crate) mod text;
