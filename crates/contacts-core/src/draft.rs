use std::borrow::Cow;
use std::fmt;

use crate::contact::Contact;
use crate::contact_type::ContactType;
use crate::field::Field;
use crate::rule::{JsonType, Rule};
use crate::update::ContactsUpdate;
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
    /// Members that are no fields of a contact, and members given twice.
    pub(crate) strays: Vec<(Path, Rule)>,
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
        // Where it was read from something that is no object, all else would be a second finding.
        if !self.strays.iter().any(is_wrong_type) {
            self.rules(Kind::NotNeeded)
                .violations(Parent::Root, &mut found);
        }
        found.extend(self.strays.iter().map(|(path, rule)| stray(path, rule)));
        match Violations::from_list(found) {
            Some(violations) => Err(violations),
            None => Ok(self.pack()),
        }
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
    fn pack(&self) -> Contact {
        Contact::pack(self.text.each_ref().map(|given| match given {
            Given::Text(value) => Some(&**value),
            Given::Nothing | Given::Wrong(_) => None,
        }))
    }
}

fn is_wrong_type((_, rule): &(Path, Rule)) -> bool {
    matches!(rule, Rule::WrongType { .. })
}

fn stray(path: &Path, rule: &Rule) -> Violation {
    Violation::new(path.clone(), rule.clone())
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

/// The type given for a contact, before any check.
#[derive(Clone, Copy, Debug)]
pub(crate) enum GivenType {
    Missing,
    Unknown,
    Wrong(JsonType),
    Known(ContactType),
}

/// An update before the check: contacts with the names of their types, in any number.
///
/// It deserialises from any self-describing format, in both forms of
/// [`ContactsUpdate::from_json`], and then takes in members of every name and type, for
/// [`build`](Self::build) to name what is wrong with them.
///
/// ```
/// use contacts_core::{ContactDraft, UpdateDraft};
///
/// let jane = || ContactDraft::default().first_name("Jane").last_name("Doe").email("j@example.com");
/// let mut draft = UpdateDraft::default();
/// draft.push("technical_contact", jane());
/// draft.push("technical_contact", jane());
/// assert_eq!(
///     draft.build().unwrap_err().to_string(),
///     "contacts[1].contact_type: a second `technical_contact`; an order has only one",
/// );
/// ```
#[derive(Clone, Debug, Default)]
pub struct UpdateDraft<'a> {
    entries: Vec<Entry<'a>>,
    strays: Vec<(Path, Rule)>,
}

#[derive(Clone, Debug)]
struct Entry<'a> {
    kind: GivenType,
    contact: ContactDraft<'a>,
    parent: Parent,
}

impl<'a> UpdateDraft<'a> {
    /// Adds a contact under the name of its type; an empty name counts as missing.
    ///
    /// Its violations have paths that begin with `contacts[n]`, where `n` counts the calls from 0.
    pub fn push(&mut self, contact_type: &str, contact: ContactDraft<'a>) {
        let kind = match ContactType::parse(contact_type) {
            Some(kind) => GivenType::Known(kind),
            None if contact_type.is_empty() => GivenType::Missing,
            None => GivenType::Unknown,
        };
        let parent = Parent::Index(self.entries.len());
        self.push_entry(kind, contact, parent);
    }

    pub(crate) fn push_entry(
        &mut self,
        kind: GivenType,
        contact: ContactDraft<'a>,
        parent: Parent,
    ) {
        self.entries.push(Entry {
            kind,
            contact,
            parent,
        });
    }

    pub(crate) fn stray(&mut self, path: Path, rule: Rule) {
        self.strays.push((path, rule));
    }

    /// Checks every rule.
    ///
    /// # Errors
    /// All violations of all contacts, contact by contact, in the order of DigiCert's table.
    pub fn build(self) -> Result<ContactsUpdate, Violations> {
        let mut found = Vec::new();
        self.check(&mut found);
        if let Some(violations) = Violations::from_list(found) {
            return Err(violations);
        }
        let packed = |wanted| {
            let is_wanted = |e: &&Entry<'_>| matches!(e.kind, GivenType::Known(k) if k == wanted);
            self.entries
                .iter()
                .find(is_wanted)
                .map(|entry| entry.contact.pack())
        };
        let both = [
            packed(ContactType::Organization),
            packed(ContactType::Technical),
        ];
        Ok(ContactsUpdate::from_checked(both))
    }

    fn check(&self, found: &mut Vec<Violation>) {
        // Where `contacts` is of the wrong type, that it holds none would be a second finding.
        if self.entries.is_empty() && !self.strays.iter().any(is_wrong_type) {
            found.push(Violation::new(Path::contacts(), Rule::NoContact));
        }
        let mut seen = [false; 2];
        for entry in &self.entries {
            let kind = kind_of(entry.kind, &mut seen);
            entry.contact.rules(kind).violations(entry.parent, found);
        }
        let strays = self.entries.iter().flat_map(|entry| &entry.contact.strays);
        found.extend(
            self.strays
                .iter()
                .chain(strays)
                .map(|(path, rule)| stray(path, rule)),
        );
    }
}

fn kind_of(given: GivenType, seen: &mut [bool; 2]) -> Kind {
    match given {
        GivenType::Missing => Kind::Missing,
        GivenType::Unknown => Kind::Unknown,
        GivenType::Wrong(found) => Kind::Wrong(found),
        GivenType::Known(kind) if seen[kind as usize] => Kind::Duplicate(kind),
        GivenType::Known(kind) => {
            seen[kind as usize] = true;
            Kind::First
        }
    }
}
