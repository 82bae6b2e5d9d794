use contacts_core::without_byte_order_mark;

use crate::file::FileFormat;
use crate::input::collector::Collector;
use crate::input::problem::{Problem, ProblemKind};
use crate::input::row::Position;
#[cfg(feature = "xlsx")]
use crate::input::xlsx;
use crate::input::{csv, json_lines};

/// The format of an input file.
///
/// ```
/// use contacts_bulk::input::Format;
///
/// assert_eq!(Format::of("contacts.csv", b"order_id,contact_type"), Format::Csv);
/// assert_eq!(Format::of("<stdin>", br#"  {"order_id": "7"}"#), Format::JsonLines);
/// assert_eq!(Format::of("contacts.jsonl", b""), Format::JsonLines);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// A header, and one contact on each line.
    Csv,
    /// A JSON object with an order and its contacts on each line.
    JsonLines,
    /// The first visible sheet of an Office Open XML workbook.
    #[cfg(feature = "xlsx")]
    Xlsx,
}

impl Format {
    /// Detects the format from the suffix `.jsonl` or from the first byte that is not white space:
    /// JSON starts with a bracket, and no CSV header does. With the feature `xlsx`, a zip archive is a
    /// workbook.
    #[must_use]
    pub fn of(name: &str, bytes: &[u8]) -> Self {
        #[cfg(feature = "xlsx")]
        if is_zip(bytes) {
            return Self::Xlsx;
        }
        let first = without_byte_order_mark(bytes).trim_ascii_start().first();
        let suffix = name.len().checked_sub(".jsonl".len());
        let suffix = suffix
            .and_then(|start| name.get(start..))
            .unwrap_or_default();
        if suffix.eq_ignore_ascii_case(".jsonl") || matches!(first, Some(b'{' | b'[')) {
            Self::JsonLines
        } else {
            Self::Csv
        }
    }
}

/// Reads all rows of a file.
pub(super) fn read(bytes: &[u8], format: Format, into: &mut Collector) {
    #[cfg(feature = "xlsx")]
    if format == Format::Xlsx {
        return xlsx::read(bytes, into);
    }
    match text(bytes) {
        Err(kind) => into
            .problems
            .push(Problem::new(Position::Line(1), None, kind)),
        Ok(text) => match format {
            Format::Csv => csv::read(text, into),
            Format::JsonLines => json_lines::read(text, into),
            #[cfg(feature = "xlsx")]
            Format::Xlsx => {}
        },
    }
}

/// A file without its byte order mark, unless it is of a kind that is not an input.
pub(crate) fn text(bytes: &[u8]) -> Result<&[u8], ProblemKind> {
    if is_utf16(bytes) {
        Err(ProblemKind::Utf16)
    } else if is_spreadsheet(bytes) {
        Err(ProblemKind::Spreadsheet)
    } else if FileFormat::Plan.is_claimed_by(bytes) {
        Err(ProblemKind::PlanFile)
    } else if FileFormat::Journal.is_claimed_by(bytes) {
        Err(ProblemKind::JournalFile)
    } else {
        Ok(without_byte_order_mark(bytes))
    }
}

/// Whether a file is .xlsx or .ods, which are zip archives, or .xls.
fn is_spreadsheet(bytes: &[u8]) -> bool {
    is_zip(bytes) || bytes.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")
}

fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// Detects the byte order mark, or the zero bytes of ASCII letters.
fn is_utf16(bytes: &[u8]) -> bool {
    matches!(
        bytes,
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [0, _, ..] | [_, 0, ..]
    )
}
