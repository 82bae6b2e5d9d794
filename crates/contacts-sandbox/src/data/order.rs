use std::fmt::Write;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::date::Period;

pub(crate) const CONTACT_TYPES: [&str; 2] = ["organization_contact", "technical_contact"];

/// An order in compact form: the fields that never change are stored as text, and orders can share
/// contacts. 50,000 orders take 55 MB; as trees of values they would take 440.
#[derive(Clone)]
pub(crate) struct Order {
    pub(crate) id: u64,
    /// The fields except `id` and the contacts, as `"name":value,...`.
    fields: Box<str>,
    status: Box<str>,
    product: Box<str>,
    dv: bool,
    contacts: [Option<Arc<Value>>; 2],
}

impl Order {
    /// From an object in the form of the API, but with this id.
    pub(crate) fn new(id: u64, value: Value) -> Self {
        let mut fields = match value {
            Value::Object(fields) => fields,
            _ => Map::new(),
        };
        fields.shift_remove("id");
        let contacts = CONTACT_TYPES.map(|name| fields.shift_remove(name).map(Arc::new));
        Self::from_parts(id, &fields, contacts)
    }

    /// From parts, so that orders can share contacts.
    pub(crate) fn from_parts(
        id: u64,
        fields: &Map<String, Value>,
        contacts: [Option<Arc<Value>>; 2],
    ) -> Self {
        let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().into();
        let product = fields.get("product");
        let json = serde_json::to_string(fields).unwrap_or_default();
        let inner = json.strip_prefix('{').and_then(|r| r.strip_suffix('}'));
        Self {
            id,
            fields: inner.unwrap_or_default().into(),
            status: text(fields.get("status")),
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

    /// The contact of a type, by its index in [`CONTACT_TYPES`].
    pub(crate) const fn contact(&self, contact_type: usize) -> Option<&Arc<Value>> {
        self.contacts[contact_type].as_ref()
    }

    /// Sets a contact and returns the previous one.
    pub(crate) const fn replace(
        &mut self,
        contact_type: usize,
        contact: Arc<Value>,
    ) -> Option<Arc<Value>> {
        self.contacts[contact_type].replace(contact)
    }

    /// Puts back the contact that a type had before a change.
    pub(crate) fn put_back(&mut self, contact_type: &str, before: Option<Arc<Value>>) {
        if let Some(index) = CONTACT_TYPES.iter().position(|name| *name == contact_type) {
            self.contacts[index] = before;
        }
    }

    fn contacts(&self) -> impl Iterator<Item = (&'static str, &Value)> {
        let contacts = CONTACT_TYPES.into_iter().zip(&self.contacts);
        contacts.filter_map(|(name, contact)| Some((name, contact.as_deref()?)))
    }

    /// Everything except id and contacts.
    fn fields(&self) -> Map<String, Value> {
        serde_json::from_str(&format!("{{{}}}", self.fields)).unwrap_or_default()
    }

    /// The complete order, including each `language_id`.
    pub(crate) fn to_value(&self) -> Value {
        let mut value = json!({ "id": self.id });
        if let Value::Object(fields) = &mut value {
            fields.extend(self.fields());
        }
        for (name, contact) in self.contacts() {
            value[name] = contact.clone();
        }
        value
    }

    /// The order in the form of the API, without `language_id`: no response of DigiCert's is known
    /// to have it.
    pub(crate) fn api_json(&self) -> String {
        let mut text = format!("{{\"id\":{}", self.id);
        if !self.fields.is_empty() {
            text.push(',');
            text.push_str(&self.fields);
        }
        for (name, contact) in self.contacts() {
            let mut contact = contact.clone();
            if let Value::Object(fields) = &mut contact {
                fields.shift_remove("language_id");
            }
            // Writing to a string cannot fail.
            let _ = write!(text, ",\"{name}\":{contact}");
        }
        text.push('}');
        text
    }

    pub(crate) fn common_name(&self) -> Option<Value> {
        self.fields()
            .get("certificate")?
            .get("common_name")
            .cloned()
    }

    /// The entry of the list: without contacts, and with a part of its product and certificate.
    pub(crate) fn list_entry(&self) -> Value {
        let mut fields = self.fields();
        let certificate = fields.shift_remove("certificate");
        let product = fields.shift_remove("product");
        let name_id = product.as_ref().and_then(|p| p.get("name_id")).cloned();
        let no = || Some(false.into());
        let mut optional = |name| fields.shift_remove(name);
        // In DigiCert's sequence.
        let entry = [
            ("id", Some(self.id.into())),
            ("certificate", certificate.as_ref().map(listed_certificate)),
            ("status", optional("status")),
            ("is_renewed", optional("is_renewed").or_else(no)),
            ("date_created", optional("date_created")),
            // Seen as an empty list, and absent as well.
            (
                "organization",
                optional("organization").or(self.dv.then(|| json!([]))),
            ),
            ("validity_years", optional("validity_years")),
            (
                "disable_renewal_notifications",
                optional("disable_renewal_notifications").or_else(no),
            ),
            ("container", optional("container")),
            (
                "product",
                product.map(|product| part(&product, &["name_id", "name", "type"])),
            ),
            ("has_duplicates", optional("has_duplicates").or_else(no)),
            ("product_name_id", name_id),
        ];
        let present = entry
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)));
        Value::Object(present.collect())
    }

    /// The order's certificate, in the form that a third-party client expects.
    pub(crate) fn certificate_details(&self) -> Value {
        let mut fields = self.fields();
        let certificate = fields.shift_remove("certificate");
        let mut certificate = certificate.filter(Value::is_object).unwrap_or(json!({}));
        certificate["order_id"] = self.id.into();
        for name in ["status", "product", "organization"] {
            if let Some(value) = fields.shift_remove(name) {
                certificate[name] = value;
            }
        }
        certificate
    }

    /// The names by which the certificate is found: thumbprint and serial number in lower case, and
    /// its id with a prefix that makes it distinct from these.
    pub(crate) fn certificate_names(&self) -> Vec<String> {
        let fields = self.fields();
        let Some(certificate) = fields.get("certificate") else {
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

/// These members of an object, if it has them.
fn part(object: &Value, names: &[&str]) -> Value {
    let member = |name: &&str| Some(((*name).to_owned(), object.get(name)?.clone()));
    Value::Object(names.iter().filter_map(member).collect())
}

/// The certificate in the list, which also has the days until it expires.
fn listed_certificate(certificate: &Value) -> Value {
    // The last two are not documented here; a third-party client reads the serial number.
    const LISTED: [&str; 7] = [
        "id",
        "common_name",
        "dns_names",
        "valid_till",
        "signature_hash",
        "thumbprint",
        "serial_number",
    ];
    let valid_till = certificate["valid_till"].as_str().and_then(Period::parse);
    let mut listed = part(certificate, &LISTED);
    if let Some(valid_till) = valid_till {
        listed["days_remaining"] = Period::now().days_until(valid_till).into();
    }
    listed
}

/// Inferred from the products in DigiCert's documentation.
fn is_dv(product: &Value) -> bool {
    const DV_NAMES: [&str; 6] = [
        "ssl_dv_geotrust",
        "ssl_dv_rapidssl",
        "wildcard_dv_geotrust",
        "wildcard_dv_rapidssl",
        "cloud_dv_geotrust",
        "ssl_dv_geotrust_flex",
    ];
    let field = |name: &str| {
        let text = product.get(name).and_then(Value::as_str);
        text.unwrap_or_default().to_ascii_lowercase()
    };
    field("validation_type") == "dv"
        || field("type") == "dv_ssl_certificate"
        || DV_NAMES.contains(&field("name_id").as_str())
}
