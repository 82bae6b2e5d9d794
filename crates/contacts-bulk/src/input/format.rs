use crate::input::problem::ProblemKind;
use crate::own_file::{self, JOURNAL, PLAN};

/// How an input file is written.
///
/// ```
/// use contacts_bulk::Format;
///
/// assert_eq!(Format::of("contacts.csv", b"order_id,contact_type"), Format::Csv);
/// assert_eq!(Format::of("<stdin>", br#"  {"order_id": "7"}"#), Format::JsonLines);
/// assert_eq!(Format::of("contacts.jsonl", b""), Format::JsonLines);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// A header, and a contact on each line.
    Csv,
    /// A JSON object on each line, which names an order and its contacts.
    JsonLines,
}

impl Format {
    /// The format of a file, by the suffix `.jsonl` of its name or by its first byte that is not
    /// white space: JSON begins with a bracket, and no header of CSV does.
    #[must_use]
    pub fn of(name: &str, bytes: &[u8]) -> Self {
        let first = without_mark(bytes).trim_ascii_start().first();
        let suffix = name.len().checked_sub(".jsonl".len());
        let suffix = suffix.and_then(|at| name.get(at..)).unwrap_or_default();
        if suffix.eq_ignore_ascii_case(".jsonl") || matches!(first, Some(b'{' | b'[')) {
            Self::JsonLines
        } else {
            Self::Csv
        }
    }
}

/// The text of a file without its byte order mark, if it is one that can hold contacts.
pub(crate) fn text(bytes: &[u8]) -> Result<&[u8], ProblemKind> {
    if is_utf16(bytes) {
        Err(ProblemKind::Utf16)
    } else if is_spreadsheet(bytes) {
        Err(ProblemKind::Spreadsheet)
    } else if own_file::claims(bytes, PLAN) {
        Err(ProblemKind::Plan)
    } else if own_file::claims(bytes, JOURNAL) {
        Err(ProblemKind::Journal)
    } else {
        Ok(without_mark(bytes))
    }
}

/// The archives that .xlsx and .ods are, and what .xls was.
fn is_spreadsheet(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")
}

fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}

/// With its byte order mark, or by the zero bytes of its ASCII letters.
fn is_utf16(bytes: &[u8]) -> bool {
    matches!(
        bytes,
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [0, _, ..] | [_, 0, ..]
    )
}
