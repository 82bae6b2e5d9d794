use std::fmt;

use serde::{Deserialize, Serialize};

/// The user that an API key acts for, from `GET /user/me`. `Debug` shows only the roles.
///
/// Documented roles of a key: 0 unrestricted, 100 orders, 101 orders, domains and organizations,
/// 102 view only, 103 user management. That 0, 100 and 101 permit a change of contacts, and the
/// others do not, is inferred.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct User {
    /// The user's id.
    pub id: Option<u64>,
    /// The user name.
    pub username: Option<String>,
    /// The user's account.
    pub account: Option<UserAccount>,
    /// The permissions of the key.
    pub access_roles: Vec<AccessRole>,
}

/// The account of a user.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct UserAccount {
    /// The account's id.
    pub id: Option<u64>,
}

/// A permission of a key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct AccessRole {
    /// The role's id.
    pub id: Option<u64>,
    /// The role's name.
    pub name: Option<String>,
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User")
            .field("access_roles", &self.access_roles)
            .finish_non_exhaustive()
    }
}
