//! CSV as DigiCert's order report writes it: the header unquoted, every value quoted.

use serde_json::Value;

pub(crate) fn header<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut line = names.collect::<Vec<_>>().join(",");
    line.push_str("\r\n");
    line
}

pub(crate) fn row(text: &mut String, cells: impl Iterator<Item = String>) {
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            text.push(',');
        }
        text.push('"');
        text.push_str(&cell.replace('"', "\"\""));
        text.push('"');
    }
    text.push_str("\r\n");
}

/// A value as the text of a cell; lists are joined by commas.
pub(crate) fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Bool(yes)) => u8::from(*yes).to_string(),
        Some(Value::Array(list)) => {
            let cells: Vec<_> = list.iter().map(|value| cell(Some(value))).collect();
            cells.join(",")
        }
        Some(other) => other.to_string(),
    }
}
