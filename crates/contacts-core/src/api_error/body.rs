//! The forms in which a body holds errors.

use roxmltree::{Document, Node, ParsingOptions};
use serde_json::Value;

use crate::text::without_byte_order_mark;

/// A code and a message, of which one may be empty.
pub(super) type CodeAndMessage = (String, String);

/// Members that describe an error, in the order in which they are shown. Only `message` is documented.
const MESSAGES: [&str; 8] = [
    "error",
    "error_code",
    "title",
    "message",
    "description",
    "error_description",
    "error_message",
    "detail",
];

pub(super) fn errors(body: &[u8]) -> Vec<CodeAndMessage> {
    let body = String::from_utf8_lossy(without_byte_order_mark(body));
    let body = body.trim();
    // Some frameworks put it before JSON, so that a browser does not run it as a script.
    let json = body.strip_prefix(")]}'").unwrap_or(body);
    match serde_json::from_str(json.trim_start_matches(',')) {
        Ok(json) => json_errors(&json),
        Err(_) => xml(body).map_or_else(Vec::new, |xml| xml_errors(&xml)),
    }
}

/// A document without entities, which can expand without end.
fn xml(body: &str) -> Option<Document<'_>> {
    let options = ParsingOptions {
        allow_dtd: !body.contains("<!ENTITY"),
        ..ParsingOptions::default()
    };
    Document::parse_with_options(body, options).ok()
}

fn json_errors(json: &Value) -> Vec<CodeAndMessage> {
    let mut errors = Vec::new();
    collect_errors(&json["errors"], &mut errors);
    // A text is one of the messages of the whole.
    if errors.is_empty() && !json["error"].is_string() {
        collect_errors(&json["error"], &mut errors);
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
        Value::String(_) | Value::Number(_) => {
            errors.extend(text(json).map(|message| (String::new(), message)));
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
    let member = |name: &&str| text(&json[*name]);
    let error = (member(&"code").unwrap_or_default(), message(member));
    (error != CodeAndMessage::default()).then_some(error)
}

/// The messages that `member` finds, each once.
fn message(member: impl Fn(&&str) -> Option<String>) -> String {
    let mut texts: Vec<_> = MESSAGES.iter().filter_map(member).collect();
    texts.dedup();
    texts.join(": ")
}

fn text(json: &Value) -> Option<String> {
    match json {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn xml_errors(document: &Document<'_>) -> Vec<CodeAndMessage> {
    let root = document.root_element().tag_name().name();
    if root.eq_ignore_ascii_case("html") {
        return Vec::new();
    }
    let errors = document
        .descendants()
        .filter(|node| has_name(*node, "error"));
    errors.filter_map(element_error).collect()
}

fn has_name(node: Node<'_, '_>, name: &str) -> bool {
    node.is_element() && node.tag_name().name().eq_ignore_ascii_case(name)
}

fn element_error(error: Node<'_, '_>) -> Option<CodeAndMessage> {
    let member = |name: &&str| {
        let child = error.children().find(|child| has_name(*child, name));
        let text = child
            .and_then(|child| child.text())
            .or(error.attribute(*name));
        text.map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty())
    };
    let mut message = message(member);
    if message.is_empty() {
        error
            .text()
            .unwrap_or_default()
            .trim()
            .clone_into(&mut message);
    }
    let error = (member(&"code").unwrap_or_default(), message);
    (error != CodeAndMessage::default()).then_some(error)
}
