use contacts_core::OrderContact;
use serde::{Deserialize, Serialize};

/// The contacts to export; by default all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportFilter {
    pub(super) status: Option<String>,
    email: Option<String>,
    pub(super) technical_only: bool,
}

impl ExportFilter {
    /// Only contacts of orders with this status, such as `pending`. DigiCert's filter decides
    /// which orders these are; it includes expired orders in `issued`.
    #[must_use]
    pub fn status(mut self, status: impl Into<String>) -> Self {
        self.status = Some(status.into());
        self
    }

    /// Only contacts with this e-mail address. Case does not matter.
    #[must_use]
    pub fn email(mut self, email: impl Into<String>) -> Self {
        self.email = Some(email.into());
        self
    }

    /// Only technical contacts. If the account has the order report, it returns them all with one
    /// request, and only orders that it lacks are read.
    #[must_use]
    pub const fn technical_only(mut self) -> Self {
        self.technical_only = true;
        self
    }

    pub(super) fn includes(&self, contact: &OrderContact) -> bool {
        let email = contact.email().unwrap_or_default();
        let matches = |filter: &String| filter.eq_ignore_ascii_case(email);
        self.email.as_ref().is_none_or(matches)
    }
}
