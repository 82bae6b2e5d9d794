//! From the rows of a CSV file to what is wanted of each order.

use std::collections::HashMap;
use std::io::Read;

use contacts_core::{Contact, ContactDraft, ContactType, ContactsUpdate, Field, OrderId, Rule};
use csv::ByteRecord;

use crate::header::{Columns, ORDER_ID};
use crate::input::{InputError, OrderUpdate};
use crate::problem::{Problem, ProblemKind, Problems};

pub(crate) fn csv(mut reader: impl Read, trim: bool) -> Result<Vec<OrderUpdate>, InputError> {
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes)?;
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        return Err(InputError::one(1, ProblemKind::Utf16));
    }
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    let mut csv = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text);
    let mut lines = Lines::of(text);
    let mut row = ByteRecord::new();
    if !csv.read_byte_record(&mut row)? {
        return Err(InputError::one(1, ProblemKind::EmptyFile));
    }
    let columns = Columns::read(&row, lines.of_row(&row)).map_err(InputError::of)?;
    let mut reading = Reading::new(columns, trim);
    while csv.read_byte_record(&mut row)? {
        reading.row(&row, lines.of_row(&row));
    }
    reading.finish()
}

/// Counts lines. The csv crate does so too, but gives a row the line on which the row before it
/// ended, not counting the empty lines between them.
struct Lines<'t> {
    text: &'t [u8],
    counted_to: usize,
    line: u64,
}

impl<'t> Lines<'t> {
    const fn of(text: &'t [u8]) -> Self {
        Self {
            text,
            counted_to: 0,
            line: 1,
        }
    }

    /// The line on which a row begins; rows have to come in the order of the text.
    fn of_row(&mut self, row: &ByteRecord) -> u64 {
        let from = row.position().map_or(0, csv::Position::byte);
        let from = usize::try_from(from).unwrap_or(usize::MAX);
        let rest = self.text.get(from..).unwrap_or_default();
        let empty = rest.iter().take_while(|b| matches!(b, b'\r' | b'\n'));
        let begin = from.min(self.text.len()) + empty.count();
        let passed = &self.text[self.counted_to..begin];
        self.line += memchr::memchr_iter(b'\n', passed).count() as u64;
        self.counted_to = begin;
        self.line
    }
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
        if row.iter().all(<[u8]>::is_empty) {
            return;
        }
        self.rows += 1;
        if row.len() != self.columns.count {
            let (found, expected) = (row.len(), self.columns.count);
            let kind = ProblemKind::CellCount { found, expected };
            self.problems.push(Problem::new(line, None, kind));
            return;
        }
        let order = self.order_id(row, line);
        let kind = self.contact_type(row, line);
        let contact = self.contact(row, line);
        if let (Some(order), Some(kind)) = (order, kind) {
            self.place(order, kind, line, contact);
        }
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
        let update = match (organization, technical) {
            (Some(organization), Some(technical)) => ContactsUpdate::both(organization, technical),
            (Some(organization), None) => ContactsUpdate::organization(organization),
            (None, Some(technical)) => ContactsUpdate::technical(technical),
            (None, None) => return None,
        };
        Some(OrderUpdate::new(self.order, update, lines))
    }
}
