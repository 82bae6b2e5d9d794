//! One order of a plan as a line of JSON, in plan files and in journals.

use std::borrow::Cow;
use std::io;

use contacts_core::{Blocked, Contact, ContactDraft, ContactType, ContactsUpdate, Field, OrderId};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::failure::Failure;
use crate::input::OrderUpdate;
use crate::plan::before::Before;
use crate::plan::{PlannedOrder, State};

#[derive(Serialize)]
struct Out<'a> {
    order_id: OrderId,
    #[serde(skip_serializing_if = "Option::is_none")]
    common_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'a str>,
    #[serde(skip_serializing_if = "<[u64]>::is_empty")]
    lines: &'a [u64],
    state: StateName,
    #[serde(skip_serializing_if = "Option::is_none")]
    blocked: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<&'a Failure>,
    before: &'a Before,
    update: &'a ContactsUpdate,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanLine<'a> {
    #[serde(borrow)]
    order_id: Cow<'a, str>,
    common_name: Option<String>,
    status: Option<String>,
    #[serde(default)]
    lines: Vec<u64>,
    state: StateName,
    #[serde(borrow)]
    blocked: Option<Cow<'a, str>>,
    failure: Option<Failure>,
    #[serde(borrow)]
    before: &'a RawValue,
    #[serde(borrow)]
    update: UpdateIn<'a>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum StateName {
    Changes,
    #[serde(alias = "already-right")]
    Unchanged,
    Blocked,
    #[serde(alias = "not-read")]
    ReadFailed,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UpdateIn<'a> {
    #[serde(borrow)]
    contacts: Vec<ContactIn<'a>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ContactIn<'a> {
    #[serde(borrow)]
    contact_type: Cow<'a, str>,
    #[serde(borrow)]
    first_name: Cow<'a, str>,
    #[serde(borrow)]
    last_name: Cow<'a, str>,
    #[serde(borrow)]
    email: Cow<'a, str>,
    #[serde(borrow)]
    job_title: Option<Cow<'a, str>>,
    #[serde(borrow)]
    telephone: Option<Cow<'a, str>>,
    #[serde(borrow)]
    language_id: Option<Cow<'a, str>>,
}

/// The line of an order, without its end. The same order always has the same line: digests are
/// made over it.
pub(crate) fn write(order: &PlannedOrder, to: &mut Vec<u8>) -> io::Result<()> {
    let (state, blocked, failure) = match order.settled() {
        Some(State::Unchanged) => (StateName::Unchanged, None, None),
        Some(State::Blocked(reason)) => (StateName::Blocked, Some(blocked_name(*reason)), None),
        Some(State::ReadFailed(failure)) => (StateName::ReadFailed, None, Some(failure)),
        Some(State::Changes(_)) | None => (StateName::Changes, None, None),
    };
    let line = Out {
        order_id: order.order(),
        common_name: order.common_name(),
        status: order.status(),
        lines: order.lines(),
        state,
        blocked,
        failure,
        before: order.all_before(),
        update: order.update(),
    };
    Ok(serde_json::to_writer(to, &line)?)
}

/// The name of a reason, as in every JSON document of ours.
pub(crate) const fn blocked_name(reason: Blocked) -> &'static str {
    match reason {
        Blocked::OrganizationContactOnDv => "organization-contact-on-dv",
        // Reasons to come need a name here before they can be written down.
        _ => "unknown",
    }
}

pub(crate) fn blocked(name: &str) -> Option<Blocked> {
    let known = Blocked::OrganizationContactOnDv;
    (name == blocked_name(known)).then_some(known)
}

impl PlanLine<'_> {
    /// The order that the line holds, or what is wrong with it.
    pub(crate) fn order(self) -> Result<PlannedOrder, String> {
        let id = OrderId::parse(&self.order_id).map_err(|violation| violation.to_string())?;
        let wrong = |what: &str| format!("order {id}: {what}");
        let update = self.update.update().map_err(|what| wrong(&what))?;
        let state = match (self.state, self.failure, self.blocked.as_deref()) {
            (StateName::Changes, None, None) => None,
            (StateName::Unchanged, None, None) => Some(State::Unchanged),
            (StateName::ReadFailed, Some(failure), None) => Some(State::ReadFailed(failure)),
            (StateName::Blocked, None, Some(name)) => match blocked(name) {
                Some(reason) => Some(State::Blocked(reason)),
                None => return Err(wrong("an unknown reason in `blocked`")),
            },
            _ => return Err(wrong("`state`, `blocked` and `failure` don't fit together")),
        };
        Ok(PlannedOrder::new(
            OrderUpdate::new(id, update, self.lines),
            self.common_name,
            self.status,
            Before::of_line(self.before),
            state,
        ))
    }
}

impl UpdateIn<'_> {
    fn update(&self) -> Result<ContactsUpdate, String> {
        let mut contacts = [None, None];
        for contact in &self.contacts {
            let kind = ContactType::parse(&contact.contact_type).ok();
            let kind = kind.ok_or("an unknown `contact_type`")?;
            let place = &mut contacts[kind as usize];
            if place.replace(contact.contact()?).is_some() {
                return Err(format!("a second `{kind}`"));
            }
        }
        let [organization, technical] = contacts;
        ContactsUpdate::from_contacts(organization, technical)
            .ok_or_else(|| "no contact".to_owned())
    }
}

impl ContactIn<'_> {
    fn contact(&self) -> Result<Contact, String> {
        // Whether a domain may be without a dot was decided when the plan was made.
        let draft = ContactDraft::default().allow_dotless_domain();
        let fields = [
            (Field::FirstName, Some(&self.first_name)),
            (Field::LastName, Some(&self.last_name)),
            (Field::Email, Some(&self.email)),
            (Field::JobTitle, self.job_title.as_ref()),
            (Field::Telephone, self.telephone.as_ref()),
            (Field::LanguageId, self.language_id.as_ref()),
        ];
        let draft = fields
            .into_iter()
            .fold(draft, |draft, (field, value)| match value {
                Some(value) => draft.set(field, value.as_ref()),
                None => draft,
            });
        draft.build().map_err(|violations| violations.to_string())
    }
}
