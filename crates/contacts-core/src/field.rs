use crate::name::{Named, named_enum};
use crate::rule::Rule;
use crate::violation::{Leaf, Parent, Violation};

pub(crate) const NAME_MAX: u64 = 128;
pub(crate) const EMAIL_MAX: u64 = 255;
pub(crate) const JOB_TITLE_MAX: u64 = 64;
pub(crate) const TELEPHONE_MAX: u64 = 32;

named_enum! {
    /// A field of a contact.
    ///
    /// The variants are in the order of DigiCert's table; violations are listed in this order.
    ///
    /// ```
    /// use contacts_core::Field;
    ///
    /// assert_eq!(Field::JobTitle.as_str(), "job_title");
    /// assert_eq!(Field::JobTitle.limit(), Some(64));
    /// ```
    #[non_exhaustive]
    pub enum Field {
        /// `contact_type`
        ContactType = "contact_type",
        /// `first_name`
        FirstName = "first_name",
        /// `last_name`
        LastName = "last_name",
        /// `email`
        Email = "email",
        /// `job_title`
        JobTitle = "job_title",
        /// `telephone`
        Telephone = "telephone",
        /// `language_id`
        LanguageId = "language_id",
    }
}

impl Field {
    /// The text fields: every field except the contact type, in the order of the request body.
    pub const TEXT: [Self; 6] = {
        let [_, text @ ..] = Self::ALL;
        text
    };

    /// Parses the API's name of a field. The comparison is case-sensitive, as in the API.
    ///
    /// ```
    /// use contacts_core::Field;
    ///
    /// assert_eq!(Field::parse("email"), Ok(Field::Email));
    /// assert_eq!(
    ///     Field::parse("e-mail").unwrap_err().to_string(),
    ///     "e-mail: unknown field; did you mean `email`?",
    /// );
    /// ```
    ///
    /// # Errors
    /// Returns a [`Violation`] of [`Rule::UnknownField`] or [`Rule::NoTelephoneExtension`] for any
    /// other text.
    pub fn parse(name: &str) -> Result<Self, Violation> {
        Self::from_name(name).ok_or_else(|| {
            Violation::new(Parent::Root, Leaf::unknown(name), Rule::unknown_field(name))
        })
    }

    /// The field whose name is most similar to `name`, if any is similar enough for a hint.
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
        const MAX_LENGTH: usize = 40;
        const MAX_DISTANCE: usize = 2;
        if name.len() > MAX_LENGTH {
            return None;
        }
        let name = normalized(name);
        if let Some((_, field)) = ALIASES.into_iter().find(|(alias, _)| *alias == name) {
            return Some(field);
        }
        let distance = |field: &Self| strsim::levenshtein(&name, &normalized(field.as_str()));
        let nearest = Self::ALL.into_iter().min_by_key(distance);
        nearest.filter(|field| distance(field) <= MAX_DISTANCE)
    }

    /// DigiCert's limit in characters (Unicode scalar values); `None` if it documents none.
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

    /// The position in [`Field::TEXT`].
    pub(crate) const fn text_index(self) -> Option<usize> {
        (self as usize).checked_sub(1)
    }
}

/// Common names of fields that are not misspellings.
const ALIASES: [(&str, Field); 3] = [
    ("mail", Field::Email),
    ("phone", Field::Telephone),
    ("title", Field::JobTitle),
];

/// Lower-case letters and digits only, so that `First-Name` and `firstname` match `first_name`.
fn normalized(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}
