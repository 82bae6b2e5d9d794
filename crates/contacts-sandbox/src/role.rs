/// What an API key may do, by DigiCert's names and numbers.
///
/// The names are documented. What each permits here is inferred from them: DigiCert's pages do not
/// say it for the contact endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum KeyRole {
    /// No restriction.
    Unrestricted,
    /// Everything about orders.
    Orders,
    /// Everything about orders, domains and organizations.
    OrdersDomainsOrganizations,
    /// GET requests alone.
    ViewOnly,
    /// Users; no orders.
    UserManagement,
    /// None at all: the key was revoked, and is answered like an unknown one.
    Revoked,
}

impl KeyRole {
    const ALL: [Self; 6] = [
        Self::Unrestricted,
        Self::Orders,
        Self::OrdersDomainsOrganizations,
        Self::ViewOnly,
        Self::UserManagement,
        Self::Revoked,
    ];

    pub(crate) const fn may_read_orders(self) -> bool {
        !matches!(self, Self::UserManagement | Self::Revoked)
    }

    pub(crate) const fn may_change_orders(self) -> bool {
        self.may_read_orders() && !matches!(self, Self::ViewOnly)
    }

    /// The id and name by which DigiCert lists the role.
    pub(crate) const fn listed(self) -> (u16, &'static str) {
        match self {
            Self::Unrestricted | Self::Revoked => (0, "No restrictions"),
            Self::Orders => (100, "Orders"),
            Self::OrdersDomainsOrganizations => (101, "Orders, Domains, Organizations"),
            Self::ViewOnly => (102, "View Only"),
            Self::UserManagement => (103, "User Management"),
        }
    }

    /// The name in snapshots and on the page.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Unrestricted => "unrestricted",
            Self::Orders => "orders",
            Self::OrdersDomainsOrganizations => "orders-domains-organizations",
            Self::ViewOnly => "view-only",
            Self::UserManagement => "user-management",
            Self::Revoked => "revoked",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}
