use std::fmt;
use std::str::Utf8Error;

use serde::de::DeserializeOwned;
use serde_json::error::Category;

use crate::rule::{JsonType, Rule};
use crate::violation::{Parent, Path, Violation, Violations};

/// Why an update or an order could not be read.
///
/// ```
/// use contacts_core::{ContactsUpdate, ReadError};
///
/// let error = ContactsUpdate::from_json(b"{\n  oops").unwrap_err();
/// assert!(matches!(error, ReadError::Syntax { line: 2, column: 3, .. }));
/// assert_eq!(error.to_string(), "not JSON: key must be a string at line 2, column 3");
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum ReadError {
    /// The bytes are not JSON.
    Syntax {
        /// The line, counted from 1.
        line: usize,
        /// The column in bytes, counted from 1.
        column: usize,
        /// What is wrong there. It never holds text of the input.
        reason: String,
    },
    /// It is JSON, but not of the shape that is expected. What is there instead is not told, since
    /// it may be anything.
    Shape {
        /// The line, counted from 1; 0 where it is not known.
        line: usize,
        /// The column in bytes, counted from 1.
        column: usize,
    },
    /// It is JSON, but no valid update.
    Violations(Violations),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax {
                line,
                column,
                reason,
            } => {
                write!(f, "not JSON: {reason} at line {line}, column {column}")
            }
            Self::Shape { line: 0, .. } => f.write_str("unexpected JSON structure"),
            Self::Shape { line, column } => {
                write!(
                    f,
                    "unexpected JSON structure at line {line}, column {column}"
                )
            }
            Self::Violations(violations) => violations.fmt(f),
        }
    }
}

impl std::error::Error for ReadError {}

impl ReadError {
    pub(crate) fn not_utf8(json: &[u8], error: Utf8Error) -> Self {
        let mut lines = json[..error.valid_up_to()].split(|b| *b == b'\n');
        Self::Syntax {
            line: lines.clone().count(),
            column: lines.next_back().map_or(0, <[u8]>::len) + 1,
            reason: "not UTF-8".to_owned(),
        }
    }

    fn not_an_object(value: &serde_json::Value) -> Self {
        let found = match value {
            serde_json::Value::Null => JsonType::Null,
            serde_json::Value::Bool(_) => JsonType::Boolean,
            serde_json::Value::Number(_) => JsonType::Number,
            serde_json::Value::String(_) => JsonType::String,
            serde_json::Value::Array(_) => JsonType::Array,
            serde_json::Value::Object(_) => JsonType::Object,
        };
        let rule = Rule::WrongType {
            expected: JsonType::Object,
            found,
        };
        Self::Violations(Violations::one(Violation::new(
            Path::whole(Parent::Root),
            rule,
        )))
    }
}

/// Reads an object whose members may be anything.
pub(crate) fn object<T: DeserializeOwned>(json: &[u8]) -> Result<T, ReadError> {
    let value: serde_json::Value = serde_json::from_slice(json)?;
    if !value.is_object() {
        return Err(ReadError::not_an_object(&value));
    }
    Ok(serde_json::from_value(value)?)
}

impl From<serde_json::Error> for ReadError {
    fn from(error: serde_json::Error) -> Self {
        let (line, column) = (error.line(), error.column());
        if error.classify() == Category::Data {
            return Self::Shape { line, column };
        }
        let full = error.to_string();
        let place = format!(" at line {line} column {column}");
        let reason = full.strip_suffix(&place).unwrap_or(&full).to_owned();
        Self::Syntax {
            line,
            column,
            reason,
        }
    }
}
