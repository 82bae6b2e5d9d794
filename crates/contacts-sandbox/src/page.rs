//! The ports: the API with its page for people, and the admin address.

pub(crate) mod admin;
pub(crate) mod site;
