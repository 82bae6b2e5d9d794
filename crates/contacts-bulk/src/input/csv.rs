//! From the rows of a CSV file to what is wanted of each order.

use contacts_core::{Contact, ContactDraft, ContactType, Field, OrderId, Rule};
use csv::ByteRecord;

use crate::input::column::ORDER_ID;
use crate::input::gathering::Gathering;
use crate::input::header::{self, Columns};
use crate::input::problem::{Problem, ProblemKind};
use crate::input::quoting;
use crate::input::raw::Raw;

pub(crate) fn csv(text: &[u8], trim: bool, into: &mut Gathering) {
    let delimiter = delimiter(text);
    let mut csv = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text);
    let mut raw = Raw::of(text);
    let mut row = ByteRecord::new();
    // Bytes and a flexible row length leave nothing to fail.
    let mut next = |row: &mut ByteRecord| {
        let more = csv.read_byte_record(row).unwrap_or(false);
        more.then(|| raw.row(row, csv.position()))
    };
    let Some(header) = next(&mut row) else {
        return into
            .problems
            .push(Problem::of_line(1, ProblemKind::EmptyFile));
    };
    if !quoting::is_sound(header.bytes, delimiter) {
        let problem = Problem::of_line(header.line, ProblemKind::Quoting);
        return into.problems.push(problem);
    }
    let columns = match Columns::read(&row, header.line, trim) {
        Ok(columns) => columns,
        Err(problems) => return problems.into_iter().for_each(|p| into.problems.push(p)),
    };
    let mut reading = Reading {
        columns,
        trim,
        into,
    };
    while let Some(raw) = next(&mut row) {
        if quoting::is_sound(raw.bytes, delimiter) {
            reading.row(&row, raw.line);
        } else {
            reading.refuse(raw.line, ProblemKind::Quoting);
        }
    }
    if into.entries == 0 {
        into.problems.push(Problem::of_line(2, ProblemKind::NoRows));
    }
}

/// What separates the cells: comma, semicolon or tab, whichever makes most cells of the first line
/// names of columns, and then fewest anything else, as padding. Where no cell is known, the
/// commonest.
fn delimiter(text: &[u8]) -> u8 {
    let header = text
        .split(|b| matches!(b, b'\r' | b'\n'))
        .find(|line| !line.is_empty())
        .unwrap_or_default();
    let worth = |delimiter: &u8| {
        let known = header::known_columns(header, *delimiter);
        let count = memchr::memchr_iter(*delimiter, header).count();
        let fewest = usize::MAX - count;
        (known, if known > 0 { fewest } else { count })
    };
    // Of equals the last, which is the comma.
    b"\t;,".iter().copied().max_by_key(worth).unwrap_or(b',')
}

/// A cell without the apostrophe that keeps a spreadsheet from taking it for a formula, as a
/// [`ContactWriter`](crate::ContactWriter) puts it there. Further apostrophes are the value's own.
///
/// ```
/// assert_eq!(contacts_bulk::unescape_formula("'+1 555 0100"), "+1 555 0100");
/// assert_eq!(contacts_bulk::unescape_formula("'t Hooft"), "'t Hooft");
/// ```
#[must_use]
pub fn unescape_formula(text: &str) -> &str {
    let Some(rest) = text.strip_prefix('\'') else {
        return text;
    };
    let armed = ['=', '+', '-', '@', '\t', '\r'];
    if rest.trim_start_matches('\'').starts_with(armed) {
        rest
    } else {
        text
    }
}

/// Whether a spreadsheet writes a long number so: `1.23E+08`, in some countries with a comma.
fn is_spreadsheet_number(text: &str) -> bool {
    let Some((number, exponent)) = text.split_once(['E', 'e']) else {
        return false;
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
    let number_like = match number.split_once(['.', ',']) {
        Some((whole, part)) => digits(whole) && digits(part),
        None => digits(number),
    };
    number_like && digits(exponent)
}

/// The rows of a file whose header is known.
struct Reading<'g> {
    columns: Columns,
    trim: bool,
    into: &'g mut Gathering,
}

impl Reading<'_> {
    fn row(&mut self, row: &ByteRecord, line: u64) {
        if row.iter().all(|cell| cell.trim_ascii().is_empty()) {
            return;
        }
        if row.len() != self.columns.count {
            let (found, expected) = (row.len(), self.columns.count);
            return self.refuse(line, ProblemKind::CellCount { found, expected });
        }
        self.into.entries += 1;
        let order = self.order_id(row, line);
        let kind = self.contact_type(row, line);
        let contact = self.contact(row, line);
        if let (Some(order), Some(kind)) = (order, kind) {
            self.into.place(order, kind, line, contact);
        }
    }

    /// Takes note of a row that can't be read.
    fn refuse(&mut self, line: u64, kind: ProblemKind) {
        self.into.entries += 1;
        self.into.problems.push(Problem::of_line(line, kind));
    }

    /// The text of a cell; `None` where it is empty or, with a problem, not UTF-8.
    fn cell<'r>(
        &mut self,
        row: &'r ByteRecord,
        at: usize,
        line: u64,
        column: &'static str,
    ) -> Option<&'r str> {
        let Ok(text) = std::str::from_utf8(&row[at]) else {
            let problem = Problem::of_column(line, column, ProblemKind::NotUtf8);
            self.into.problems.push(problem);
            return None;
        };
        let text = unescape_formula(if self.trim { text.trim() } else { text });
        Some(text).filter(|text| !text.is_empty())
    }

    /// The text of a cell that must not be empty.
    fn required<'r>(
        &mut self,
        row: &'r ByteRecord,
        at: usize,
        line: u64,
        column: &'static str,
    ) -> Option<&'r str> {
        let before = self.into.problems.found();
        let text = self.cell(row, at, line, column);
        if text.is_none() && self.into.problems.found() == before {
            let missing = ProblemKind::Rule(Rule::Required);
            self.into
                .problems
                .push(Problem::of_column(line, column, missing));
        }
        text
    }

    fn order_id(&mut self, row: &ByteRecord, line: u64) -> Option<OrderId> {
        let text = self.required(row, self.columns.order_id, line, ORDER_ID)?;
        let parsed = OrderId::parse(text);
        if let Err(violation) = &parsed {
            let kind = if is_spreadsheet_number(text) {
                ProblemKind::SpreadsheetNumber
            } else {
                ProblemKind::Rule(violation.rule().clone())
            };
            let problem = Problem::of_column(line, ORDER_ID, kind);
            self.into.problems.push(problem);
        }
        parsed.ok()
    }

    fn contact_type(&mut self, row: &ByteRecord, line: u64) -> Option<ContactType> {
        let column = Field::ContactType;
        let at = self.columns.contact_type;
        let text = self.required(row, at, line, column.as_str())?;
        let parsed = ContactType::parse(text).ok();
        if parsed.is_none() {
            let problem = Problem::of_field(line, column, Rule::UnknownContactType);
            self.into.problems.push(problem);
        }
        parsed
    }

    fn contact(&mut self, row: &ByteRecord, line: u64) -> Option<Contact> {
        // The fields whose cells are not UTF-8 and told already; that they are missing is not.
        let mut unreadable = [false; Field::ALL.len()];
        let mut draft = ContactDraft::default();
        for n in 0..self.columns.text.len() {
            let (field, at) = self.columns.text[n];
            let before = self.into.problems.found();
            if let Some(text) = self.cell(row, at, line, field.as_str()) {
                draft = draft.set(field, text);
            }
            unreadable[field as usize] = self.into.problems.found() != before;
        }
        let violations = match draft.build() {
            Ok(contact) => return (!unreadable.contains(&true)).then_some(contact),
            Err(violations) => violations,
        };
        for violation in violations.iter() {
            if let Some(field) = violation
                .path()
                .field()
                .filter(|f| !unreadable[*f as usize])
            {
                let problem = Problem::of_field(line, field, violation.rule().clone());
                self.into.problems.push(problem);
            }
        }
        None
    }
}
