//! CSV in the form of DigiCert's order report: the header unquoted, every value quoted.

use serde_json::Value;

/// The name of a column, and the JSON pointer to its value in an order.
pub(super) type Column = (&'static str, &'static str);

pub(super) fn table(columns: &[Column], orders: impl Iterator<Item = Value>) -> String {
    let names: Vec<_> = columns.iter().map(|(name, _)| *name).collect();
    let mut text = names.join(",") + "\r\n";
    for order in orders {
        for (index, (_, pointer)) in columns.iter().enumerate() {
            // The empty pointer is the whole order.
            let value = order.pointer(pointer).filter(|_| !pointer.is_empty());
            text.push_str(if index > 0 { ",\"" } else { "\"" });
            text.push_str(&cell(value).replace('"', "\"\""));
            text.push('"');
        }
        text.push_str("\r\n");
    }
    text
}

/// The text of a value; the items of a list are joined by commas.
pub(super) fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Bool(flag)) => u8::from(*flag).to_string(),
        Some(Value::Array(list)) => {
            let cells: Vec<_> = list.iter().map(|item| cell(Some(item))).collect();
            cells.join(",")
        }
        Some(other) => other.to_string(),
    }
}
