//! The people of an organization, from a directory or an HR system.

mod ldif;

use std::collections::HashMap;

use csv::ReaderBuilder;
use serde_json::Value;

use crate::search::fold;

/// The e-mail addresses of an organization, and whether their people are active.
///
/// A record names its addresses in `mail`, `email`, `e-mail`, `userPrincipalName` or `proxyAddresses`, and
/// whether its person is active in `active`, `enabled`, `accountEnabled` or `status`. Case does not matter.
/// In LDIF, `nsAccountLock`, and bit 2 of `userAccountControl`, say that a person is not active. Without such
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
    "e-mail",
    "userprincipalname",
    "proxyaddresses",
];
const ACTIVE: [&str; 4] = ["active", "enabled", "accountenabled", "status"];
const YES: [&str; 6] = ["true", "yes", "1", "active", "enabled", "y"];
const NO: [&str; 11] = [
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
        let bytes = contacts_core::without_byte_order_mark(bytes);
        let text = str::from_utf8(bytes).map_err(|error| {
            let before = &bytes[..error.valid_up_to()];
            let line = memchr::memchr_iter(b'\n', before).count() + 1;
            DirectoryError::new(line as u64, "not UTF-8")
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

    fn read_csv(&mut self, text: &str) -> Result<(), DirectoryError> {
        let header = text.lines().next().unwrap_or_default();
        let count = |delimiter: &u8| header.bytes().filter(|byte| byte == delimiter).count();
        let delimiter = *b",;\t"
            .iter()
            .rev()
            .max_by_key(|d| count(d))
            .unwrap_or(&b',');
        let mut csv = ReaderBuilder::new();
        let mut csv = csv.delimiter(delimiter).from_reader(text.as_bytes());
        let names = csv.headers().map_err(|error| not_csv(&error))?.clone();
        if !names.iter().any(|name| is_one_of(name, &ADDRESSES)) {
            let message = "no column with e-mail addresses; name it `mail` or `email`";
            return Err(DirectoryError::new(1, message));
        }
        for row in csv.records() {
            let row = row.map_err(|error| not_csv(&error))?;
            let line = row.position().map_or(1, csv::Position::line);
            let mut record = Record::default();
            for (name, value) in names.iter().zip(&row) {
                record.add(name, value, line)?;
            }
            self.add(record);
        }
        Ok(())
    }

    fn read_json_lines(&mut self, text: &str) -> Result<(), DirectoryError> {
        for (line, text) in (1..).zip(text.lines()) {
            if text.trim().is_empty() {
                continue;
            }
            let Ok(Value::Object(object)) = serde_json::from_str(text) else {
                return Err(DirectoryError::new(line, "not a JSON object"));
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
        if is_one_of(name, &ADDRESSES) {
            // An address of Active Directory has a prefix, in capitals if it is the first.
            let address = fold(value);
            let address = address.strip_prefix("smtp:").unwrap_or(&address);
            if address.contains('@') {
                self.addresses.push(address.to_owned());
            }
        } else if is_one_of(name, &ACTIVE) && !value.is_empty() {
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
        let bytes = contacts_core::without_byte_order_mark(bytes).trim_ascii_start();
        let ends_with = |end: &str| name.to_lowercase().ends_with(end);
        if ends_with(".ldif") || bytes.starts_with(b"dn:") || bytes.starts_with(b"version:") {
            Self::Ldif
        } else if ends_with(".jsonl") || bytes.starts_with(b"{") {
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

fn not_csv(error: &csv::Error) -> DirectoryError {
    let line = error.position().map_or(1, csv::Position::line);
    match error.kind() {
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => DirectoryError::new(
            line,
            format!("{len} cells, but the header has {expected_len}"),
        ),
        _ => DirectoryError::new(line, "not CSV"),
    }
}

/// Whether a text is one of these, without case.
fn is_one_of(text: &str, names: &[&str]) -> bool {
    let text = text.trim().to_lowercase();
    names.contains(&text.as_str())
}
