use std::fmt::Write;
use std::sync::Arc;

use serde_json::{Map, Value};

pub(crate) const CONTACT_TYPES: [&str; 2] = ["organization_contact", "technical_contact"];

/// An order in little space: what never changes is kept as text, and equal contacts can be shared.
/// As a tree of values, 50,000 orders take 440 MB instead of 55.
#[derive(Clone)]
pub(crate) struct Order {
    pub(crate) id: u64,
    /// The members except `id` and the contacts, as `"name":value,...`.
    rest: Box<str>,
    status: Box<str>,
    product: Box<str>,
    dv: bool,
    contacts: [Option<Arc<Value>>; 2],
}

impl Order {
    /// From an object as the API shows it; its `id` gives way to the one given here.
    pub(crate) fn new(id: u64, value: Value) -> Self {
        let mut members = match value {
            Value::Object(members) => members,
            _ => Map::new(),
        };
        members.shift_remove("id");
        let contacts = CONTACT_TYPES.map(|kind| members.shift_remove(kind).map(Arc::new));
        Self::assemble(id, &members, contacts)
    }

    /// From its parts, so that orders can share contacts.
    pub(crate) fn assemble(
        id: u64,
        members: &Map<String, Value>,
        contacts: [Option<Arc<Value>>; 2],
    ) -> Self {
        let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().into();
        let product = members.get("product");
        let rest = serde_json::to_string(members).unwrap_or_default();
        let inner = rest.strip_prefix('{').and_then(|r| r.strip_suffix('}'));
        Self {
            id,
            rest: inner.unwrap_or_default().into(),
            status: text(members.get("status")),
            product: text(product.and_then(|product| product.get("name_id"))),
            dv: product.is_some_and(is_dv),
            contacts,
        }
    }

    pub(crate) const fn is_dv(&self) -> bool {
        self.dv
    }

    pub(crate) fn status(&self) -> &str {
        &self.status
    }

    pub(crate) fn product(&self) -> &str {
        &self.product
    }

    /// By the position of its type in [`CONTACT_TYPES`].
    pub(crate) const fn contact(&self, kind: usize) -> Option<&Arc<Value>> {
        self.contacts[kind].as_ref()
    }

    /// Puts a contact in its place and returns the one that was there.
    pub(crate) const fn replace(&mut self, kind: usize, new: Arc<Value>) -> Option<Arc<Value>> {
        self.contacts[kind].replace(new)
    }

    /// Everything but id and contacts.
    pub(crate) fn members(&self) -> Map<String, Value> {
        serde_json::from_str(&format!("{{{}}}", self.rest)).unwrap_or_default()
    }

    /// Everything that was ever set.
    pub(crate) fn whole(&self) -> Value {
        let mut members = Map::new();
        members.insert("id".to_owned(), self.id.into());
        members.extend(self.members());
        for (kind, contact) in CONTACT_TYPES.iter().zip(&self.contacts) {
            if let Some(contact) = contact {
                members.insert((*kind).to_owned(), (**contact).clone());
            }
        }
        Value::Object(members)
    }

    /// What the API tells: `language_id` has never been seen in an answer of DigiCert's.
    pub(crate) fn shown(&self) -> String {
        let mut text = format!("{{\"id\":{}", self.id);
        if !self.rest.is_empty() {
            text.push(',');
            text.push_str(&self.rest);
        }
        for (kind, contact) in CONTACT_TYPES.iter().zip(&self.contacts) {
            if let Some(contact) = contact {
                let mut contact = (**contact).clone();
                if let Value::Object(members) = &mut contact {
                    members.shift_remove("language_id");
                }
                // Writing to a string can't fail.
                let _ = write!(text, ",\"{kind}\":{contact}");
            }
        }
        text.push('}');
        text
    }

    /// Whether a text occurs in what the list shows, without regard to case.
    pub(crate) fn mentions(&self, lower_case: &str) -> bool {
        self.id.to_string().contains(lower_case)
            || self
                .listed()
                .to_string()
                .to_lowercase()
                .contains(lower_case)
    }

    /// An order as it is listed: without contacts, and with the name and type of its product.
    pub(crate) fn listed(&self) -> Value {
        const LISTED: [&str; 9] = [
            "status",
            "certificate",
            "organization",
            "container",
            "date_created",
            "validity_years",
            "is_renewed",
            "disable_renewal_notifications",
            "has_duplicates",
        ];
        let mut members = self.members();
        let mut listed = Map::new();
        listed.insert("id".to_owned(), self.id.into());
        for name in LISTED {
            if let Some(value) = members.shift_remove(name) {
                listed.insert(name.to_owned(), value);
            }
        }
        if let Some(Value::Object(product)) = members.get("product") {
            let part = |name: &str| Some((name.to_owned(), product.get(name)?.clone()));
            let parts = ["name_id", "name", "type"].into_iter().filter_map(part);
            listed.insert("product".to_owned(), Value::Object(parts.collect()));
        }
        Value::Object(listed)
    }

    /// The order's certificate in the form in which a client of DigiCert's reads it on its own.
    pub(crate) fn certificate(&self) -> Value {
        let mut members = self.members();
        let certificate = members.shift_remove("certificate").unwrap_or_default();
        let mut certificate = match certificate {
            Value::Object(certificate) => certificate,
            _ => Map::new(),
        };
        certificate.insert("order_id".to_owned(), self.id.into());
        for name in ["status", "product", "organization"] {
            if let Some(value) = members.shift_remove(name) {
                certificate.insert(name.to_owned(), value);
            }
        }
        Value::Object(certificate)
    }

    /// What the order's certificate is found by: thumbprint and serial number in lower case, and
    /// its id after a word that neither begins with.
    pub(crate) fn certificate_names(&self) -> Vec<String> {
        let members = self.members();
        let Some(certificate) = members.get("certificate") else {
            return Vec::new();
        };
        let text = |name| certificate.get(name)?.as_str();
        let id = certificate.get("id").and_then(Value::as_u64);
        ["thumbprint", "serial_number"]
            .into_iter()
            .filter_map(text)
            .filter(|name| !name.is_empty())
            .map(str::to_lowercase)
            .chain(id.map(|id| format!("id {id}")))
            .collect()
    }
}

/// Inferred from the products that DigiCert documents.
fn is_dv(product: &Value) -> bool {
    const DV_NAMES: [&str; 6] = [
        "ssl_dv_geotrust",
        "ssl_dv_rapidssl",
        "wildcard_dv_geotrust",
        "wildcard_dv_rapidssl",
        "cloud_dv_geotrust",
        "ssl_dv_geotrust_flex",
    ];
    let member = |name: &str| {
        let text = product.get(name).and_then(Value::as_str);
        text.unwrap_or_default().to_ascii_lowercase()
    };
    member("validation_type") == "dv"
        || member("type") == "dv_ssl_certificate"
        || DV_NAMES.contains(&member("name_id").as_str())
}
