use std::fmt;

use serde::Deserialize;

/// Whom an API key acts for, as `GET /user/me` tells it. `Debug` shows the roles alone.
///
/// Documented are these roles of a key: 0 unrestricted, 100 orders, 101 orders, domains and
/// organizations, 102 view only, 103 user management. That 0, 100 and 101 may change contacts, and
/// the others may not, is inferred.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct User {
    /// The user's id.
    #[serde(default)]
    pub id: Option<u64>,
    /// The name with which the user signs in.
    #[serde(default)]
    pub username: Option<String>,
    /// The account.
    #[serde(default)]
    pub account: Option<UserAccount>,
    /// What the key permits.
    #[serde(default)]
    pub access_roles: Vec<AccessRole>,
}

/// An account, as far as it is told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct UserAccount {
    /// The account's id.
    #[serde(default)]
    pub id: Option<u64>,
}

/// One thing that a key permits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct AccessRole {
    /// The role's id.
    #[serde(default)]
    pub id: Option<u64>,
    /// The role's name.
    #[serde(default)]
    pub name: Option<String>,
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User")
            .field("access_roles", &self.access_roles)
            .finish_non_exhaustive()
    }
}
