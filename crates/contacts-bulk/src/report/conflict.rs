use std::fmt;

use contacts_core::{ContactType, Field, Order, OrderContact};
use serde::{Deserialize, Serialize};

use crate::plan::order::PlannedOrder;

/// A field that changed between the plan and the update, so that nothing was sent for its order.
/// `Debug` shows no values.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FieldConflict {
    /// The type of the contact.
    pub contact_type: ContactType,
    /// The field.
    pub field: Field,
    /// The order's value in the plan; `None` if it had none, or if it was not readable.
    pub planned: Option<String>,
    /// The order's value now; `None` if it has none, or if it is not readable.
    pub now: Option<String>,
    /// The value of the update; `None` if the update keeps the order's value.
    pub wanted: Option<String>,
}

impl FieldConflict {
    /// The fields of the contacts that the update names whose values are not those of the plan.
    pub(crate) fn between(now: &Order, planned: &PlannedOrder) -> Vec<Self> {
        let mut conflicts = Vec::new();
        for (contact_type, wanted) in planned.update().contacts() {
            let (before, now) = (planned.before(contact_type), now.contact(contact_type));
            let differing = Field::TEXT
                .into_iter()
                .filter(|f| state(before, *f) != state(now, *f));
            conflicts.extend(differing.map(|field| {
                Self {
                    contact_type,
                    field,
                    planned: before
                        .and_then(|contact| contact.get(field))
                        .map(str::to_owned),
                    now: now
                        .and_then(|contact| contact.get(field))
                        .map(str::to_owned),
                    wanted: wanted.get(field).map(str::to_owned),
                }
            }));
        }
        conflicts
    }
}

/// The value of a field, and whether it is readable. `language_id` never is.
fn state(contact: Option<&OrderContact>, field: Field) -> (Option<&str>, bool) {
    let value = contact.and_then(|contact| contact.get(field));
    let is_readable = contact.is_none_or(|contact| contact.is_readable(field));
    (value, is_readable || field == Field::LanguageId)
}

impl fmt::Debug for FieldConflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FieldConflict")
            .field("contact_type", &self.contact_type)
            .field("field", &self.field)
            .finish_non_exhaustive()
    }
}
