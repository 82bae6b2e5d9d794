//! From the rows of a CSV file to what is wanted of each order.

use std::collections::HashMap;
use std::io::Read;

use contacts_core::{Contact, ContactDraft, ContactType, ContactsUpdate, Field, OrderId, Rule};
use csv::ByteRecord;

use crate::header::{Columns, ORDER_ID};
use crate::input::{InputError, OrderUpdate};
use crate::problem::{Problem, ProblemKind, Problems};
use crate::quoting;
use crate::raw::Raw;

pub(crate) fn csv(mut reader: impl Read, trim: bool) -> Result<Vec<OrderUpdate>, InputError> {
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes)?;
    if is_utf16(&bytes) {
        return Err(InputError::one(1, ProblemKind::Utf16));
    }
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    let delimiter = delimiter(text);
    let mut csv = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text);
    let mut raw = Raw::of(text);
    let mut row = ByteRecord::new();
    if !csv.read_byte_record(&mut row)? {
        return Err(InputError::one(1, ProblemKind::EmptyFile));
    }
    let header = raw.row(&row, csv.position());
    if !quoting::is_sound(header.bytes, delimiter) {
        return Err(InputError::one(header.line, ProblemKind::Quoting));
    }
    let columns = Columns::read(&row, header.line, trim).map_err(InputError::of)?;
    let mut reading = Reading::new(columns, trim);
    while csv.read_byte_record(&mut row)? {
        let raw = raw.row(&row, csv.position());
        if quoting::is_sound(raw.bytes, delimiter) {
            reading.row(&row, raw.line);
        } else {
            reading.refuse(raw.line, ProblemKind::Quoting);
        }
    }
    reading.finish()
}

/// With its byte order mark, or by the zero bytes of its ASCII letters.
fn is_utf16(bytes: &[u8]) -> bool {
    matches!(
        bytes,
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [0, _, ..] | [_, 0, ..]
    )
}

/// What separates the cells: the commonest of comma, semicolon and tab in the first line.
fn delimiter(text: &[u8]) -> u8 {
    let header = text
        .split(|b| matches!(b, b'\r' | b'\n'))
        .find(|line| !line.is_empty());
    let count = |wanted: &u8| memchr::memchr_iter(*wanted, header.unwrap_or_default()).count();
    // Of equals the last, which is the comma.
    b"\t;,".iter().copied().max_by_key(count).unwrap_or(b',')
}

/// What has been read so far.
struct Reading {
    columns: Columns,
    trim: bool,
    orders: Vec<Rows>,
    places: HashMap<OrderId, usize>,
    problems: Vec<Problem>,
    rows: u64,
}

/// The rows of one order, by contact type.
struct Rows {
    order: OrderId,
    contacts: [Option<(u64, Option<Contact>)>; 2],
}

impl Reading {
    fn new(columns: Columns, trim: bool) -> Self {
        Self {
            columns,
            trim,
            orders: Vec::new(),
            places: HashMap::new(),
            problems: Vec::new(),
            rows: 0,
        }
    }

    fn row(&mut self, row: &ByteRecord, line: u64) {
        if row.iter().all(|cell| cell.trim_ascii().is_empty()) {
            return;
        }
        if row.len() != self.columns.count {
            let (found, expected) = (row.len(), self.columns.count);
            return self.refuse(line, ProblemKind::CellCount { found, expected });
        }
        self.rows += 1;
        let order = self.order_id(row, line);
        let kind = self.contact_type(row, line);
        let contact = self.contact(row, line);
        if let (Some(order), Some(kind)) = (order, kind) {
            self.place(order, kind, line, contact);
        }
    }

    /// Takes note of a row that can't be read.
    fn refuse(&mut self, line: u64, kind: ProblemKind) {
        self.rows += 1;
        self.problems.push(Problem::new(line, None, kind));
    }

    /// The text of a cell; `None` where it is empty or, with a problem, not UTF-8.
    fn cell<'r>(
        &mut self,
        row: &'r ByteRecord,
        at: usize,
        line: u64,
        column: &str,
    ) -> Option<&'r str> {
        let Ok(text) = std::str::from_utf8(&row[at]) else {
            let problem = Problem::new(line, Some(column), ProblemKind::NotUtf8);
            self.problems.push(problem);
            return None;
        };
        let text = if self.trim { text.trim() } else { text };
        Some(text).filter(|text| !text.is_empty())
    }

    /// The text of a cell that must not be empty.
    fn required<'r>(
        &mut self,
        row: &'r ByteRecord,
        at: usize,
        line: u64,
        column: &str,
    ) -> Option<&'r str> {
        let before = self.problems.len();
        let text = self.cell(row, at, line, column);
        if text.is_none() && self.problems.len() == before {
            let missing = ProblemKind::Rule(Rule::Required);
            self.problems
                .push(Problem::new(line, Some(column), missing));
        }
        text
    }

    fn order_id(&mut self, row: &ByteRecord, line: u64) -> Option<OrderId> {
        let text = self.required(row, self.columns.order_id, line, ORDER_ID)?;
        let parsed = OrderId::parse(text);
        if let Err(violation) = &parsed {
            let kind = ProblemKind::Rule(violation.rule().clone());
            self.problems.push(Problem::new(line, Some(ORDER_ID), kind));
        }
        parsed.ok()
    }

    fn contact_type(&mut self, row: &ByteRecord, line: u64) -> Option<ContactType> {
        let column = Field::ContactType;
        let at = self.columns.contact_type;
        let text = self.required(row, at, line, column.as_str())?;
        let parsed = ContactType::parse(text);
        if parsed.is_none() {
            let problem = Problem::of_field(line, column, Rule::UnknownContactType);
            self.problems.push(problem);
        }
        parsed
    }

    fn contact(&mut self, row: &ByteRecord, line: u64) -> Option<Contact> {
        let before = self.problems.len();
        let mut draft = ContactDraft::default();
        for n in 0..self.columns.text.len() {
            let (field, at) = self.columns.text[n];
            if let Some(text) = self.cell(row, at, line, field.as_str()) {
                draft = draft.set(field, text);
            }
        }
        let readable = self.problems.len() == before;
        let violations = match draft.build() {
            Ok(contact) => return readable.then_some(contact),
            Err(violations) => violations,
        };
        for violation in violations.iter() {
            let field = violation.path().field();
            let unreadable = self.problems[before..]
                .iter()
                .any(|p| p.column() == field.map(Field::as_str));
            if let (Some(field), false) = (field, unreadable) {
                let rule = violation.rule().clone();
                self.problems.push(Problem::of_field(line, field, rule));
            }
        }
        None
    }

    fn place(&mut self, order: OrderId, kind: ContactType, line: u64, contact: Option<Contact>) {
        let at = *self.places.entry(order).or_insert_with(|| {
            self.orders.push(Rows {
                order,
                contacts: [None, None],
            });
            self.orders.len() - 1
        });
        let place = &mut self.orders[at].contacts[kind as usize];
        match place {
            Some((first_line, _)) => {
                let second = ProblemKind::SecondContact {
                    contact_type: kind,
                    first_line: *first_line,
                };
                let column = Some(Field::ContactType.as_str());
                self.problems.push(Problem::new(line, column, second));
            }
            None => *place = Some((line, contact)),
        }
    }

    fn finish(self) -> Result<Vec<OrderUpdate>, InputError> {
        if self.rows == 0 {
            return Err(InputError::one(2, ProblemKind::NoRows));
        }
        if let Some(problems) = Problems::from_list(self.problems) {
            return Err(InputError::Problems(problems));
        }
        Ok(self.orders.into_iter().filter_map(Rows::merge).collect())
    }
}

impl Rows {
    fn merge(self) -> Option<OrderUpdate> {
        let mut lines: Vec<_> = self.contacts.iter().flatten().map(|row| row.0).collect();
        lines.sort_unstable();
        let [organization, technical] = self.contacts.map(|row| row.and_then(|row| row.1));
        let update = ContactsUpdate::of(organization, technical)?;
        Some(OrderUpdate::new(self.order, update, lines))
    }
}
