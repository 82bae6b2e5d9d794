//! The baselines: serde alone, and `validator`'s derive as in its documentation.

use serde::{Deserialize, Serialize};
use validator::Validate;

#[derive(Deserialize, Serialize, Validate)]
struct Update {
    #[validate(length(min = 1, max = 2), nested)]
    contacts: Vec<Contact>,
}

#[derive(Deserialize, Serialize, Validate)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "the API's names")]
struct Contact {
    #[validate(length(min = 1, max = 128))]
    first_name: String,
    #[validate(length(min = 1, max = 128))]
    last_name: String,
    #[validate(email, length(max = 255))]
    email: String,
    #[validate(length(max = 64))]
    job_title: Option<String>,
    #[validate(length(max = 32))]
    telephone: Option<String>,
    #[validate(length(min = 1, max = 3))]
    language_id: Option<String>,
    contact_type: ContactType,
}

#[derive(Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
enum ContactType {
    OrganizationContact,
    TechnicalContact,
}

pub(crate) fn parses(json: &[u8]) -> bool {
    serde_json::from_slice::<Update>(json).is_ok()
}

pub(crate) fn is_valid(json: &[u8]) -> bool {
    serde_json::from_slice::<Update>(json).is_ok_and(|update| {
        let one_of_each = match update.contacts.as_slice() {
            [a, b] => a.contact_type != b.contact_type,
            _ => true,
        };
        update.validate().is_ok() && one_of_each
    })
}
