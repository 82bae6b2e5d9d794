//! The people of an organization, from a directory or an HR system.

mod ldif;
mod table;

use std::collections::HashMap;

use serde_json::Value;

use crate::input::{self, ProblemKind};
use crate::search::fold;

/// The e-mail addresses of an organization, and whether their people are active.
///
/// A record names its addresses in `mail`, `email`, `emailAddress`, `userPrincipalName` or `proxyAddresses`, and
/// whether its person is active in `active`, `enabled`, `accountEnabled` or `status`. Case, spaces and signs do
/// not matter, so `E-Mail Address` is `emailAddress`, and neither does what follows in brackets. A value may hold
/// several addresses. In LDIF, `nsAccountLock`, and bit 2 of `userAccountControl`, say that a person is not active. Without such
/// a value, a person is active. If an address is in several records, one active record is enough.
///
/// ```
/// use contacts_bulk::audit::{Directory, DirectoryFormat};
///
/// let people = b"dn: cn=Robin,dc=example,dc=com\nmail: robin@example.com\nuserAccountControl: 514\n\n\
///                dn: cn=Jane,dc=example,dc=com\nmail: jane@example.com\n";
/// let directory = Directory::read(people, DirectoryFormat::Ldif)?;
/// assert_eq!(directory.is_active("Jane@example.com"), Some(true));
/// assert_eq!(directory.is_active("robin@example.com"), Some(false));
/// assert_eq!(directory.is_active("ada@example.com"), None);
/// # Ok::<(), contacts_bulk::audit::DirectoryError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Directory(HashMap<String, bool>);

/// The format of a directory file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DirectoryFormat {
    /// A table with a header.
    Csv,
    /// A JSON object on each line.
    JsonLines,
    /// What `ldapsearch` and directory servers write (RFC 2849).
    Ldif,
}

/// Why a file is not a directory.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct DirectoryError {
    line: u64,
    message: String,
}

const ADDRESSES: [&str; 5] = [
    "mail",
    "email",
    "emailaddress",
    "userprincipalname",
    "proxyaddresses",
];
const ACTIVE: [&str; 4] = ["active", "enabled", "accountenabled", "status"];
// A German Excel writes `WAHR` and `FALSCH`.
const YES: [&str; 7] = ["true", "yes", "1", "active", "enabled", "y", "wahr"];
const NO: [&str; 13] = [
    "false",
    "no",
    "0",
    "inactive",
    "disabled",
    "n",
    "suspended",
    "terminated",
    "left",
    "locked",
    "deleted",
    "deprovisioned",
    "falsch",
];

/// The values of a record that count.
#[derive(Default)]
struct Record {
    addresses: Vec<String>,
    is_inactive: bool,
}

impl Directory {
    /// Reads a file in UTF-8.
    ///
    /// # Errors
    /// Returns an error if the file has no addresses, or a value that cannot be understood.
    pub fn read(bytes: &[u8], format: DirectoryFormat) -> Result<Self, DirectoryError> {
        let bytes = input::text(bytes).map_err(|kind| DirectoryError::new(1, kind.to_string()))?;
        let text = str::from_utf8(bytes).map_err(|error| {
            let before = &bytes[..error.valid_up_to()];
            let line = memchr::memchr_iter(b'\n', before).count() + 1;
            DirectoryError::new(line as u64, "not UTF-8; save the file in UTF-8")
        })?;
        let mut directory = Self(HashMap::new());
        match format {
            DirectoryFormat::Csv => directory.read_csv(text)?,
            DirectoryFormat::JsonLines => directory.read_json_lines(text)?,
            DirectoryFormat::Ldif => directory.read_ldif(text)?,
        }
        if directory.0.is_empty() {
            return Err(DirectoryError::new(1, "the file has no e-mail addresses"));
        }
        Ok(directory)
    }

    /// Whether the person with an e-mail address is active; `None` if the directory does not have it.
    #[must_use]
    pub fn is_active(&self, email: &str) -> Option<bool> {
        self.0.get(&fold(email)).copied()
    }

    fn add(&mut self, record: Record) {
        for address in record.addresses {
            let is_active = self.0.entry(address).or_default();
            *is_active |= !record.is_inactive;
        }
    }

    fn read_json_lines(&mut self, text: &str) -> Result<(), DirectoryError> {
        if text.trim_start().starts_with('[') {
            return Err(DirectoryError::new(1, ProblemKind::JsonArray.to_string()));
        }
        for (line, text) in (1..).zip(text.lines()) {
            if text.trim().is_empty() {
                continue;
            }
            let Ok(Value::Object(object)) = serde_json::from_str(text) else {
                return Err(DirectoryError::new(
                    line,
                    "not a JSON object; write one on each line",
                ));
            };
            let mut record = Record::default();
            for (name, value) in &object {
                let values = value
                    .as_array()
                    .map_or(std::slice::from_ref(value), Vec::as_slice);
                for value in values {
                    let text = match value {
                        Value::String(text) => text.clone(),
                        Value::Null => continue,
                        value => value.to_string(),
                    };
                    record.add(name, &text, line)?;
                }
            }
            self.add(record);
        }
        Ok(())
    }

    fn read_ldif(&mut self, text: &str) -> Result<(), DirectoryError> {
        let mut record = Record::default();
        for attribute in ldif::attributes(text) {
            let (line, name, value) = attribute?;
            match name.to_lowercase().as_str() {
                "dn" => self.add(std::mem::take(&mut record)),
                "nsaccountlock" => record.is_inactive |= is_one_of(&value, &YES),
                "useraccountcontrol" => {
                    let flags: Option<u64> = value.trim().parse().ok();
                    record.is_inactive |= flags.is_some_and(|flags| flags & 2 != 0);
                }
                name => record.add(name, &value, line)?,
            }
        }
        self.add(record);
        Ok(())
    }
}

impl Record {
    fn add(&mut self, name: &str, value: &str, line: u64) -> Result<(), DirectoryError> {
        let value = value.trim();
        let kind = folded_name(name);
        if ADDRESSES.contains(&kind.as_str()) {
            // A table has several addresses in a cell, or a name in front of it.
            for address in value.split([';', ',', '|', '<', '>', ' ', '\t']) {
                // An address of Active Directory has a prefix, in capitals if it is the first.
                let address = fold(address);
                let address = address.strip_prefix("smtp:").unwrap_or(&address);
                if address.contains('@') {
                    self.addresses.push(address.to_owned());
                }
            }
        } else if ACTIVE.contains(&kind.as_str()) && !value.is_empty() {
            let is_inactive = is_one_of(value, &NO);
            if !is_inactive && !is_one_of(value, &YES) {
                let name = contacts_core::printable(name.trim());
                let message =
                    format!("{name}: expected yes or no, true or false, active or inactive");
                return Err(DirectoryError::new(line, message));
            }
            self.is_inactive |= is_inactive;
        }
        Ok(())
    }
}

impl DirectoryFormat {
    /// The format of a file, by the end of its name, or by its content.
    #[must_use]
    pub fn of(name: &str, bytes: &[u8]) -> Self {
        let bytes = contacts_core::without_byte_order_mark(bytes);
        let mut lines = bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
        // `ldapsearch` writes comments first.
        let first = lines.find(|line| !line.is_empty() && !line.starts_with(b"#"));
        let first = first.unwrap_or_default();
        let name = name.to_lowercase();
        let ends_with = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
        if ends_with(&[".ldif"]) || first.starts_with(b"dn:") || first.starts_with(b"version:") {
            Self::Ldif
        } else if ends_with(&[".jsonl", ".json"]) || matches!(first, [b'{' | b'[', ..]) {
            Self::JsonLines
        } else {
            Self::Csv
        }
    }
}

impl DirectoryError {
    fn new(line: u64, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { line, message }
    }
}

/// The name of a column or an attribute without case and signs, and without what follows in brackets:
/// `E-Mail`, or `Email Address [Required]` of Google.
fn folded_name(name: &str) -> String {
    let name = name.split('[').next().unwrap_or_default();
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// Whether a text is one of these, without case.
fn is_one_of(text: &str, names: &[&str]) -> bool {
    let text = text.trim().to_lowercase();
    names.contains(&text.as_str())
}
