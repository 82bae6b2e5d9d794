//! The contacts of `--technical` and `--organization`.

use contacts_core::{
    ContactDraft, ContactType, ContactsUpdate, Field, Order, UpdateDraft, Violation,
};

use crate::args::Set;
use crate::command::{fields, input};
use crate::error::CommandError;

/// The fields that the user gave, by contact.
pub(super) struct Fields<'a>(Vec<GivenContact<'a>>);

struct GivenContact<'a> {
    contact_type: ContactType,
    option: &'static str,
    draft: ContactDraft<'a>,
    fields: Vec<Field>,
}

const REQUIRED: [Field; 3] = [Field::FirstName, Field::LastName, Field::Email];

pub(super) fn parse(args: &Set) -> Result<Fields<'_>, CommandError> {
    let options = [
        (
            ContactType::Organization,
            "organization",
            &args.organization,
        ),
        (ContactType::Technical, "technical", &args.technical),
    ];
    let mut contacts = Vec::new();
    for (contact_type, option, text) in options {
        if let Some(text) = text {
            let (draft, fields) = fields::parse(option, text)?;
            contacts.push(GivenContact {
                contact_type,
                option,
                draft,
                fields,
            });
        }
    }
    let fields = Fields(contacts);
    // What the order cannot complete is an error before the first request.
    let violations = fields.update(None).build().err();
    let violations = violations.iter().flat_map(|violations| violations.iter());
    let invalid: Vec<_> = violations.filter(|v| fields.is_given(v)).cloned().collect();
    if invalid.is_empty() {
        Ok(fields)
    } else {
        Err(fields.error(&invalid))
    }
}

impl Fields<'_> {
    /// Whether the user gave every required field.
    pub(super) fn is_complete(&self) -> bool {
        let is_complete =
            |given: &GivenContact<'_>| REQUIRED.iter().all(|f| given.fields.contains(f));
        self.0.iter().all(is_complete)
    }

    /// The update. Required fields that are not given come from the order.
    pub(super) fn complete(&self, order: &Order) -> Result<ContactsUpdate, CommandError> {
        // Our own rules guard what users enter, not what DigiCert holds.
        let update = self.update(Some(order)).only_documented_rules();
        update.build().map_err(|violations| self.error(&violations))
    }

    fn update<'s>(&'s self, order: Option<&'s Order>) -> UpdateDraft<'s> {
        let mut update = UpdateDraft::default();
        for given in &self.0 {
            let current = order.and_then(|order| order.contact(given.contact_type));
            let missing = REQUIRED.into_iter().filter(|f| !given.fields.contains(f));
            let draft = missing.fold(given.draft.clone(), |draft, field| {
                match current.and_then(|contact| contact.get(field)) {
                    Some(value) => draft.set(field, value),
                    None => draft,
                }
            });
            update.push(given.contact_type.as_str(), draft);
        }
        update
    }

    /// The contact of a violation, if the user gave it.
    fn contact_of(&self, violation: &Violation) -> Option<&GivenContact<'_>> {
        self.0.get(violation.path().contact_index()?)
    }

    fn is_given(&self, violation: &Violation) -> bool {
        let given = self.contact_of(violation).zip(violation.path().field());
        given.is_none_or(|(given, field)| given.fields.contains(&field))
    }

    /// The user wrote options, not `contacts[n]`.
    fn error(&self, violations: &[Violation]) -> CommandError {
        let lines = input::listed(violations, |violation| {
            let contact = self.contact_of(violation);
            match (contact, violation.path().field()) {
                (Some(given), Some(field)) => {
                    format!("--{}: {field}: {}", given.option, violation.rule())
                }
                _ => violation.to_string(),
            }
        });
        CommandError::usage(format!("invalid contacts, nothing was sent:{lines}"))
    }
}
