use std::fmt::Display;
use std::path::Path;

use contacts_core::printable;

/// A setting is invalid or out of range, or a file that it names cannot be loaded.
///
/// It never contains an API key, a URL or a password.
///
/// ```
/// use contacts_http::{ApiKey, Client};
///
/// let error = Client::builder(ApiKey::parse("K")?).user_agent_suffix("a\nb").build().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "invalid user agent suffix: only visible ASCII and spaces are allowed",
/// );
/// # Ok::<(), contacts_http::SettingError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SettingError(String);

impl SettingError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }

    pub(crate) fn invalid(setting: &str, why: &str) -> Self {
        Self(format!("invalid {setting}: {why}"))
    }

    /// The error of a setting that an environment variable holds.
    pub(crate) fn in_variable(self, name: &str) -> Self {
        Self(format!("invalid {name}: {self}"))
    }

    pub(crate) fn file(file: &Path, why: impl Display) -> Self {
        let name = file.display().to_string();
        Self(format!("cannot load `{}`: {why}", printable(&name)))
    }
}
