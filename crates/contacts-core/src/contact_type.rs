use std::fmt;

use serde::Serialize;

/// Which of an order's two contacts is meant.
///
/// The order of the variants is the order in which DigiCert's example lists the contacts.
///
/// ```
/// use contacts_core::ContactType;
///
/// assert_eq!(ContactType::Technical.as_str(), "technical_contact");
/// assert_eq!(ContactType::parse("organization_contact"), Some(ContactType::Organization));
/// assert_eq!(ContactType::parse("billing_contact"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum ContactType {
    /// `organization_contact`: speaks for the organization that the certificate names.
    #[serde(rename = "organization_contact")]
    Organization,
    /// `technical_contact`: looks after the certificate.
    #[serde(rename = "technical_contact")]
    Technical,
}

impl ContactType {
    /// Both types, in the order of DigiCert's example.
    pub const ALL: [Self; 2] = [Self::Organization, Self::Technical];

    /// The name of this type in the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Organization => "organization_contact",
            Self::Technical => "technical_contact",
        }
    }

    /// The type of this name, compared exactly, as the API does.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

impl fmt::Display for ContactType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
