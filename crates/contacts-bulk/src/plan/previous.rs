use std::sync::OnceLock;

use contacts_core::{ContactType, Order, OrderContact};
use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;

/// The contacts of an order when the plan was made. Those of a journal are parsed on first use,
/// because most orders of a resumed run are finished.
#[derive(Clone, Debug, Default)]
pub(crate) struct PreviousContacts {
    json: Option<Box<RawValue>>,
    contacts: OnceLock<Contacts>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Contacts {
    organization_contact: Option<OrderContact>,
    technical_contact: Option<OrderContact>,
}

impl PreviousContacts {
    pub(crate) fn from_json(json: &RawValue) -> Self {
        Self {
            json: Some(json.to_owned()),
            contacts: OnceLock::new(),
        }
    }

    pub(crate) fn get(&self, contact_type: ContactType) -> Option<&OrderContact> {
        let contacts = self.contacts.get_or_init(|| {
            // The digest matched, so this program wrote the JSON.
            let json = self.json.as_deref().map(RawValue::get);
            let contacts = json.and_then(|json| serde_json::from_str(json).ok());
            contacts.unwrap_or_default()
        });
        match contact_type {
            ContactType::Organization => contacts.organization_contact.as_ref(),
            ContactType::Technical => contacts.technical_contact.as_ref(),
        }
    }
}

impl From<Order> for PreviousContacts {
    fn from(order: Order) -> Self {
        Self {
            json: None,
            contacts: OnceLock::from(Contacts {
                organization_contact: order.organization_contact,
                technical_contact: order.technical_contact,
            }),
        }
    }
}

impl Serialize for PreviousContacts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut contacts = serializer.serialize_struct("PreviousContacts", 2)?;
        for contact_type in ContactType::ALL {
            contacts.serialize_field(contact_type.as_str(), &self.get(contact_type))?;
        }
        contacts.end()
    }
}
