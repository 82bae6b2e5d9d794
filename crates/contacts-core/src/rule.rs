use std::fmt;

use crate::contact_type::ContactType;
use crate::email::EmailError;
use crate::field::Field;

/// A rule that an input breaks, with its limits, but never with the value.
///
/// [`code`](Self::code) is stable, so programs can rely on it. The message that
/// [`Display`](fmt::Display) prints may change in any release.
///
/// ```
/// use contacts_core::Rule;
///
/// let rule = Rule::TooLong { limit: 64, length: 70 };
/// assert_eq!(rule.code(), "too-long");
/// assert_eq!(rule.to_string(), "70 characters; the limit is 64");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rule {
    /// A required field is missing.
    Required,
    /// A text is longer than the limit. Both are counted in Unicode scalar values.
    TooLong {
        /// The limit.
        limit: u64,
        /// The length of the text.
        length: u64,
    },
    /// A text has no visible characters.
    Blank,
    /// A text has leading or trailing white space.
    SurroundingWhiteSpace,
    /// A text contains a control character or a line break.
    ControlCharacter,
    /// A text contains a bidirectional control character.
    BidiControl,
    /// An e-mail address does not match the grammar of the HTML standard.
    EmailFormat(EmailError),
    /// The domain of an e-mail address has no dot.
    EmailDotlessDomain,
    /// A language id is not 1 to 3 ASCII digits.
    LanguageIdFormat,
    /// A contact type is neither of the two that exist.
    UnknownContactType,
    /// An update has two contacts of this type.
    DuplicateContactType(ContactType),
    /// An update has no contact.
    NoContact,
    /// An order id is not 1 to 19 digits without a leading zero.
    OrderIdFormat,
    /// An object has a member that the API does not document.
    UnknownField {
        /// The field with the most similar name, if any is similar enough.
        nearest: Option<Field>,
    },
    /// `telephone_extension`, which only organization-level contacts have.
    NoTelephoneExtension,
    /// An object has the same member more than once.
    DuplicateField,
    /// A value has the wrong JSON type.
    WrongType {
        /// The type that the API documents.
        expected: JsonType,
        /// The type of the value.
        found: JsonType,
    },
}

impl Rule {
    pub(crate) fn unknown_field(name: &str) -> Self {
        match name {
            "telephone_extension" => Self::NoTelephoneExtension,
            _ => Self::UnknownField {
                nearest: Field::nearest(name),
            },
        }
    }

    /// The stable code of this rule, in kebab case.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::TooLong { .. } => "too-long",
            Self::Blank => "blank",
            Self::SurroundingWhiteSpace => "surrounding-white-space",
            Self::ControlCharacter => "control-character",
            Self::BidiControl => "bidi-control",
            Self::EmailFormat(_) => "email-format",
            Self::EmailDotlessDomain => "email-dotless-domain",
            Self::LanguageIdFormat => "language-id-format",
            Self::UnknownContactType => "unknown-contact-type",
            Self::DuplicateContactType(_) => "duplicate-contact-type",
            Self::NoContact => "no-contact",
            Self::OrderIdFormat => "order-id-format",
            Self::UnknownField { .. } | Self::NoTelephoneExtension => "unknown-field",
            Self::DuplicateField => "duplicate-field",
            Self::WrongType { .. } => "wrong-type",
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let message = match self {
            Self::Required => "required, but missing",
            Self::Blank => "must not be blank",
            Self::SurroundingWhiteSpace => "leading or trailing white space; remove it",
            Self::ControlCharacter => "a control character or line break is not allowed",
            Self::BidiControl => "an invisible text-direction character is not allowed",
            Self::EmailDotlessDomain => {
                "no dot in the domain; use a full domain, such as `mail.example.com`"
            }
            Self::LanguageIdFormat => "not a language id: expected 1 to 3 digits",
            Self::UnknownContactType => "must be `organization_contact` or `technical_contact`",
            Self::NoContact => "no contact; at least one is required",
            Self::OrderIdFormat => "not an order id: expected 1 to 19 digits, no leading zero",
            Self::NoTelephoneExtension => {
                "unknown field; only organization-level contacts have an extension; \
                 append it to `telephone`"
            }
            Self::UnknownField { nearest: None } => "unknown field",
            Self::DuplicateField => "appears more than once in the object",
            Self::TooLong { limit, length } => {
                return write!(f, "{length} characters; the limit is {limit}");
            }
            Self::EmailFormat(error) => return write!(f, "not an e-mail address: {error}"),
            Self::DuplicateContactType(contact_type) => {
                return write!(f, "a second `{contact_type}`; an order has only one");
            }
            Self::UnknownField {
                nearest: Some(field),
            } => {
                return write!(f, "unknown field; did you mean `{field}`?");
            }
            Self::WrongType { expected, found } => return wrong_type(*expected, *found, f),
        };
        f.write_str(message)
    }
}

fn wrong_type(expected: JsonType, found: JsonType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "expected {expected}, found {found}")?;
    if found == JsonType::Null {
        f.write_str("; leave the field out to keep the order's value")?;
    }
    Ok(())
}

/// The type of a JSON value.
///
/// ```
/// use contacts_core::{ContactsUpdate, JsonType, ReadError, Rule};
///
/// let Err(ReadError::Violations(violations)) = ContactsUpdate::from_json(b"[]") else { panic!() };
/// let rule = Rule::WrongType { expected: JsonType::Object, found: JsonType::Array };
/// assert_eq!(violations[0].rule(), &rule);
/// assert_eq!(rule.to_string(), "expected an object, found an array");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonType {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// A number.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl fmt::Display for JsonType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "null",
            Self::Boolean => "a boolean",
            Self::Number => "a number",
            Self::String => "a string",
            Self::Array => "an array",
            Self::Object => "an object",
        })
    }
}
