use serde::{Deserialize, Serialize};

/// The role of an API key, by DigiCert's names.
///
/// DigiCert documents the names. What each role permits is inferred from them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum KeyRole {
    /// No restriction.
    Unrestricted,
    /// Everything about orders.
    Orders,
    /// Everything about orders, domains and organizations.
    OrdersDomainsOrganizations,
    /// Only GET requests.
    ViewOnly,
    /// Users, but no orders.
    UserManagement,
    /// None: the key is revoked, and rejected like an unknown one.
    Revoked,
}

impl KeyRole {
    pub(crate) const fn may_read_orders(self) -> bool {
        !matches!(self, Self::UserManagement | Self::Revoked)
    }

    pub(crate) const fn may_change_orders(self) -> bool {
        self.may_read_orders() && !matches!(self, Self::ViewOnly)
    }

    /// The id and name of the access role that the key's user shows. DigiCert documents both, for
    /// users and for keys, but not whether the role of a restricted key is shown.
    pub(crate) const fn access_role(self) -> (u16, &'static str) {
        match self {
            Self::Unrestricted | Self::Revoked => (1, "Administrator"),
            Self::Orders => (100, "Orders"),
            Self::OrdersDomainsOrganizations => (101, "Orders, Domains, Organizations"),
            Self::ViewOnly => (102, "View Only"),
            Self::UserManagement => (103, "User Management"),
        }
    }
}
