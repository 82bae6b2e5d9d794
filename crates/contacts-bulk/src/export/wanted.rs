use contacts_core::OrderContact;
use serde::{Deserialize, Serialize};

/// Which contacts are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportFilter {
    pub(super) status: Option<String>,
    email: Option<String>,
    pub(super) technical_only: bool,
}

impl ExportFilter {
    /// Only those of orders of this status, such as `issued`.
    #[must_use]
    pub fn status(mut self, status: impl Into<String>) -> Self {
        self.status = Some(status.into());
        self
    }

    /// Only contacts with this e-mail address, compared without case.
    #[must_use]
    pub fn email(mut self, email: impl Into<String>) -> Self {
        self.email = Some(email.into());
        self
    }

    /// Only technical contacts. The order report tells them all in one request, where the account
    /// has it; orders that are not in it are read one by one.
    #[must_use]
    pub const fn technical_only(mut self) -> Self {
        self.technical_only = true;
        self
    }

    pub(super) fn includes(&self, contact: &OrderContact) -> bool {
        let email = contact.email().unwrap_or_default();
        let is_same = |wanted: &String| wanted.eq_ignore_ascii_case(email);
        self.email.as_ref().is_none_or(is_same)
    }
}
