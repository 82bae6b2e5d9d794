//! What `PUT .../contact` does, written from DigiCert's page.

use serde_json::{Map, Value};

use crate::answer::Answer;

const TYPES: [&str; 2] = ["organization_contact", "technical_contact"];

/// Name, whether it is required, longest text in characters.
const FIELDS: [(&str, bool, usize); 6] = [
    ("first_name", true, 128),
    ("last_name", true, 128),
    ("email", true, 255),
    ("job_title", false, 64),
    ("telephone", false, 32),
    ("language_id", false, 3),
];

const DV_NAMES: [&str; 6] = [
    "ssl_dv_geotrust",
    "ssl_dv_rapidssl",
    "wildcard_dv_geotrust",
    "wildcard_dv_rapidssl",
    "cloud_dv_geotrust",
    "ssl_dv_geotrust_flex",
];

/// Applies a request body to an order: all of it, or nothing and an error.
pub(crate) fn update(order: &mut Map<String, Value>, body: &[u8]) -> Result<(), Answer> {
    let body: Value = serde_json::from_slice(body).map_err(|_| Answer::malformed_body())?;
    let contacts = contacts(&body)?;
    for contact in &contacts {
        check(contact)?;
    }
    let kinds: Vec<_> = contacts
        .iter()
        .map(|contact| contact["contact_type"].as_str())
        .collect();
    if kinds.len() > 1 && kinds[1..].contains(&kinds[0]) || kinds.len() > TYPES.len() {
        return Err(Answer::duplicate_type());
    }
    if kinds.contains(&Some("organization_contact")) && is_dv(order) {
        let message = "A DV order can't have an organization contact.";
        return Err(Answer::invented("dv_organization_contact", message));
    }
    for contact in contacts {
        apply(order, contact);
    }
    Ok(())
}

fn contacts(body: &Value) -> Result<Vec<&Map<String, Value>>, Answer> {
    let list = body.get("contacts").and_then(Value::as_array);
    let list = list.filter(|list| !list.is_empty()).ok_or_else(|| {
        Answer::invented(
            "contacts_missing",
            "`contacts` must be an array with a contact in it.",
        )
    })?;
    list.iter()
        .map(|contact| {
            let not_an_object = || Answer::invented("contact_type_invalid", "Not an object.");
            contact.as_object().ok_or_else(not_an_object)
        })
        .collect()
}

fn check(contact: &Map<String, Value>) -> Result<(), Answer> {
    let kind = contact.get("contact_type").and_then(Value::as_str);
    if !kind.is_some_and(|kind| TYPES.contains(&kind)) {
        let message = "`contact_type` must be technical_contact or organization_contact.";
        return Err(Answer::invented("contact_type_invalid", message));
    }
    for (name, required, limit) in FIELDS {
        check_field(name, required, limit, contact.get(name))?;
    }
    let known = |name: &str| name == "contact_type" || FIELDS.iter().any(|(n, ..)| *n == name);
    if contact.keys().any(|name| !known(name)) {
        let message = "A contact has a field that the endpoint does not document.";
        return Err(Answer::invented("unknown_field", message));
    }
    Ok(())
}

fn check_field(
    name: &str,
    required: bool,
    limit: usize,
    value: Option<&Value>,
) -> Result<(), Answer> {
    let refuse = |code, what: &str| Err(Answer::invented(code, &format!("`{name}` {what}.")));
    let Some(value) = value else {
        return if required {
            refuse("field_missing", "is required")
        } else {
            Ok(())
        };
    };
    let Some(text) = value.as_str() else {
        return refuse("field_type", "must be a string");
    };
    if text.is_empty() {
        return refuse("field_missing", "must not be empty");
    }
    if text.chars().count() > limit {
        return refuse(
            "field_too_long",
            &format!("is longer than {limit} characters"),
        );
    }
    let address =
        |text: &str| matches!(text.split_once('@'), Some((a, b)) if !a.is_empty() && !b.is_empty());
    if name == "email" && !address(text) {
        return refuse("email_invalid", "is not an e-mail address");
    }
    if name == "language_id" && !text.bytes().all(|b| b.is_ascii_digit()) {
        return refuse("language_id_invalid", "must be digits");
    }
    Ok(())
}

fn is_dv(order: &Map<String, Value>) -> bool {
    let product = |name: &str| {
        let value = order.get("product").and_then(|product| product.get(name));
        value
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_ascii_lowercase()
    };
    product("validation_type") == "dv"
        || product("type") == "dv_ssl_certificate"
        || DV_NAMES.contains(&product("name_id").as_str())
}

/// What is left out stays; a type that the order lacks is added.
fn apply(order: &mut Map<String, Value>, contact: &Map<String, Value>) {
    let kind = contact["contact_type"].as_str().unwrap_or_default();
    let held = order.entry(kind).or_insert(Value::Null);
    if !held.is_object() {
        // An account may have been filled with anything.
        *held = Value::Object(Map::new());
    }
    for (name, ..) in FIELDS {
        if let Some(value) = contact.get(name) {
            held[name] = value.clone();
        }
    }
}
