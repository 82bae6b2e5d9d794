use std::borrow::Cow;
use std::fmt;

use crate::contact::Contact;
use crate::field::Field;
use crate::rule::{JsonType, Rule};
use crate::validate::{ContactRules, Kind, Text};
use crate::violation::{Parent, Path, Violation, Violations};

/// What was given for one field, before any check.
#[derive(Clone, Default)]
pub(crate) enum Given<'a> {
    #[default]
    Nothing,
    Text(Cow<'a, str>),
    Wrong(JsonType),
}

/// A contact before the check.
///
/// Every value is accepted here; [`build`](Self::build) names everything that is wrong at once. A
/// field that is not set is left out of the request, and the order keeps its value. `Debug` shows
/// which fields are set, never their values.
///
/// It deserialises from any self-describing format, and then takes in members of every name and
/// type, for [`build`](Self::build) to name what is wrong with them.
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
///      email: a control character or line break is not allowed",
/// );
/// ```
#[derive(Clone, Default)]
pub struct ContactDraft<'a> {
    pub(crate) text: [Given<'a>; 6],
    dotless_domain: bool,
    /// Members that are no fields of a contact, members given twice, or something that is no object.
    strays: Vec<Violation>,
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
        email, Email, "Sets `email`: required, at most 255 characters, the grammar of the HTML standard.";
        job_title, JobTitle, "Sets `job_title`: at most 64 characters.";
        telephone, Telephone, "Sets `telephone`: at most 32 characters, no grammar.";
        language_id, LanguageId, "Sets `language_id`: 1 to 3 ASCII digits, such as `1`, which stands for English in DigiCert's examples.";
    }

    /// Sets a text field by its name. The contact type belongs to the update, so
    /// [`Field::ContactType`] is ignored.
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
        self.put(field, Given::Text(value.into()));
        self
    }

    pub(crate) fn put(&mut self, field: Field, given: Given<'a>) {
        if field != Field::ContactType {
            self.text[field.slot()] = given;
        }
    }

    /// Lets an e-mail address such as `admin@intranet` pass, whose domain has no dot. The HTML
    /// grammar allows it; refusing it is our own rule.
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
        self.dotless_domain = true;
        self
    }

    /// Checks every rule.
    ///
    /// # Errors
    /// All violations, in the order of DigiCert's table.
    pub fn build(self) -> Result<Contact, Violations> {
        let mut found = Vec::new();
        self.check(Kind::NotNeeded, Parent::Root, &mut found);
        match Violations::from_list(found) {
            Some(violations) => Err(violations),
            None => Ok(self.pack()),
        }
    }

    /// Adds what is wrong with it to `found`.
    pub(crate) fn check(&self, kind: Kind, parent: Parent, found: &mut Vec<Violation>) {
        // Where it was read from something that is no object, all else would be a second finding.
        if !self.strays.iter().any(is_wrong_type) {
            self.rules(kind).violations(parent, found);
        }
        found.extend_from_slice(&self.strays);
    }

    pub(crate) fn stray(&mut self, path: Path, rule: Rule) {
        self.strays.push(Violation::new(path, rule));
    }

    fn rules(&self, contact_type: Kind) -> ContactRules<'_> {
        let text = |field: Field| match &self.text[field.slot()] {
            Given::Nothing => None,
            Given::Text(value) => Some(Text::new(value, self.dotless_domain)),
            Given::Wrong(found) => Some(Text::wrong(*found)),
        };
        ContactRules {
            contact_type,
            first_name: text(Field::FirstName),
            last_name: text(Field::LastName),
            email: text(Field::Email),
            job_title: text(Field::JobTitle),
            telephone: text(Field::Telephone),
            language_id: text(Field::LanguageId),
        }
    }

    /// Only for a draft whose rules hold.
    pub(crate) fn pack(&self) -> Contact {
        Contact::pack(self.text.each_ref().map(|given| match given {
            Given::Text(value) => Some(&**value),
            Given::Nothing | Given::Wrong(_) => None,
        }))
    }
}

impl Contact {
    /// Begins a contact with the three fields that are required.
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

    /// This contact as a draft, to build another from it.
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
        // A dotless domain that was let in once stays acceptable.
        let draft = ContactDraft::default().allow_dotless_domain();
        self.fields()
            .fold(draft, |draft, (field, value)| draft.set(field, value))
    }
}

pub(crate) fn is_wrong_type(stray: &Violation) -> bool {
    matches!(stray.rule(), Rule::WrongType { .. })
}

impl fmt::Debug for ContactDraft<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let set = Field::TEXT
            .iter()
            .filter(|f| !matches!(self.text[f.slot()], Given::Nothing));
        f.debug_struct("ContactDraft")
            .field("set", &set.collect::<Vec<_>>())
            .finish()
    }
}
