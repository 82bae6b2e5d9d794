//! The rules of one contact, on `validator`'s derive.
//!
//! The derive copies every offending value into its errors, keeps them in hash maps and stops at
//! the first failure of a list. So it runs on wrappers that serialise to nothing, on facts found
//! beforehand (one scan per text, duplicates counted), and its answer is turned into our own
//! ordered list at once. It runs contact by contact, since it makes a map for every list, also where
//! nothing is wrong. Nothing of `validator` leaves this module.

use serde::{Serialize, Serializer};
use validator::{
    Validate, ValidateLength, ValidationError, ValidationErrors, ValidationErrorsKind,
};

use crate::contact_type::ContactType;
use crate::email;
use crate::field::{EMAIL_MAX, Field, JOB_TITLE_MAX, NAME_MAX, TELEPHONE_MAX};
use crate::rule::{JsonType, Rule};
use crate::text::{Scan, trimmed};
use crate::violation::{Parent, Path, Violation};

/// One contact. The fields stand in the order of DigiCert's table.
#[derive(Validate)]
pub(crate) struct ContactRules<'a> {
    #[validate(custom(function = "known_and_single"))]
    pub(crate) contact_type: Kind,
    #[validate(required, length(max = NAME_MAX), custom(function = "is_string"))]
    #[validate(custom(function = "visible"), custom(function = "no_edge_space"))]
    #[validate(custom(function = "no_control"), custom(function = "no_bidi"))]
    pub(crate) first_name: Option<Text<'a>>,
    #[validate(required, length(max = NAME_MAX), custom(function = "is_string"))]
    #[validate(custom(function = "visible"), custom(function = "no_edge_space"))]
    #[validate(custom(function = "no_control"), custom(function = "no_bidi"))]
    pub(crate) last_name: Option<Text<'a>>,
    #[validate(required, length(max = EMAIL_MAX), custom(function = "is_string"))]
    #[validate(custom(function = "visible"), custom(function = "no_edge_space"))]
    #[validate(custom(function = "no_control"), custom(function = "no_bidi"))]
    #[validate(custom(function = "email_format"))]
    pub(crate) email: Option<Text<'a>>,
    #[validate(length(max = JOB_TITLE_MAX), custom(function = "is_string"))]
    #[validate(custom(function = "visible"), custom(function = "no_edge_space"))]
    #[validate(custom(function = "no_control"), custom(function = "no_bidi"))]
    pub(crate) job_title: Option<Text<'a>>,
    #[validate(length(max = TELEPHONE_MAX), custom(function = "is_string"))]
    #[validate(custom(function = "visible"), custom(function = "no_edge_space"))]
    #[validate(custom(function = "no_control"), custom(function = "no_bidi"))]
    pub(crate) telephone: Option<Text<'a>>,
    #[validate(custom(function = "is_string"), custom(function = "three_digits"))]
    pub(crate) language_id: Option<Text<'a>>,
}

/// What is known about a contact's type before the rules run.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    /// The contact is checked on its own.
    NotNeeded,
    Missing,
    Unknown,
    Wrong(JsonType),
    First,
    Duplicate(ContactType),
}

impl Kind {
    /// The rule that it breaks, if it breaks one.
    fn rule(self) -> Option<Rule> {
        Some(match self {
            Self::Missing => Rule::Required,
            Self::Unknown => Rule::UnknownContactType,
            Self::Wrong(found) => Rule::WrongType {
                expected: JsonType::String,
                found,
            },
            Self::Duplicate(kind) => Rule::DuplicateContactType(kind),
            Self::NotNeeded | Self::First => return None,
        })
    }
}

/// A text and what the scan found in it.
pub(crate) struct Text<'a> {
    value: &'a str,
    scan: Scan,
    dotless_domain: bool,
    wrong: Option<JsonType>,
}

impl<'a> Text<'a> {
    pub(crate) fn new(value: &'a str, dotless_domain: bool) -> Self {
        Self {
            value,
            scan: Scan::of(value),
            dotless_domain,
            wrong: None,
        }
    }

    pub(crate) fn wrong(found: JsonType) -> Self {
        Self {
            value: "",
            scan: Scan::nothing(0),
            dotless_domain: true,
            wrong: Some(found),
        }
    }
}

impl ValidateLength<u64> for Text<'_> {
    fn length(&self) -> Option<u64> {
        Some(self.scan.chars)
    }
}

/// Serialises to nothing: `validator` would keep a copy of the value in its error.
macro_rules! keep_out_of_errors {
    ($($name:ty),*) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_unit()
            }
        }
    )*};
}
keep_out_of_errors!(Kind, Text<'_>);

type Check = Result<(), ValidationError>;

fn ensure(holds: bool, code: &'static str) -> Check {
    if holds {
        Ok(())
    } else {
        Err(ValidationError::new(code))
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the derive passes references"
)]
fn known_and_single(kind: &Kind) -> Check {
    ensure(kind.rule().is_none(), KIND)
}

fn is_string(text: &Text<'_>) -> Check {
    ensure(text.wrong.is_none(), WRONG_TYPE)
}

fn visible(text: &Text<'_>) -> Check {
    ensure(!text.scan.blank, BLANK)
}

fn no_edge_space(text: &Text<'_>) -> Check {
    ensure(!text.scan.edge_space, EDGE_SPACE)
}

fn no_control(text: &Text<'_>) -> Check {
    ensure(!text.scan.control, CONTROL)
}

fn no_bidi(text: &Text<'_>) -> Check {
    ensure(!text.scan.bidi, BIDI)
}

/// Reported only where none of the rules about text explains the address already.
fn email_format(text: &Text<'_>) -> Check {
    let explained = text.scan.blank || text.scan.control || text.scan.bidi || text.wrong.is_some();
    ensure(explained || email_rule(text).is_none(), EMAIL)
}

fn email_rule(text: &Text<'_>) -> Option<Rule> {
    let address = if text.scan.edge_space {
        trimmed(text.value)
    } else {
        text.value
    };
    match email::check(address) {
        Err(fault) => Some(Rule::EmailFormat(fault)),
        Ok(false) if !text.dotless_domain => Some(Rule::EmailDotlessDomain),
        Ok(_) => None,
    }
}

fn three_digits(text: &Text<'_>) -> Check {
    let digits = text.value.bytes().all(|b| b.is_ascii_digit());
    let right = digits && matches!(text.value.len(), 1..=3);
    ensure(right || text.wrong.is_some(), LANGUAGE_ID)
}

// The codes by which a failure is known between the derive and `rule_of`; `required` and `length`
// are the derive's own.
const KIND: &str = "kind";
const WRONG_TYPE: &str = "wrong-type";
const BLANK: &str = "blank";
const EDGE_SPACE: &str = "edge-space";
const CONTROL: &str = "control";
const BIDI: &str = "bidi";
const EMAIL: &str = "email";
const LANGUAGE_ID: &str = "language-id";

impl ContactRules<'_> {
    /// The violations of one contact, whose members lie under `parent`.
    pub(crate) fn violations(&self, parent: Parent, found: &mut Vec<Violation>) {
        if let Err(errors) = self.validate() {
            self.translate(&errors, parent, found);
        }
    }

    fn translate(&self, errors: &ValidationErrors, parent: Parent, found: &mut Vec<Violation>) {
        for field in Field::ALL {
            let Some(ValidationErrorsKind::Field(list)) = errors.errors().get(field.as_str())
            else {
                continue;
            };
            let path = Path::of_field(parent, field);
            let rules = list
                .iter()
                .filter_map(|error| self.rule_of(field, &error.code));
            found.extend(rules.map(|rule| Violation::new(path.clone(), rule)));
        }
    }

    fn text(&self, field: Field) -> Option<&Text<'_>> {
        match field {
            Field::ContactType => None,
            Field::FirstName => self.first_name.as_ref(),
            Field::LastName => self.last_name.as_ref(),
            Field::Email => self.email.as_ref(),
            Field::JobTitle => self.job_title.as_ref(),
            Field::Telephone => self.telephone.as_ref(),
            Field::LanguageId => self.language_id.as_ref(),
        }
    }

    /// Our rule for a code of the derive, with what the message needs to know.
    fn rule_of(&self, field: Field, code: &str) -> Option<Rule> {
        let text = self.text(field);
        Some(match code {
            "required" => Rule::Required,
            "length" => Rule::TooLong {
                limit: field.limit()?,
                length: text?.scan.chars,
            },
            KIND => return self.contact_type.rule(),
            WRONG_TYPE => Rule::WrongType {
                expected: JsonType::String,
                found: text?.wrong?,
            },
            BLANK => Rule::Blank,
            EDGE_SPACE => Rule::SurroundingWhiteSpace,
            CONTROL => Rule::ControlCharacter,
            BIDI => Rule::BidiControl,
            EMAIL => email_rule(text?)?,
            LANGUAGE_ID => Rule::LanguageIdFormat,
            _ => return None,
        })
    }
}
