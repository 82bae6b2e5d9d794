use std::fmt::{self, Write};

use sha2::{Digest, Sha256};

/// Whose orders they are: an address of the API and a key, of which only a hash is kept.
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

/// Why a run can't be gone on with.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AccountMismatch {
    /// The plan or run is of another address.
    BaseUrl {
        /// The one that it was begun with.
        begun: String,
        /// The one of now.
        now: String,
    },
    /// The run was begun with another key.
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

    /// The address.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// What a journal keeps of the key: enough to tell whether a run goes on with the same one, and
    /// nothing of the key itself. `salt` differs from journal to journal, so that two journals
    /// don't tell whether they were written with the same key.
    pub(crate) fn fingerprint(&self, salt: &str) -> String {
        /// 64 bits: a mistaken key is noticed, and a key can't be had from them.
        const SHOWN: usize = 8;
        let hash = Sha256::new()
            .chain_update(b"digicert-contacts journal\n")
            .chain_update(salt)
            .chain_update(b"\n")
            .chain_update(self.key);
        hex(&hash.finalize()[..SHOWN])
    }
}

impl fmt::Debug for AccountIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccountIdentity")
            .field("base_url", &self.base_url)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for AccountMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BaseUrl { begun, now } => {
                write!(f, "it was made for {begun}, and now the address is {now}")
            }
            Self::Key => f.write_str("it was begun with another API key"),
        }
    }
}

impl std::error::Error for AccountMismatch {}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
