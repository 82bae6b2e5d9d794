//! Finds contacts that look wrong.

mod directory;
mod people;

use std::collections::HashSet;

use contacts_core::{ContactType, DvStatus, Order, OrderContact, OrderId};
use serde::Serialize;

use crate::audit::people::{People, Spelling};
use crate::domain::{DomainPattern, normalized};
use crate::search::fold;

pub use directory::{Directory, DirectoryError, DirectoryFormat};

/// What an audit looks for. Missing contacts, and people with several spellings, are always found.
///
/// ```
/// use contacts_bulk::audit::{Audit, Directory, DirectoryFormat};
/// use contacts_core::{ContactType, Order};
///
/// let directory = Directory::read(b"mail,active\nrobin@example.com,no\n", DirectoryFormat::Csv)?;
/// let audit = Audit::default().directory(directory).role_mailbox(ContactType::Technical);
/// let order = br#"{"id": 7, "technical_contact": {"first_name": "Robin", "last_name": "Leaver",
///                  "email": "robin@example.com"}}"#;
/// let report = audit.run([Order::from_json(order)?]);
/// let reasons: Vec<_> = report.contacts[0].findings.iter().map(ToString::to_string).collect();
/// assert_eq!(reasons, ["not active in the directory", "a personal mailbox"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Audit {
    directory: Option<Directory>,
    allowed_domains: Vec<DomainPattern>,
    role_mailboxes: Vec<ContactType>,
}

/// A domain that is not one: [`Audit::allow_domain`] was given another text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a domain such as `example.com`, or `*.example.com` for all below it")]
pub struct NotADomain;

/// What an audit found.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct AuditReport {
    /// The number of orders.
    pub orders: usize,
    /// The number of different e-mail addresses of their contacts.
    pub people: usize,
    /// The contacts with a finding, in the sequence of the orders.
    pub contacts: Vec<AuditedContact>,
}

/// A contact with at least one finding.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AuditedContact {
    /// The order's id.
    pub order_id: OrderId,
    /// The order.
    pub order: Order,
    /// Which contact of the order.
    pub contact_type: ContactType,
    /// What was found.
    pub findings: Vec<Finding>,
}

/// What looks wrong with a contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, strum::Display)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Finding {
    /// The order has no such contact, and should.
    #[strum(to_string = "missing")]
    Missing,
    /// The contact has no e-mail address that can be read.
    #[strum(to_string = "no e-mail address")]
    NoEmail,
    /// The directory does not have the e-mail address.
    #[strum(to_string = "not in the directory")]
    NotInDirectory,
    /// The directory has the e-mail address of somebody who is not active.
    #[strum(to_string = "not active in the directory")]
    NotActive,
    /// The domain of the e-mail address is not allowed.
    #[strum(to_string = "the domain of the address is not allowed")]
    DomainNotAllowed,
    /// The e-mail address has a name of the contact, where a role mailbox is wanted.
    #[strum(to_string = "a personal mailbox")]
    PersonalMailbox,
    /// Most contacts with this e-mail address have another name.
    #[strum(to_string = "most contacts with this address have another name")]
    OtherName,
    /// Most contacts with this name have another e-mail address.
    #[strum(to_string = "most contacts with this name have another address")]
    OtherAddress,
}

impl AuditedContact {
    /// What was found, as one text.
    #[must_use]
    pub fn reason(&self) -> String {
        let findings: Vec<_> = self.findings.iter().map(Finding::to_string).collect();
        findings.join("; ")
    }
}

impl Audit {
    /// Finds contacts whose e-mail address is not in a directory, or of somebody who is not active.
    #[must_use]
    pub fn directory(mut self, directory: Directory) -> Self {
        self.directory = Some(directory);
        self
    }

    /// Finds contacts whose e-mail address has another domain. Can be called several times. `*.example.com`
    /// allows every domain below `example.com`.
    ///
    /// # Errors
    /// Returns an error if the text is not a domain.
    pub fn allow_domain(mut self, domain: &str) -> Result<Self, NotADomain> {
        let pattern = DomainPattern::parse(domain).ok_or(NotADomain)?;
        self.allowed_domains.push(pattern);
        Ok(self)
    }

    /// Finds contacts of this type whose e-mail address is that of a person and not of a role: its local part
    /// has the first or the last name of the contact, such as `jane.doe`, `doe` or `jdoe`. A contact whose name
    /// has a word such as `Team` or `Support` is no person. Both are our own decisions.
    /// DigiCert recommends a distribution list for the technical contact.
    #[must_use]
    pub fn role_mailbox(mut self, contact_type: ContactType) -> Self {
        self.role_mailboxes.push(contact_type);
        self
    }

    /// Looks at the contacts of orders. Orders without an id are ignored.
    ///
    /// A missing organization contact is a finding only if the order's product is not DV; if that is not
    /// known, it is none.
    pub fn run(&self, orders: impl IntoIterator<Item = Order>) -> AuditReport {
        let orders: Vec<_> = orders.into_iter().collect();
        let contacts = orders.iter().flat_map(contacts);
        let people = People::of(contacts.map(|(_, contact)| contact));
        let mut report = AuditReport {
            orders: orders.len(),
            people: people.len(),
            contacts: Vec::new(),
        };
        for order in orders {
            let Some(order_id) = order.id else { continue };
            for contact_type in ContactType::ALL {
                let findings = self.findings(&order, contact_type, &people);
                if !findings.is_empty() {
                    report.contacts.push(AuditedContact {
                        order_id,
                        order: order.clone(),
                        contact_type,
                        findings,
                    });
                }
            }
        }
        report
    }

    fn findings(&self, order: &Order, contact_type: ContactType, people: &People) -> Vec<Finding> {
        let Some(contact) = order.contact(contact_type) else {
            let is_expected = match contact_type {
                ContactType::Organization => order.dv_status() == DvStatus::No,
                ContactType::Technical => true,
            };
            return is_expected
                .then_some(Finding::Missing)
                .into_iter()
                .collect();
        };
        let Some(email) = contact.email().map(fold) else {
            return vec![Finding::NoEmail];
        };
        let domain = email.rsplit_once('@').map_or("", |(_, domain)| domain);
        let domain = normalized(domain);
        let mut allowed = self.allowed_domains.iter();
        let is_foreign = !self.allowed_domains.is_empty() && !allowed.any(|a| a.matches(&domain));
        let is_personal =
            self.role_mailboxes.contains(&contact_type) && is_personal(contact, &email);
        let in_directory =
            self.directory
                .as_ref()
                .and_then(|directory| match directory.is_active(&email) {
                    None => Some(Finding::NotInDirectory),
                    Some(false) => Some(Finding::NotActive),
                    Some(true) => None,
                });
        let spelling = people.spelling(contact).map(|spelling| match spelling {
            Spelling::OtherName => Finding::OtherName,
            Spelling::OtherAddress => Finding::OtherAddress,
        });
        [
            in_directory,
            is_foreign.then_some(Finding::DomainNotAllowed),
            is_personal.then_some(Finding::PersonalMailbox),
            spelling,
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// Words in the name of a contact that is a role, as in `Web Team`.
const ROLE_WORDS: [&str; 16] = [
    "team",
    "admin",
    "admins",
    "administrator",
    "administrators",
    "group",
    "support",
    "desk",
    "helpdesk",
    "service",
    "services",
    "operations",
    "department",
    "hostmaster",
    "postmaster",
    "webmaster",
];

fn contacts(order: &Order) -> impl Iterator<Item = (ContactType, &OrderContact)> {
    ContactType::ALL
        .into_iter()
        .filter_map(|contact_type| Some((contact_type, order.contact(contact_type)?)))
}

/// Whether the local part of an address has a name of the contact.
fn is_personal(contact: &OrderContact, email: &str) -> bool {
    let local = email.split(['@', '+']).next().unwrap_or_default();
    let parts: HashSet<_> = local.split(['.', '_', '-']).collect();
    let names = [contact.first_name(), contact.last_name()];
    let names = names.map(|name| fold(name.unwrap_or_default()));
    let mut words = names.iter().flat_map(|name| name.split([' ', '-', '/']));
    if words.any(|word| ROLE_WORDS.contains(&word)) {
        return false;
    }
    let [first, last] = names.map(|name| name.replace([' ', '-', '\''], ""));
    let initial: String = first.chars().take(1).collect();
    let last_initial: String = last.chars().take(1).collect();
    let joined = [
        format!("{first}{last}"),
        format!("{last}{first}"),
        format!("{initial}{last}"),
        format!("{last}{initial}"),
        format!("{first}{last_initial}"),
    ];
    // Shorter names are words of role mailboxes as well.
    let is_name = |name: &String| name.chars().count() > 2;
    let is_part = |name: &String| is_name(name) && parts.contains(name.as_str());
    is_part(&first) || is_part(&last) || joined.iter().any(|name| is_name(name) && local == name)
}
