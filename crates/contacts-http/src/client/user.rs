use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::lenient;

/// The user that an API key acts for, from `GET /user/me`. A member of an unexpected type counts as
/// absent. `Debug` shows only the roles.
///
/// Documented roles of a key: 0 unrestricted, 100 orders, 101 orders, domains and organizations,
/// 102 view only, 103 user management. That 0, 100 and 101 permit a change of contacts, and the
/// others do not, is inferred.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct User {
    /// The user's id.
    #[serde(deserialize_with = "lenient::integer")]
    pub id: Option<u64>,
    /// The user name.
    #[serde(deserialize_with = "lenient::value")]
    pub username: Option<String>,
    /// The id of the user's account.
    #[serde(deserialize_with = "lenient::integer")]
    pub account_id: Option<u64>,
    /// The permissions of the key.
    #[serde(deserialize_with = "lenient::list")]
    pub access_roles: Vec<AccessRole>,
}

/// A permission of a key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AccessRole {
    /// The role's id.
    pub id: Option<u64>,
    /// The role's name.
    pub name: Option<String>,
}

/// An object, or in its place the name or the id alone.
impl<'de> Deserialize<'de> for AccessRole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut json = Value::deserialize(deserializer)?;
        let (id, name) = match &mut json {
            Value::Object(members) => (members.remove("id"), members.remove("name")),
            Value::Number(_) => (Some(json), None),
            Value::String(_) => (None, Some(json)),
            _ => return Err(serde::de::Error::custom("not a role")),
        };
        let id = lenient::integer(id.unwrap_or_default());
        let name = lenient::value(name.unwrap_or_default());
        Ok(Self {
            id: id.unwrap_or_default(),
            name: name.unwrap_or_default(),
        })
    }
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User")
            .field("access_roles", &self.access_roles)
            .finish_non_exhaustive()
    }
}
