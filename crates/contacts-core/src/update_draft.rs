use crate::contact_type::ContactType;
use crate::draft::{ContactDraft, is_wrong_type};
use crate::name::Named;
use crate::read::value::JsonValue;
use crate::rule::Rule;
use crate::update::ContactsUpdate;
use crate::validate::RuleSet;
use crate::violation::{Leaf, Parent, Path, Violation, Violations};

/// An update that is not validated yet: any number of contacts with the names of their types.
///
/// It deserializes from any self-describing format, in both forms of
/// [`ContactsUpdate::from_json`], and accepts members of every name and type;
/// [`build`](Self::build) reports those that are invalid.
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
    pub(crate) contacts: Vec<TypedDraft<'a>>,
    /// Violations found by the parser, except those of a contact.
    violations: Vec<Violation>,
}

/// An update that is not validated yet, with its order, as in a line of a JSON Lines file.
///
/// It deserializes like an [`UpdateDraft`] that has a member `order_id`.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct OrderUpdateDraft<'a> {
    /// The value of `order_id`, if there is one.
    pub order_id: Option<JsonValue<'a>>,
    /// The update.
    pub update: UpdateDraft<'a>,
}

/// A contact with its type.
#[derive(Clone, Debug)]
pub(crate) struct TypedDraft<'a> {
    pub(crate) parent: Parent,
    /// The type, or the rule that its name breaks.
    pub(crate) contact_type: Result<ContactType, Rule>,
    pub(crate) contact: ContactDraft<'a>,
}

impl<'a> UpdateDraft<'a> {
    /// Adds a contact with the name of its type. An empty name counts as missing.
    ///
    /// The paths of its violations start with `contacts[n]`, where `n` counts the calls from 0.
    pub fn push(&mut self, contact_type: &str, contact: ContactDraft<'a>) {
        let contact_type = match contact_type {
            "" => Err(Rule::Required),
            name => ContactType::from_name(name).ok_or(Rule::UnknownContactType),
        };
        self.contacts.push(TypedDraft {
            parent: Parent::Index(self.contacts.len()),
            contact_type,
            contact,
        });
    }

    /// Skips the rules that are our own decision, in every contact that was added so far, as
    /// [`ContactDraft::only_documented_rules`] does.
    ///
    /// ```
    /// use contacts_core::{Contact, UpdateDraft};
    ///
    /// let mut draft = UpdateDraft::default();
    /// draft.push("technical_contact", Contact::draft("Jane", "Doe", "admin@intranet"));
    /// assert!(draft.clone().build().is_err());
    /// assert!(draft.only_documented_rules().build().is_ok());
    /// ```
    #[must_use]
    pub fn only_documented_rules(mut self) -> Self {
        for draft in &mut self.contacts {
            draft.contact.rules = RuleSet::Documented;
        }
        self
    }

    /// The values that are strings, each with its path, to look at them before they are validated.
    ///
    /// ```
    /// use contacts_core::{Contact, UpdateDraft};
    ///
    /// let mut draft = UpdateDraft::default();
    /// draft.push("technical_contact", Contact::draft("#N/A", "Doe", "j@example.com"));
    /// let (path, text) = draft.texts().next().unwrap();
    /// assert_eq!((path.to_string().as_str(), text), ("contacts[0].first_name", "#N/A"));
    /// ```
    pub fn texts(&self) -> impl Iterator<Item = (Path, &str)> {
        self.contacts.iter().flat_map(|draft| {
            let texts = draft.contact.texts();
            texts.map(|(field, text)| (Path::new(draft.parent, Leaf::Field(field)), text))
        })
    }

    /// Returns the draft in its place, to be filled there.
    pub(crate) fn add_contact(&mut self, draft: TypedDraft<'a>) -> &mut TypedDraft<'a> {
        self.contacts.push(draft);
        self.contacts.last_mut().expect("it was just added")
    }

    pub(crate) fn add_violation(&mut self, leaf: Leaf, rule: Rule) {
        self.violations
            .push(Violation::new(Parent::Root, leaf, rule));
    }

    /// Validates the update.
    ///
    /// # Errors
    /// Returns all violations, contact by contact, in the order of DigiCert's table.
    pub fn build(self) -> Result<ContactsUpdate, Violations> {
        Violations::check(self.violations())?;
        let pack = |contact_type| {
            let mut drafts = self.contacts.iter();
            let draft = drafts.find(|draft| draft.contact_type == Ok(contact_type))?;
            Some(draft.contact.pack())
        };
        Ok(ContactsUpdate::from_valid(ContactType::ALL.map(pack)))
    }

    fn violations(&self) -> Vec<Violation> {
        let mut violations = self.violations.clone();
        // If `contacts` has the wrong type, it needs no second violation.
        if self.contacts.is_empty() && !violations.iter().any(is_wrong_type) {
            violations.push(Violation::new(
                Parent::Root,
                Leaf::Contacts,
                Rule::NoContact,
            ));
        }
        let mut seen = [false; 2];
        for draft in &self.contacts {
            let type_rule = match &draft.contact_type {
                Ok(contact_type) => std::mem::replace(&mut seen[*contact_type as usize], true)
                    .then_some(Rule::DuplicateContactType(*contact_type)),
                Err(rule) => Some(rule.clone()),
            };
            draft
                .contact
                .check(draft.parent, type_rule, &mut violations);
        }
        violations
    }
}
