//! The rules of one contact, declared with `validator`'s derive.
//!
//! The derive copies every invalid value into its errors and keeps them in hash maps. So it validates
//! what one scan of each text found, not the text itself, and its errors become an ordered list of
//! violations here. It validates contact by contact, because it allocates a map for each list.
//! Nothing of `validator` leaves this module.

use serde::{Serialize, Serializer};
use validator::{Validate, ValidateLength, ValidationError, ValidationErrorsKind};

use crate::email;
use crate::field::{EMAIL_MAX, Field, JOB_TITLE_MAX, NAME_MAX, TELEPHONE_MAX};
use crate::read::value::JsonValue;
use crate::rule::{JsonType, Rule};
use crate::text::{Scan, trimmed};
use crate::violation::{Leaf, Parent, Violation};

/// The text fields of one contact.
#[derive(Validate)]
pub(crate) struct ContactRules {
    #[validate(required, length(max = NAME_MAX), custom(function = "is_valid"))]
    pub(crate) first_name: Option<ScannedText>,
    #[validate(required, length(max = NAME_MAX), custom(function = "is_valid"))]
    pub(crate) last_name: Option<ScannedText>,
    #[validate(required, length(max = EMAIL_MAX), custom(function = "is_valid"))]
    pub(crate) email: Option<ScannedText>,
    #[validate(length(max = JOB_TITLE_MAX), custom(function = "is_valid"))]
    pub(crate) job_title: Option<ScannedText>,
    #[validate(length(max = TELEPHONE_MAX), custom(function = "is_valid"))]
    pub(crate) telephone: Option<ScannedText>,
    #[validate(custom(function = "is_valid"))]
    pub(crate) language_id: Option<ScannedText>,
}

/// Which rules apply.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum RuleSet {
    #[default]
    All,
    /// All but the one about domains without a dot.
    DotlessDomain,
    /// Only those that DigiCert documents, and that of the language id.
    Documented,
}

/// What the scan of a text found.
pub(crate) struct ScannedText {
    scan: Scan,
    /// The broken rule that is not about characters.
    format: Option<Rule>,
}

impl ScannedText {
    pub(crate) fn new(field: Field, value: &JsonValue<'_>, rules: RuleSet) -> Self {
        let (scan, format) = match (value.as_str(), field) {
            (None, _) => (Scan::clean(0), Some(value.wrong_type(JsonType::String))),
            (Some(text), _) if rules == RuleSet::Documented && field != Field::LanguageId => {
                let chars = text.chars().count() as u64;
                (Scan::clean(chars), text.is_empty().then_some(Rule::Blank))
            }
            (Some(text), _) => {
                let mut scan = Scan::of(text);
                let joiner = scan.joiner.take();
                // No script has joiners in numbers and addresses.
                if matches!(field, Field::Email | Field::Telephone | Field::LanguageId) {
                    scan.invisible = scan.invisible.or(joiner);
                }
                let format = match field {
                    Field::LanguageId => language_id_rule(text, scan),
                    Field::Email => email_rule(text, scan, rules),
                    _ => None,
                };
                (scan, format)
            }
        };
        Self { scan, format }
    }

    fn broken_rules(&self) -> impl Iterator<Item = Rule> {
        let scan = self.scan;
        let rules = [
            scan.blank.then_some(Rule::Blank),
            scan.surrounding.map(Rule::SurroundingWhiteSpace),
            scan.control.map(Rule::ControlCharacter),
            scan.bidi.map(Rule::BidiControl),
            scan.invisible.map(Rule::InvisibleCharacter),
            self.format.clone(),
        ];
        rules.into_iter().flatten()
    }
}

impl ValidateLength<u64> for ScannedText {
    fn length(&self) -> Option<u64> {
        Some(self.scan.chars)
    }
}

/// `validator` copies the serialized value into its errors, so this writes none.
impl Serialize for ScannedText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}

fn is_valid(text: &ScannedText) -> Result<(), ValidationError> {
    let valid = text.scan == Scan::clean(text.scan.chars) && text.format.is_none();
    valid
        .then_some(())
        .ok_or_else(|| ValidationError::new("text"))
}

/// The format of an address is reported only if no rule about its characters explains it.
fn email_rule(text: &str, scan: Scan, rules: RuleSet) -> Option<Rule> {
    if scan.has_unseen() {
        return None;
    }
    let text = scan.surrounding.map_or(text, |_| trimmed(text));
    match email::check(text) {
        Err(error) => Some(Rule::EmailFormat(error)),
        Ok(has_dot) => (!has_dot && rules == RuleSet::All).then_some(Rule::EmailDotlessDomain),
    }
}

fn language_id_rule(text: &str, scan: Scan) -> Option<Rule> {
    let text = scan.surrounding.map_or(text, |_| trimmed(text));
    let valid = matches!(text.len(), 1..=3) && text.bytes().all(|b| b.is_ascii_digit());
    (!valid && !scan.has_unseen()).then_some(Rule::LanguageIdFormat)
}

impl ContactRules {
    /// Adds the violations of the contact at `parent` to `violations`.
    pub(crate) fn check(&self, parent: Parent, violations: &mut Vec<Violation>) {
        let Err(errors) = self.validate() else { return };
        for (field, text) in Field::TEXT.into_iter().zip(self.texts()) {
            let Some(ValidationErrorsKind::Field(errors)) = errors.errors().get(field.as_str())
            else {
                continue;
            };
            let mut add = |rule| violations.push(Violation::new(parent, Leaf::Field(field), rule));
            for error in errors {
                match (&*error.code, text, field.limit()) {
                    (_, None, _) => add(Rule::Required),
                    ("length", Some(text), Some(limit)) => add(Rule::TooLong {
                        limit,
                        length: text.scan.chars,
                    }),
                    (_, Some(text), _) => text.broken_rules().for_each(&mut add),
                }
            }
        }
    }

    /// In the order of [`Field::TEXT`].
    fn texts(&self) -> [Option<&ScannedText>; 6] {
        [
            self.first_name.as_ref(),
            self.last_name.as_ref(),
            self.email.as_ref(),
            self.job_title.as_ref(),
            self.telephone.as_ref(),
            self.language_id.as_ref(),
        ]
    }
}
