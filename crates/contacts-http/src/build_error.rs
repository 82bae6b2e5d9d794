use std::fmt;
use std::path::Path;

use contacts_core::printable;

use crate::proxy::ProxyError;

/// Why [`Builder::build`](crate::Builder::build) rejects its settings.
///
/// ```
/// use contacts_http::{ApiKey, Client};
///
/// let error = Client::builder(ApiKey::parse("K")?).user_agent_suffix("a\nb").build().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "invalid user agent suffix: only visible ASCII and spaces are allowed",
/// );
/// # Ok::<(), contacts_http::ApiKeyError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildError(String);

impl BuildError {
    pub(crate) fn file(file: &Path, why: impl fmt::Display) -> Self {
        let name = file.display().to_string();
        Self(format!("cannot load `{}`: {why}", printable(&name)))
    }

    pub(crate) fn invalid(setting: &str, why: &str) -> Self {
        Self(format!("invalid {setting}: {why}"))
    }
}

impl From<ProxyError> for BuildError {
    fn from(error: ProxyError) -> Self {
        Self(error.to_string())
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BuildError {}
