use crate::contact_type::ContactType;
use crate::email::EmailError;
use crate::field::Field;

/// A rule that an input breaks, with its limits, but never with the value.
///
/// [`code`](Self::code) is stable, so programs can rely on it. The message that
/// [`Display`](std::fmt::Display) prints may change in any release.
///
/// ```
/// use contacts_core::Rule;
///
/// let rule = Rule::TooLong { limit: 64, length: 70 };
/// assert_eq!(rule.code(), "too-long");
/// assert_eq!(rule.to_string(), "70 characters; the limit is 64");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
#[non_exhaustive]
pub enum Rule {
    /// A required field is missing.
    #[error("required, but missing")]
    Required,
    /// A text is longer than the limit. Both are counted in Unicode scalar values.
    #[error("{length} characters; the limit is {limit}")]
    TooLong {
        /// The limit.
        limit: u64,
        /// The length of the text.
        length: u64,
    },
    /// A text has no visible character.
    #[error("must not be blank")]
    Blank,
    /// A text starts or ends with white space or an invisible character, such as this one.
    #[error("{}; remove it", surrounding(*.0))]
    SurroundingWhiteSpace(char),
    /// A text contains a control character or a line break.
    #[error("{}; remove it", .0.describe(kind(.0.code_point)))]
    ControlCharacter(LocatedCharacter),
    /// A text contains a bidirectional control character or a direction mark.
    #[error("{}; remove it", .0.describe("an invisible text-direction character"))]
    BidiControl(LocatedCharacter),
    /// A text contains an invisible character that no script needs, such as a zero-width space; in an
    /// e-mail address or a telephone number, any invisible character.
    #[error("{}; remove it", .0.describe("an invisible character"))]
    InvisibleCharacter(LocatedCharacter),
    /// An e-mail address does not match the grammar of the HTML standard.
    #[error("not an e-mail address: {0}")]
    EmailFormat(EmailError),
    /// The domain of an e-mail address has no dot.
    #[error("no dot in the domain; use a full domain, such as `mail.example.com`")]
    EmailDotlessDomain,
    /// A language id is not 1 to 3 ASCII digits.
    #[error("not a language id: expected 1 to 3 digits")]
    LanguageIdFormat,
    /// A contact type is neither of the two that exist.
    #[error("must be `organization_contact` or `technical_contact`")]
    UnknownContactType,
    /// An update has two contacts of this type.
    #[error("a second `{0}`; an order has only one")]
    DuplicateContactType(ContactType),
    /// An update has no contact.
    #[error("no contact; at least one is required")]
    NoContact,
    /// An order id is not 1 to 19 digits without a leading zero.
    #[error("not an order id: expected 1 to 19 digits, no leading zero")]
    OrderIdFormat,
    /// An object has a member that the API does not document.
    #[error("unknown field{}", suggestion(*nearest))]
    UnknownField {
        /// The field with the most similar name, if any is similar enough.
        nearest: Option<Field>,
    },
    /// `telephone_extension`, which only organization-level contacts have.
    #[error(
        "unknown field; only organization-level contacts have an extension; \
         append it to `telephone`"
    )]
    #[strum(serialize = "unknown-field")]
    NoTelephoneExtension,
    /// An object has the same member more than once.
    #[error("appears more than once in the object")]
    DuplicateField,
    /// A value has the wrong JSON type.
    #[error("expected {expected}, found {found}{}", null_hint(*found))]
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
    pub fn code(&self) -> &'static str {
        self.into()
    }
}

/// A character that cannot be seen, and where it is in a text.
///
/// ```
/// use contacts_core::{Contact, Rule};
///
/// let violations = Contact::draft("Jane", "D\u{200E}oe", "j@example.com").build().unwrap_err();
/// let Rule::BidiControl(found) = violations[0].rule() else { panic!() };
/// assert_eq!((found.code_point, found.position), ('\u{200E}', 2));
/// assert_eq!(
///     violations[0].rule().to_string(),
///     "U+200E, an invisible text-direction character, at character 2; remove it",
/// );
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LocatedCharacter {
    /// The character.
    pub code_point: char,
    /// Its position in Unicode scalar values, counted from 1.
    pub position: u32,
}

impl LocatedCharacter {
    fn describe(self, kind: &str) -> String {
        let Self {
            code_point,
            position,
        } = self;
        format!("{}, {kind}, at character {position}", name(code_point))
    }
}

fn name(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

fn surrounding(c: char) -> String {
    match c {
        ' ' | '\t' | '\r' | '\n' => "leading or trailing white space".to_owned(),
        c => format!("leading or trailing {}, which is invisible", name(c)),
    }
}

const fn kind(control: char) -> &'static str {
    match control {
        '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => "a line break",
        '\t' => "a tab",
        '\u{FFFD}' => "which stands for lost text",
        _ => "a control character",
    }
}

fn suggestion(nearest: Option<Field>) -> String {
    nearest.map_or_else(String::new, |field| format!("; did you mean `{field}`?"))
}

const fn null_hint(found: JsonType) -> &'static str {
    match found {
        JsonType::Null => "; leave the field out to keep the order's value",
        _ => "",
    }
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::Display)]
pub enum JsonType {
    /// `null`
    #[strum(to_string = "null")]
    Null,
    /// `true` or `false`
    #[strum(to_string = "a boolean")]
    Boolean,
    /// A number.
    #[strum(to_string = "a number")]
    Number,
    /// A string.
    #[strum(to_string = "a string")]
    String,
    /// An array.
    #[strum(to_string = "an array")]
    Array,
    /// An object.
    #[strum(to_string = "an object")]
    Object,
}
