use std::fmt;

pub(crate) const NAME_MAX: u64 = 128;
pub(crate) const EMAIL_MAX: u64 = 255;
pub(crate) const JOB_TITLE_MAX: u64 = 64;
pub(crate) const TELEPHONE_MAX: u64 = 32;

/// A field of a contact, by its name in the API.
///
/// ```
/// use contacts_core::Field;
///
/// assert_eq!(Field::JobTitle.as_str(), "job_title");
/// assert_eq!(Field::JobTitle.limit(), Some(64));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// `contact_type`
    ContactType,
    /// `first_name`
    FirstName,
    /// `last_name`
    LastName,
    /// `email`
    Email,
    /// `job_title`
    JobTitle,
    /// `telephone`
    Telephone,
    /// `language_id`
    LanguageId,
}

impl Field {
    /// Every field, in the order of DigiCert's table; violations are listed in this order.
    pub const ALL: [Self; 7] = [
        Self::ContactType,
        Self::FirstName,
        Self::LastName,
        Self::Email,
        Self::JobTitle,
        Self::Telephone,
        Self::LanguageId,
    ];

    /// The fields that hold text of the person, in the order of the request body.
    pub const TEXT: [Self; 6] = [
        Self::FirstName,
        Self::LastName,
        Self::Email,
        Self::JobTitle,
        Self::Telephone,
        Self::LanguageId,
    ];

    /// The name of this field in the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ContactType => "contact_type",
            Self::FirstName => "first_name",
            Self::LastName => "last_name",
            Self::Email => "email",
            Self::JobTitle => "job_title",
            Self::Telephone => "telephone",
            Self::LanguageId => "language_id",
        }
    }

    /// The field of this name, compared exactly.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "contact_type" => Self::ContactType,
            "first_name" => Self::FirstName,
            "last_name" => Self::LastName,
            "email" => Self::Email,
            "job_title" => Self::JobTitle,
            "telephone" => Self::Telephone,
            "language_id" => Self::LanguageId,
            _ => return None,
        })
    }

    /// The field whose name is nearest to `name`, if they look alike: for a hint.
    ///
    /// ```
    /// use contacts_core::Field;
    ///
    /// assert_eq!(Field::nearest("First Name"), Some(Field::FirstName));
    /// assert_eq!(Field::nearest("phone"), Some(Field::Telephone));
    /// assert_eq!(Field::nearest("remarks"), None);
    /// ```
    #[must_use]
    pub fn nearest(name: &str) -> Option<Self> {
        const LONGEST: usize = 40;
        if name.len() > LONGEST {
            return None;
        }
        let name = plain(name);
        if let Some((_, field)) = ALIASES.into_iter().find(|(alias, _)| *alias == name) {
            return Some(field);
        }
        let distance = |field: &Self| strsim::levenshtein(&name, &plain(field.as_str()));
        let best = Self::ALL.into_iter().min_by_key(distance);
        best.filter(|best| distance(best) <= 2)
    }

    /// The longest text DigiCert's page allows here, in characters (counted as Unicode scalar
    /// values); `None` where the page names no limit.
    #[must_use]
    pub const fn limit(self) -> Option<u64> {
        match self {
            Self::FirstName | Self::LastName => Some(NAME_MAX),
            Self::Email => Some(EMAIL_MAX),
            Self::JobTitle => Some(JOB_TITLE_MAX),
            Self::Telephone => Some(TELEPHONE_MAX),
            Self::ContactType | Self::LanguageId => None,
        }
    }

    /// Where this field stands in [`Field::TEXT`]; meaningless for the contact type.
    pub(crate) const fn slot(self) -> usize {
        (self as usize).saturating_sub(1)
    }
}

/// Names that people use for a field, though no slip of the finger leads to them.
const ALIASES: [(&str, Field); 3] = [
    ("mail", Field::Email),
    ("phone", Field::Telephone),
    ("title", Field::JobTitle),
];

/// Letters and digits alone, so that `First-Name` and `firstname` come near `first_name`.
fn plain(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
