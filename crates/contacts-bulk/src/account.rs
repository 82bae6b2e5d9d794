use std::fmt::{self, Write};

use sha2::{Digest, Sha256};

/// The account that owns the orders: a base URL and an API key, of which only a hash is stored.
///
/// ```
/// use contacts_bulk::AccountIdentity;
///
/// let account = AccountIdentity::new("https://www.digicert.com/services/v2", "A1B2C3");
/// assert_eq!(account.base_url(), "https://www.digicert.com/services/v2");
/// assert!(!format!("{account:?}").contains("A1B2C3"));
/// ```
#[derive(Clone)]
pub struct AccountIdentity {
    base_url: String,
    key: [u8; 32],
}

/// Why a plan, a run or an export does not belong to an account.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AccountMismatch {
    /// The base URL differs.
    #[error("it belongs to {expected}, and the base URL is {found}")]
    BaseUrl {
        /// The base URL that it was started with.
        expected: String,
        /// The base URL of the account.
        found: String,
    },
    /// The key differs; it may be another key of the same account.
    #[error("it was started with another API key")]
    Key,
}

impl AccountIdentity {
    /// The account that `api_key` opens at `base_url`.
    #[must_use]
    pub fn new(base_url: impl Into<String>, api_key: &str) -> Self {
        let key = Sha256::new()
            .chain_update(b"digicert-contacts key\n")
            .chain_update(api_key);
        Self {
            base_url: base_url.into(),
            key: key.finalize().into(),
        }
    }

    /// The base URL.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// What a file stores of the key: enough to notice another key, and nothing of the key itself.
    /// The salt differs between files, so they do not show whether they have the same key.
    pub(crate) fn fingerprint(&self, salt: &str) -> String {
        /// 64 bits: enough to notice another key, too few to recover one.
        const STORED: usize = 8;
        let hash = Sha256::new()
            .chain_update(b"digicert-contacts journal\n")
            .chain_update(salt)
            .chain_update(b"\n")
            .chain_update(self.key);
        hex(&hash.finalize()[..STORED])
    }
}

impl AccountMismatch {
    pub(crate) fn check_base_url(expected: &str, account: &AccountIdentity) -> Result<(), Self> {
        if account.base_url == expected {
            return Ok(());
        }
        Err(Self::BaseUrl {
            expected: expected.to_owned(),
            found: account.base_url.clone(),
        })
    }
}

impl fmt::Debug for AccountIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccountIdentity")
            .field("base_url", &self.base_url)
            .finish_non_exhaustive()
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
