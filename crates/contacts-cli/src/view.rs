//! What people and programs get to see. Text from a server or a file passes through
//! [`contacts_core::printable`] here, and nowhere else.

pub(crate) mod json;
mod paint;
pub(crate) mod text;

use contacts_bulk::{ExportSummary, Failure};
use contacts_core::OrderId;

/// What became of an export.
pub(crate) struct ExportDone {
    /// What was written; nothing where there is nobody to replace.
    pub(crate) file: Option<String>,
    pub(crate) exported: ExportSummary,
    pub(crate) failed: Vec<(OrderId, Failure)>,
}
