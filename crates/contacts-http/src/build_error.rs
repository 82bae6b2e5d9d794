use std::fmt;
use std::path::Path;

use contacts_core::printable;

use crate::proxy::ProxyError;

/// Why a [`Client`](crate::Client) can't be made from its settings.
///
/// ```
/// use contacts_http::{ApiKey, Client};
///
/// let error = Client::builder(ApiKey::parse("K")?).user_agent_suffix("a\nb").build().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "the user agent suffix can't be used: only visible ASCII and spaces are allowed",
/// );
/// # Ok::<(), contacts_http::ApiKeyError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildError(String);

impl BuildError {
    pub(crate) fn file(file: &Path, why: impl fmt::Display) -> Self {
        let name = file.display().to_string();
        Self(format!("`{}` can't be used: {why}", printable(&name)))
    }

    pub(crate) fn proxy() -> Self {
        Self("the proxy can't be used: it is not a URL of a proxy".to_owned())
    }

    pub(crate) fn user_agent() -> Self {
        let sentence = "the user agent suffix can't be used: \
                        only visible ASCII and spaces are allowed";
        Self(sentence.to_owned())
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
