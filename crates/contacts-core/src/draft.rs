use std::borrow::Cow;
use std::fmt;

use crate::contact::Contact;
use crate::field::Field;
use crate::order_contact::OrderContact;
use crate::read::value::JsonValue;
use crate::rule::Rule;
use crate::validate::{ContactRules, RuleSet, ScannedText};
use crate::violation::{Leaf, Parent, Violation, Violations};

/// A contact that is not validated yet.
///
/// It accepts every value; [`build`](Self::build) reports all violations at once. A field that is not
/// set is left out of the request, and the order keeps its value. `Debug` shows which fields are set,
/// never their values.
///
/// It deserializes from any self-describing format and accepts members of every name and type;
/// [`build`](Self::build) reports those that are invalid.
///
/// ```
/// use contacts_core::ContactDraft;
///
/// let violations = ContactDraft::default()
///     .first_name("Jane")
///     .email("jane.doe@example.com\r\nBcc: x")
///     .build()
///     .unwrap_err();
/// assert_eq!(
///     violations.to_string(),
///     "last_name: required, but missing\n\
///      email: U+000D, a line break, at character 21; remove it",
/// );
/// ```
#[derive(Clone, Default)]
pub struct ContactDraft<'a> {
    /// In the order of [`Field::TEXT`].
    values: [Option<JsonValue<'a>>; 6],
    pub(crate) rules: RuleSet,
    /// Violations found by the parser: unknown or duplicate members, or a value that is no object.
    violations: Vec<Violation>,
}

macro_rules! setters {
    ($($name:ident, $field:ident, $doc:literal;)*) => {$(
        #[doc = $doc]
        #[must_use]
        pub fn $name(self, value: impl Into<Cow<'a, str>>) -> Self {
            self.set(Field::$field, value)
        }
    )*};
}

impl<'a> ContactDraft<'a> {
    setters! {
        first_name, FirstName, "Sets `first_name`: required, at most 128 characters.";
        last_name, LastName, "Sets `last_name`: required, at most 128 characters.";
        email, Email, "Sets `email`: required, at most 255 characters, the HTML grammar.";
        job_title, JobTitle, "Sets `job_title`: at most 64 characters.";
        telephone, Telephone, "Sets `telephone`: at most 32 characters, no grammar.";
        language_id, LanguageId, "Sets `language_id`: 1 to 3 ASCII digits, such as `1` (English in DigiCert's examples).";
    }

    /// Sets a text field. [`Field::ContactType`] is ignored, because the update holds the type.
    ///
    /// ```
    /// use contacts_core::{ContactDraft, Field};
    ///
    /// let values = [(Field::FirstName, "Jane"), (Field::LastName, "Doe"), (Field::Email, "j@example.com")];
    /// let draft = values.into_iter().fold(ContactDraft::default(), |draft, (field, value)| draft.set(field, value));
    /// assert_eq!(draft.build()?.last_name(), "Doe");
    /// # Ok::<(), contacts_core::Violations>(())
    /// ```
    #[must_use]
    pub fn set(mut self, field: Field, value: impl Into<Cow<'a, str>>) -> Self {
        self.put(field, JsonValue::String(value.into()));
        self
    }

    pub(crate) fn put(&mut self, field: Field, value: JsonValue<'a>) {
        if let Some(index) = field.text_index() {
            self.values[index] = Some(value);
        }
    }

    /// Allows an e-mail address whose domain has no dot, such as `admin@intranet`. The HTML grammar
    /// allows it; the rule is ours.
    ///
    /// ```
    /// use contacts_core::Contact;
    ///
    /// let draft = Contact::draft("Jane", "Doe", "admin@intranet");
    /// assert_eq!(draft.clone().build().unwrap_err()[0].rule().code(), "email-dotless-domain");
    /// assert!(draft.allow_dotless_domain().build().is_ok());
    /// ```
    #[must_use]
    pub fn allow_dotless_domain(mut self) -> Self {
        if self.rules == RuleSet::All {
            self.rules = RuleSet::DotlessDomain;
        }
        self
    }

    /// Skips the rules that are our own decision, and keeps DigiCert's: the required fields and the
    /// lengths. Meant for values that DigiCert already holds, such as those that an undo restores.
    ///
    /// ```
    /// use contacts_core::Contact;
    ///
    /// let draft = Contact::draft("Robin ", "Doe", "robin@exämple.com");
    /// assert_eq!(draft.clone().build().unwrap_err().len(), 2);
    /// assert_eq!(draft.only_documented_rules().build()?.first_name(), "Robin ");
    /// # Ok::<(), contacts_core::Violations>(())
    /// ```
    #[must_use]
    pub fn only_documented_rules(mut self) -> Self {
        self.rules = RuleSet::Documented;
        self
    }

    /// Validates the contact.
    ///
    /// # Errors
    /// Returns all violations, in the order of DigiCert's table.
    pub fn build(self) -> Result<Contact, Violations> {
        let mut violations = Vec::new();
        self.check(Parent::Root, None, &mut violations);
        Violations::check(violations)?;
        Ok(self.pack())
    }

    /// Adds the violations to `violations`; `type_rule` is the rule that the contact type breaks.
    pub(crate) fn check(
        &self,
        parent: Parent,
        type_rule: Option<Rule>,
        violations: &mut Vec<Violation>,
    ) {
        // A value that is not an object needs no second violation.
        if !self.violations.iter().any(is_wrong_type) {
            let leaf = Leaf::Field(Field::ContactType);
            violations.extend(type_rule.map(|rule| Violation::new(parent, leaf, rule)));
            self.rules().check(parent, violations);
        }
        violations.extend_from_slice(&self.violations);
    }

    pub(crate) fn add_violation(&mut self, parent: Parent, leaf: Leaf, rule: Rule) {
        self.violations.push(Violation::new(parent, leaf, rule));
    }

    pub(crate) fn texts(&self) -> impl Iterator<Item = (Field, &str)> {
        let values = Field::TEXT.into_iter().zip(&self.values);
        values.filter_map(|(field, value)| Some((field, value.as_ref()?.as_str()?)))
    }

    fn rules(&self) -> ContactRules {
        let scan = |index: usize| {
            let value = self.values[index].as_ref()?;
            let field = Field::TEXT[index];
            Some(ScannedText::new(field, value, self.rules))
        };
        ContactRules {
            first_name: scan(0),
            last_name: scan(1),
            email: scan(2),
            job_title: scan(3),
            telephone: scan(4),
            language_id: scan(5),
        }
    }

    /// Requires that the draft is valid.
    pub(crate) fn pack(&self) -> Contact {
        let values = self.values.each_ref();
        Contact::pack(values.map(|value| value.as_ref()?.as_str()))
    }
}

impl Contact {
    /// Starts a draft with the three required fields.
    ///
    /// ```
    /// use contacts_core::Contact;
    ///
    /// let jane = Contact::draft("Jane", "Doe", "j@example.com").language_id("1").build()?;
    /// assert_eq!(jane.language_id(), Some("1"));
    /// # Ok::<(), contacts_core::Violations>(())
    /// ```
    pub fn draft<'a>(
        first_name: impl Into<Cow<'a, str>>,
        last_name: impl Into<Cow<'a, str>>,
        email: impl Into<Cow<'a, str>>,
    ) -> ContactDraft<'a> {
        ContactDraft::default()
            .first_name(first_name)
            .last_name(last_name)
            .email(email)
    }

    /// Copies this contact into a draft, to build a similar contact.
    ///
    /// ```
    /// use contacts_core::Contact;
    ///
    /// let jane = Contact::draft("Jane", "Doe", "jane.doe@example.com").build()?;
    /// let married = jane.to_draft().last_name("Roe").build()?;
    /// assert_eq!(married.last_name(), "Roe");
    /// # Ok::<(), contacts_core::Violations>(())
    /// ```
    #[must_use]
    pub fn to_draft(&self) -> ContactDraft<'_> {
        // A dotless domain was allowed when this contact was built.
        let draft = ContactDraft::default().allow_dotless_domain();
        self.fields()
            .fold(draft, |draft, (field, value)| draft.set(field, value))
    }
}

impl OrderContact {
    /// Copies the values of this contact into a draft, to send it to an order again. The rules apply
    /// to them, unless the draft skips those that are our own. A field that is not readable counts as
    /// missing.
    ///
    /// ```
    /// use contacts_core::OrderContact;
    ///
    /// let contact = OrderContact::from_json(br#"{"first_name": "J", "last_name": "D", "email": "admin@intranet"}"#)?;
    /// assert_eq!(contact.to_draft().build().unwrap_err()[0].rule().code(), "email-dotless-domain");
    /// assert!(contact.to_draft().only_documented_rules().build().is_ok());
    /// # Ok::<(), contacts_core::ReadError>(())
    /// ```
    #[must_use]
    pub fn to_draft(&self) -> ContactDraft<'_> {
        let fields = self.fields();
        fields.fold(ContactDraft::default(), |draft, (field, value)| {
            draft.set(field, value)
        })
    }
}

pub(crate) fn is_wrong_type(violation: &Violation) -> bool {
    matches!(violation.rule(), Rule::WrongType { .. })
}

impl fmt::Debug for ContactDraft<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut set = Field::TEXT.to_vec();
        set.retain(
            |field| matches!(field.text_index(), Some(index) if self.values[index].is_some()),
        );
        f.debug_struct("ContactDraft").field("set", &set).finish()
    }
}
