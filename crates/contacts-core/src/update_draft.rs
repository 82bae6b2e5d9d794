use crate::contact_type::ContactType;
use crate::draft::{ContactDraft, is_wrong_type};
use crate::rule::{JsonType, Rule};
use crate::update::ContactsUpdate;
use crate::validate::Kind;
use crate::violation::{Parent, Path, Violation, Violations};

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
    /// What is wrong with it beside its contacts.
    strays: Vec<Violation>,
}

/// One contact of an update, or what was given in the place of one.
#[derive(Clone, Debug)]
pub(crate) struct Entry<'a> {
    pub(crate) parent: Parent,
    pub(crate) kind: GivenType,
    pub(crate) contact: ContactDraft<'a>,
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
        self.begin(parent, kind).contact = contact;
    }

    /// Adds a contact, to be filled in.
    pub(crate) fn begin(&mut self, parent: Parent, kind: GivenType) -> &mut Entry<'a> {
        let at = self.entries.len();
        if at == 0 {
            self.entries.reserve_exact(2);
        }
        self.entries.push(Entry {
            parent,
            kind,
            contact: ContactDraft::default(),
        });
        &mut self.entries[at]
    }

    pub(crate) fn stray(&mut self, path: Path, rule: Rule) {
        self.strays.push(Violation::new(path, rule));
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
        found.extend_from_slice(&self.strays);
        let mut seen = [false; 2];
        for entry in &self.entries {
            let kind = kind_of(entry.kind, &mut seen);
            entry.contact.check(kind, entry.parent, found);
        }
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
