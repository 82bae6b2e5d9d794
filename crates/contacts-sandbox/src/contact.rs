//! What `PUT .../contact` does, written from DigiCert's page.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::answer::Answer;
use crate::order::{CONTACT_TYPES, Order};

/// A contact that was written: its type's position, what was there, and what is there now.
pub(crate) type Written = (usize, Option<Arc<Value>>, Arc<Value>);

const ORGANIZATION: usize = 0;

/// Name, whether it is required, longest text in characters.
const FIELDS: [(&str, bool, usize); 6] = [
    ("first_name", true, 128),
    ("last_name", true, 128),
    ("email", true, 255),
    ("job_title", false, 64),
    ("telephone", false, 32),
    ("language_id", false, 3),
];

/// Applies a request body to an order: all of it, or nothing and an error.
pub(crate) fn update(order: &mut Order, body: &[u8]) -> Result<Vec<Written>, Answer> {
    let body: Value = serde_json::from_slice(body).map_err(|_| Answer::malformed_body())?;
    let contacts = contacts(&body)?;
    let mut kinds = Vec::with_capacity(CONTACT_TYPES.len());
    for contact in &contacts {
        let kind = check(contact)?;
        if kinds.contains(&kind) {
            return Err(Answer::duplicate_type());
        }
        kinds.push(kind);
    }
    if kinds.contains(&ORGANIZATION) && order.is_dv() {
        let message = "A DV order can't have an organization contact.";
        return Err(Answer::invented("sandbox_dv_organization_contact", message));
    }
    let write = |(kind, contact): (usize, &Map<String, Value>)| {
        let new = merged(order.contact(kind), contact);
        let old = order.replace(kind, Arc::clone(&new));
        (kind, old, new)
    };
    Ok(kinds.into_iter().zip(contacts).map(write).collect())
}

fn contacts(body: &Value) -> Result<Vec<&Map<String, Value>>, Answer> {
    let list = body.get("contacts").and_then(Value::as_array);
    let list = list.filter(|list| !list.is_empty()).ok_or_else(|| {
        Answer::invented(
            "sandbox_contacts_missing",
            "`contacts` must be an array with a contact in it.",
        )
    })?;
    list.iter()
        .map(|contact| {
            let not_an_object =
                || Answer::invented("sandbox_contact_type_invalid", "Not an object.");
            contact.as_object().ok_or_else(not_an_object)
        })
        .collect()
}

/// The position of the contact's type.
fn check(contact: &Map<String, Value>) -> Result<usize, Answer> {
    let kind = contact.get("contact_type").and_then(Value::as_str);
    let Some(kind) = CONTACT_TYPES.iter().position(|known| kind == Some(known)) else {
        let message = "`contact_type` must be technical_contact or organization_contact.";
        return Err(Answer::invented("sandbox_contact_type_invalid", message));
    };
    for (name, required, limit) in FIELDS {
        check_field(name, required, limit, contact.get(name))?;
    }
    let known = |name: &str| name == "contact_type" || FIELDS.iter().any(|(n, ..)| *n == name);
    if contact.keys().any(|name| !known(name)) {
        let message = "A contact has a field that the endpoint does not document.";
        return Err(Answer::invented("sandbox_unknown_field", message));
    }
    Ok(kind)
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
            refuse("sandbox_field_missing", "is required")
        } else {
            Ok(())
        };
    };
    let Some(text) = value.as_str() else {
        return refuse("sandbox_field_type", "must be a string");
    };
    if text.is_empty() {
        return refuse("sandbox_field_missing", "must not be empty");
    }
    if text.chars().count() > limit {
        return refuse(
            "sandbox_field_too_long",
            &format!("is longer than {limit} characters"),
        );
    }
    let address =
        |text: &str| matches!(text.split_once('@'), Some((a, b)) if !a.is_empty() && !b.is_empty());
    if name == "email" && !address(text) {
        return refuse("sandbox_email_invalid", "is not an e-mail address");
    }
    if name == "language_id" && !text.bytes().all(|b| b.is_ascii_digit()) {
        return refuse("sandbox_language_id_invalid", "must be digits");
    }
    Ok(())
}

/// The contact after the change: what is left out stays.
fn merged(held: Option<&Arc<Value>>, contact: &Map<String, Value>) -> Arc<Value> {
    // An account may have been filled with anything.
    let mut merged = held
        .and_then(|held| held.as_object().cloned())
        .unwrap_or_default();
    for (name, ..) in FIELDS {
        if let Some(value) = contact.get(name) {
            merged.insert(name.to_owned(), value.clone());
        }
    }
    Arc::new(Value::Object(merged))
}
