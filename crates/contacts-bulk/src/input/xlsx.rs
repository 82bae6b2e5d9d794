//! Workbooks in the format of Excel, Office Open XML.

mod read;
mod write;

pub(super) use read::read;
pub(super) use write::Sheet;
