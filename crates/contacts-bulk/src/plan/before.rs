use std::sync::OnceLock;

use contacts_core::{ContactType, OrderContact};
use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;

/// An order's contacts as they were read. Those of a line of a journal are kept as they stand there
/// until somebody wants them: of a run that is resumed most orders are finished.
#[derive(Clone, Debug, Default)]
pub(crate) struct Before {
    line: Option<Box<RawValue>>,
    contacts: OnceLock<Contacts>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Contacts {
    organization_contact: Option<OrderContact>,
    technical_contact: Option<OrderContact>,
}

impl Before {
    pub(crate) fn new(
        organization_contact: Option<OrderContact>,
        technical_contact: Option<OrderContact>,
    ) -> Self {
        Self {
            line: None,
            contacts: OnceLock::from(Contacts {
                organization_contact,
                technical_contact,
            }),
        }
    }

    pub(crate) fn of_line(line: &RawValue) -> Self {
        Self {
            line: Some(line.to_owned()),
            contacts: OnceLock::new(),
        }
    }

    pub(crate) fn contact(&self, kind: ContactType) -> Option<&OrderContact> {
        let contacts = self.contacts.get_or_init(|| {
            // What is not of this form was not written by us, and its digest does not fit.
            let line = self.line.as_deref().map(RawValue::get);
            let read = line.and_then(|line| serde_json::from_str(line).ok());
            read.unwrap_or_default()
        });
        match kind {
            ContactType::Organization => contacts.organization_contact.as_ref(),
            ContactType::Technical => contacts.technical_contact.as_ref(),
        }
    }
}

impl Serialize for Before {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut contacts = to.serialize_struct("Before", ContactType::ALL.len())?;
        for kind in ContactType::ALL {
            contacts.serialize_field(kind.as_str(), &self.contact(kind))?;
        }
        contacts.end()
    }
}
