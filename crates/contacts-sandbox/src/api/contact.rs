//! `PUT /order/certificate/{order_id}/contact`, written from DigiCert's documentation.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};

use super::error;
use crate::data::order::{CONTACT_TYPES, Order};
use crate::data::record::ContactChange;
use crate::data::ring_buffer::RingBuffer;
use crate::http::request::Request;
use crate::http::response::Response;

/// An index of [`CONTACT_TYPES`].
pub(super) const ORGANIZATION: usize = 0;

struct FieldRule {
    name: &'static str,
    required: bool,
    max_chars: usize,
}

const fn rule(name: &'static str, required: bool, max_chars: usize) -> FieldRule {
    FieldRule {
        name,
        required,
        max_chars,
    }
}

const FIELDS: [FieldRule; 6] = [
    rule("first_name", true, 128),
    rule("last_name", true, 128),
    rule("email", true, 255),
    rule("job_title", false, 64),
    rule("telephone", false, 32),
    rule("language_id", false, 3),
];

/// Applies a request to an order and records the changes: all of them, or none and an error.
pub(super) fn put(
    order: &mut Order,
    changes: &mut RingBuffer<ContactChange>,
    request: &Request,
    now: Duration,
) -> Result<Response, Response> {
    let body = json_body(request)?;
    for (contact_type, contact) in validated(order, &body)? {
        let after = merged(order.contact(contact_type), contact);
        let before = order.replace(contact_type, Arc::clone(&after));
        changes.push(|number| ContactChange {
            number,
            at: now,
            order_id: order.id,
            contact_type: CONTACT_TYPES[contact_type].to_owned(),
            before,
            after,
        });
    }
    Ok(Response::no_content())
}

/// The body of a request, which must be JSON.
pub(super) fn json_body(request: &Request) -> Result<Value, Response> {
    let media_type = request.header("content-type").unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    if !media_type.eq_ignore_ascii_case("application/json") {
        let message = "The sandbox accepts `Content-Type: application/json` only.";
        return Err(Response::error(415, "sandbox_content_type", message));
    }
    serde_json::from_slice(&request.body).map_err(|_| error::malformed_body())
}

type Contacts<'a> = Vec<(usize, &'a Map<String, Value>)>;

/// The contacts of a body, each with the index of its type.
fn validated<'a>(order: &Order, body: &'a Value) -> Result<Contacts<'a>, Response> {
    let list = body.get("contacts").and_then(Value::as_array);
    let list = list.filter(|list| !list.is_empty()).ok_or_else(|| {
        let message = "`contacts` must be an array of at least one contact.";
        error::bad_request("sandbox_contacts_missing", message)
    })?;
    let object = |value: &'a Value| {
        let message = "A contact must be an object.";
        let error = || error::bad_request("sandbox_contact_type_invalid", message);
        value.as_object().ok_or_else(error)
    };
    let objects: Vec<_> = list.iter().map(object).collect::<Result<_, _>>()?;
    let mut contacts = Contacts::with_capacity(objects.len());
    for contact in objects {
        let contact_type = validate(contact)?;
        if contacts.iter().any(|(other, _)| *other == contact_type) {
            return Err(error::duplicate_type());
        }
        contacts.push((contact_type, contact));
    }
    if order.is_dv() && contacts.iter().any(|(t, _)| *t == ORGANIZATION) {
        let message = "A DV order cannot have an organization contact.";
        return Err(error::bad_request(
            "sandbox_dv_organization_contact",
            message,
        ));
    }
    Ok(contacts)
}

/// The index of the contact's type.
fn validate(contact: &Map<String, Value>) -> Result<usize, Response> {
    let name = contact.get("contact_type").and_then(Value::as_str);
    let Some(contact_type) = CONTACT_TYPES.iter().position(|t| name == Some(t)) else {
        let message = "`contact_type` must be technical_contact or organization_contact.";
        return Err(error::bad_request("sandbox_contact_type_invalid", message));
    };
    for field in &FIELDS {
        field.validate(contact.get(field.name))?;
    }
    let is_known = |name: &str| name == "contact_type" || FIELDS.iter().any(|f| f.name == name);
    if !contact.keys().all(|name| is_known(name)) {
        let message = "The contact has a field that DigiCert does not document.";
        return Err(error::bad_request("sandbox_unknown_field", message));
    }
    Ok(contact_type)
}

impl FieldRule {
    fn validate(&self, value: Option<&Value>) -> Result<(), Response> {
        let name = self.name;
        let invalid =
            |code, rule: &str| Err(error::bad_request(code, &format!("`{name}` {rule}.")));
        let Some(value) = value else {
            if self.required {
                return invalid("sandbox_field_missing", "is required");
            }
            return Ok(());
        };
        let Some(text) = value.as_str() else {
            return invalid("sandbox_field_type", "must be a string");
        };
        if text.is_empty() {
            return invalid("sandbox_field_missing", "must not be empty");
        }
        let max = self.max_chars;
        if text.chars().count() > max {
            let rule = format!("must have at most {max} characters");
            return invalid("sandbox_field_too_long", &rule);
        }
        if name == "email" && !has_email_form(text) {
            return invalid("sandbox_email_invalid", "must be an e-mail address");
        }
        if name == "language_id" && !text.bytes().all(|b| b.is_ascii_digit()) {
            return invalid("sandbox_language_id_invalid", "must consist of digits");
        }
        Ok(())
    }
}

fn has_email_form(text: &str) -> bool {
    matches!(text.split_once('@'), Some((local, domain)) if !local.is_empty() && !domain.is_empty())
}

/// The contact after the change. Fields that the request omits stay.
fn merged(current: Option<&Arc<Value>>, contact: &Map<String, Value>) -> Arc<Value> {
    // An account may hold anything.
    let current = current.and_then(|current| current.as_object().cloned());
    let mut merged = current.unwrap_or_default();
    for field in &FIELDS {
        if let Some(value) = contact.get(field.name) {
            merged.insert(field.name.to_owned(), value.clone());
        }
    }
    Arc::new(Value::Object(merged))
}
