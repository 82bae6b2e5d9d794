use std::str::Utf8Error;

use serde::de::{Deserialize, DeserializeOwned};
use serde_json::error::Category;

use crate::read::value::JsonValue;
use crate::rule::JsonType;
use crate::violation::{Leaf, Parent, Violation, Violations};

/// An error in the JSON of an update, a contact or an order.
///
/// ```
/// use contacts_core::{ContactsUpdate, ReadError};
///
/// let error = ContactsUpdate::from_json(b"{\n  oops").unwrap_err();
/// assert!(matches!(error, ReadError::Syntax { line: 2, column: 3, .. }));
/// assert_eq!(error.to_string(), "not JSON: key must be a string at line 2, column 3");
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The bytes are not JSON.
    #[error("not JSON: {reason} at line {line}, column {column}")]
    Syntax {
        /// The line, from 1.
        line: usize,
        /// The column in bytes, from 1.
        column: usize,
        /// The cause, without text of the input.
        reason: String,
    },
    /// The JSON has an unexpected structure. The error does not contain what it has instead, because
    /// that could be a contact's value.
    #[error("unexpected JSON structure{}", position(*line, *column))]
    Shape {
        /// The line, from 1; 0 if unknown.
        line: usize,
        /// The column in bytes, from 1.
        column: usize,
    },
    /// The JSON breaks rules.
    #[error(transparent)]
    Violations(Violations),
}

fn position(line: usize, column: usize) -> String {
    match line {
        0 => String::new(),
        line => format!(" at line {line}, column {column}"),
    }
}

impl ReadError {
    pub(crate) fn not_utf8(json: &[u8], error: Utf8Error) -> Self {
        let mut lines = json[..error.valid_up_to()].split(|b| *b == b'\n');
        Self::Syntax {
            line: lines.clone().count(),
            column: lines.next_back().map_or(0, <[u8]>::len) + 1,
            reason: "not UTF-8".to_owned(),
        }
    }
}

/// Parses an object whose members may have any type.
pub(crate) fn object<T: DeserializeOwned>(json: &[u8]) -> Result<T, ReadError> {
    let value: serde_json::Value = serde_json::from_slice(json)?;
    if value.is_object() {
        return Ok(serde_json::from_value(value)?);
    }
    let rule = JsonValue::deserialize(&value)?.wrong_type(JsonType::Object);
    let violation = Violation::new(Parent::Root, Leaf::None, rule);
    Err(ReadError::Violations(Violations::one(violation)))
}

impl From<serde_json::Error> for ReadError {
    fn from(error: serde_json::Error) -> Self {
        let (line, column) = (error.line(), error.column());
        if error.classify() == Category::Data {
            return Self::Shape { line, column };
        }
        let message = error.to_string();
        let position = format!(" at line {line} column {column}");
        let reason = message
            .strip_suffix(&position)
            .unwrap_or(&message)
            .to_owned();
        Self::Syntax {
            line,
            column,
            reason,
        }
    }
}
