//! The forms in which a body holds errors.

use roxmltree::{Document, Node};
use serde_json::Value;

use crate::text::without_byte_order_mark;

/// A code and a message, of which one may be empty.
pub(super) type CodeAndMessage = (String, String);

const MESSAGES: [&str; 3] = ["message", "description", "error_description"];

pub(super) fn errors(body: &[u8]) -> Vec<CodeAndMessage> {
    let body = String::from_utf8_lossy(without_byte_order_mark(body));
    let body = body.trim();
    match serde_json::from_str(body) {
        Ok(json) => json_errors(&json),
        Err(_) => Document::parse(body).map_or_else(|_| Vec::new(), |xml| xml_errors(&xml)),
    }
}

fn json_errors(json: &Value) -> Vec<CodeAndMessage> {
    // A text beside a message is a code: `{"error": "forbidden", "message": "..."}`.
    let code = json["error"].as_str().unwrap_or_default();
    let message = text(json, &MESSAGES);
    if !code.is_empty() && !message.is_empty() {
        return vec![(code.to_owned(), message)];
    }
    let mut errors = Vec::new();
    for candidate in [&json["errors"], &json["error"]] {
        if errors.is_empty() {
            collect_errors(candidate, &mut errors);
        }
    }
    if errors.is_empty() {
        let list = json.as_array();
        let list = list.map_or(std::slice::from_ref(json), Vec::as_slice);
        errors.extend(list.iter().filter_map(object_error));
    }
    errors
}

/// Also finds the texts of a form such as `{"email": ["is not valid"]}`.
fn collect_errors(json: &Value, errors: &mut Vec<CodeAndMessage>) {
    match json {
        Value::String(message) if !message.is_empty() => {
            errors.push((String::new(), message.clone()));
        }
        Value::Array(list) => list.iter().for_each(|json| collect_errors(json, errors)),
        Value::Object(members) => match object_error(json) {
            Some(error) => errors.push(error),
            None => members
                .values()
                .for_each(|json| collect_errors(json, errors)),
        },
        _ => {}
    }
}

fn object_error(json: &Value) -> Option<CodeAndMessage> {
    let error = (text(json, &["code"]), text(json, &MESSAGES));
    (error != CodeAndMessage::default()).then_some(error)
}

/// The first of the members that has a value.
fn text(json: &Value, names: &[&str]) -> String {
    let values = names.iter().map(|name| match &json[*name] {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    });
    values
        .into_iter()
        .find(|text| !text.is_empty())
        .unwrap_or_default()
}

fn xml_errors(document: &Document<'_>) -> Vec<CodeAndMessage> {
    let root = document.root_element().tag_name().name();
    if root.eq_ignore_ascii_case("html") {
        return Vec::new();
    }
    let errors = document
        .descendants()
        .filter(|node| node.has_tag_name("error"));
    errors.filter_map(element_error).collect()
}

fn element_error(error: Node<'_, '_>) -> Option<CodeAndMessage> {
    let member = |name: &str| {
        let child = error.children().find(|child| child.has_tag_name(name));
        let text = child
            .and_then(|child| child.text())
            .or(error.attribute(name));
        text.map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty())
    };
    let message = MESSAGES.into_iter().find_map(member);
    let own_text = || error.text().unwrap_or_default().trim().to_owned();
    let error = (
        member("code").unwrap_or_default(),
        message.unwrap_or_else(own_text),
    );
    (error != CodeAndMessage::default()).then_some(error)
}
