use std::fmt;

use crate::contact_type::ContactType;
use crate::email::EmailFault;
use crate::field::Field;

/// A rule that an input broke, with the limits that explain it and never the value itself.
///
/// [`code`](Self::code) is stable: programs may compare it. The sentence that
/// [`Display`](fmt::Display) prints may be improved in any release.
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
    /// A required field is absent.
    Required,
    /// A text is longer than the limit. Both are counted in Unicode scalar values.
    TooLong {
        /// The longest text that is allowed.
        limit: u64,
        /// How long the text is.
        length: u64,
    },
    /// A text holds nothing that can be seen.
    Blank,
    /// A text has white space at its beginning or end.
    SurroundingWhiteSpace,
    /// A text holds a control character or a line break.
    ControlCharacter,
    /// A text holds a character that changes the direction of reading.
    BidiControl,
    /// An e-mail address does not fit the grammar of the HTML standard.
    EmailFormat(EmailFault),
    /// The domain of an e-mail address has no dot.
    EmailDotlessDomain,
    /// A language id is not 1 to 3 ASCII digits.
    LanguageIdFormat,
    /// A contact type is neither of the two that exist.
    UnknownContactType,
    /// A second contact of a type that can occur only once.
    DuplicateContactType(ContactType),
    /// An update without a contact.
    NoContact,
    /// An order id is not 1 to 19 digits.
    OrderIdFormat,
    /// An object has a member that the API does not know.
    UnknownField {
        /// The known field whose name is nearest, if one is near enough.
        nearest: Option<Field>,
    },
    /// `telephone_extension`, which exists only for organization-level contacts.
    NoTelephoneExtension,
    /// An object has the same member twice.
    DuplicateField,
    /// A value is of another JSON type than the one expected.
    WrongType {
        /// What the API expects.
        expected: JsonType,
        /// What was found.
        found: JsonType,
    },
}

impl Rule {
    /// The stable name of this rule, in kebab case.
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
        let sentence = match self {
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
            Self::EmailFormat(fault) => return write!(f, "not an e-mail address: {fault}"),
            Self::DuplicateContactType(kind) => {
                return write!(f, "a second `{kind}`; an order has only one");
            }
            Self::UnknownField {
                nearest: Some(field),
            } => {
                return write!(f, "unknown field; did you mean `{field}`?");
            }
            Self::WrongType { expected, found } => return wrong_type(*expected, *found, f),
        };
        f.write_str(sentence)
    }
}

fn wrong_type(expected: JsonType, found: JsonType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "expected {expected}, found {found}")?;
    if found == JsonType::Null {
        f.write_str("; leave the field out to keep the order's value")?;
    }
    Ok(())
}

/// A kind of JSON value, for messages.
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
    /// any number
    Number,
    /// a string
    String,
    /// an array
    Array,
    /// an object
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
