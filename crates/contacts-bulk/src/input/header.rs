//! The first line of a CSV file: which column holds what.

use contacts_core::Field;
use csv::ByteRecord;

use crate::input::column::{ORDER_ID, REASON};
use crate::input::problem::{Problem, ProblemKind};
use crate::input::problems::Problems;

const REQUIRED: [Field; 4] = [
    Field::ContactType,
    Field::FirstName,
    Field::LastName,
    Field::Email,
];

/// Where each column stands.
pub(crate) struct Columns {
    pub(crate) order_id: usize,
    pub(crate) contact_type: usize,
    /// The columns of [`Field::TEXT`] that are there.
    pub(crate) text: Vec<(Field, usize)>,
    pub(crate) count: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Column {
    OrderId,
    Reason,
    Field(Field),
}

impl Column {
    fn parse(name: &str) -> Option<Self> {
        match name {
            ORDER_ID => Some(Self::OrderId),
            REASON => Some(Self::Reason),
            name => Field::parse(name).ok().map(Self::Field),
        }
    }
}

/// Checks the names of the columns of a table that is no file, as those in the header of CSV.
///
/// ```
/// let problems = contacts_bulk::check_columns(&["Order ID", "contact_type"]).unwrap_err();
/// assert_eq!(problems[0].column(), Some("Order ID"));
/// assert_eq!(problems[0].message(), "unknown column; did you mean `order_id`?");
/// ```
///
/// # Errors
/// Columns that are unknown, there twice or missing, all on line 1.
pub fn check_columns(names: &[&str]) -> Result<(), Problems> {
    Columns::of(names, 1).map(drop).map_err(Problems::of)
}

impl Columns {
    /// Reads the header on `line`.
    pub(crate) fn read(header: &ByteRecord, line: u64, trim: bool) -> Result<Self, Vec<Problem>> {
        let names = header.iter().map(String::from_utf8_lossy);
        let names: Vec<_> = names.map(|name| trimmed(&name, trim)).collect();
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        Self::of(&names, line)
    }

    fn of(names: &[&str], line: u64) -> Result<Self, Vec<Problem>> {
        let columns: Vec<_> = names.iter().map(|name| Column::parse(name)).collect();
        if columns.iter().all(Option::is_none) && names.iter().all(|name| nearest(name).is_none()) {
            return Err(vec![Problem::of_line(line, ProblemKind::NoHeader)]);
        }
        let mut problems = Vec::new();
        for (at, (name, column)) in names.iter().zip(&columns).enumerate() {
            let kind = match column {
                None => ProblemKind::UnknownColumn(nearest(name)),
                Some(_) if columns[..at].contains(column) => ProblemKind::DuplicateColumn,
                Some(_) => continue,
            };
            problems.push(Problem::new(line, Some(shown(name, at).into()), kind));
        }
        let place = |wanted| columns.iter().position(|column| *column == Some(wanted));
        let required = std::iter::once((ORDER_ID, Column::OrderId)).chain(
            REQUIRED
                .into_iter()
                .map(|field| (field.as_str(), Column::Field(field))),
        );
        for (name, column) in required {
            if place(column).is_none() {
                problems.push(Problem::of_column(line, name, ProblemKind::MissingColumn));
            }
        }
        let (Some(order_id), Some(contact_type), true) = (
            place(Column::OrderId),
            place(Column::Field(Field::ContactType)),
            problems.is_empty(),
        ) else {
            return Err(problems);
        };
        let text = Field::TEXT.into_iter();
        let text = text.filter_map(|field| Some((field, place(Column::Field(field))?)));
        Ok(Self {
            order_id,
            contact_type,
            text: text.collect(),
            count: names.len(),
        })
    }
}

/// How many cells of a header name a column, if `delimiter` separates them. White space around the
/// names counts for nothing here, so that a header padded with tabs isn't taken for one separated
/// by them.
pub(crate) fn known_columns(header: &[u8], delimiter: u8) -> usize {
    let names = header.split(|byte| *byte == delimiter);
    let names = names.filter_map(|name| str::from_utf8(name).ok());
    let names = names.map(|name| name.trim().trim_matches('"').trim());
    names.filter(|name| Column::parse(name).is_some()).count()
}

fn nearest(name: &str) -> Option<&'static str> {
    let letters = name.chars().filter(char::is_ascii_alphabetic);
    let letters = letters.collect::<String>().to_ascii_lowercase();
    if matches!(letters.as_str(), "orderid" | "order" | "id") {
        return Some(ORDER_ID);
    }
    Field::nearest(name).map(Field::as_str)
}

fn trimmed(name: &str, trim: bool) -> String {
    if trim { name.trim() } else { name }.to_owned()
}

/// A name from the file, short and safe to show; a column without a name is told by its number.
fn shown(name: &str, at: usize) -> String {
    const LONGEST: usize = 40;
    if name.trim().is_empty() {
        return format!("column {}", at + 1);
    }
    let name: String = name.chars().take(LONGEST).collect();
    contacts_core::printable(&name).into_owned()
}
