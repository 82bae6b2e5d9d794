use std::collections::BTreeMap;
use std::sync::OnceLock;

use contacts_core::{ContactType, Field, Order, OrderContact};
use serde::de::Error;
use serde::ser::SerializeStruct;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// The contacts of an order when the plan was made. Those of a journal are parsed on first use,
/// because most orders of a resumed run are finished.
#[derive(Clone, Debug, Default)]
pub(crate) struct PreviousContacts {
    json: Option<Box<RawValue>>,
    contacts: OnceLock<Contacts>,
}

/// The member of a contact that lists the fields that are not readable.
const NOT_READABLE: &str = "not_readable";

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Contacts {
    organization_contact: Option<OrderContact>,
    technical_contact: Option<OrderContact>,
}

impl PreviousContacts {
    /// Only checks the names: an unknown one would be a value that an undo forgets.
    pub(crate) fn from_json(json: &RawValue) -> serde_json::Result<Self> {
        type Names<'a> = BTreeMap<&'a str, Option<BTreeMap<&'a str, &'a RawValue>>>;
        let contacts: Names<'_> = serde_json::from_str(json.get())?;
        let unknown = |name: &str| Err(serde_json::Error::unknown_field(name, &[]));
        for (contact_type, contact) in contacts {
            if ContactType::parse(contact_type).is_err() {
                return unknown(contact_type);
            }
            let mut names = contact.iter().flat_map(BTreeMap::keys);
            if let Some(name) =
                names.find(|name| Field::parse(name).is_err() && **name != NOT_READABLE)
            {
                return unknown(name);
            }
        }
        Ok(Self {
            json: Some(json.to_owned()),
            contacts: OnceLock::new(),
        })
    }

    pub(crate) fn get(&self, contact_type: ContactType) -> Option<&OrderContact> {
        let contacts = self.contacts.get_or_init(|| {
            // The names are known, and the digest matched, so a program of ours wrote the JSON.
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

impl<'de> Deserialize<'de> for PreviousContacts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Box::<RawValue>::deserialize(deserializer)?;
        Self::from_json(&json).map_err(D::Error::custom)
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
