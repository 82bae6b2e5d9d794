//! The columns of a table: the header of a CSV file, or the column names of a frame.

use contacts_core::Field;
use csv::ByteRecord;

use crate::input::problem::{Problem, ProblemKind};
use crate::input::problems::Problems;
use crate::input::row::Position;

pub(super) const ORDER_ID: &str = "order_id";
/// Why a row was rejected: [`ContactWriter`](crate::input::ContactWriter) writes it, and readers ignore it.
pub(super) const REASON: &str = "reason";

/// The end of a message about a missing header.
pub(super) const EXPECTED: &str = "the first line names the columns: \
    order_id,contact_type,first_name,last_name,email,job_title,telephone,language_id \
    (the last three are optional)";

const REQUIRED: [Column; 5] = [
    Column::OrderId,
    Column::Field(Field::ContactType),
    Column::Field(Field::FirstName),
    Column::Field(Field::LastName),
    Column::Field(Field::Email),
];

/// The columns of a table, in their order there.
#[derive(Debug)]
pub(super) struct Columns(pub(super) Vec<Column>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    OrderId,
    Reason,
    Field(Field),
}

impl Column {
    pub(super) fn parse(name: &str) -> Option<Self> {
        match name {
            ORDER_ID => Some(Self::OrderId),
            REASON => Some(Self::Reason),
            name => Field::parse(name).ok().map(Self::Field),
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::OrderId => ORDER_ID,
            Self::Reason => REASON,
            Self::Field(field) => field.as_str(),
        }
    }
}

/// Checks the column names of a table that is not a file.
///
/// ```
/// use contacts_bulk::input::check_columns;
///
/// let problems = check_columns(&["Order ID", "contact_type"]).unwrap_err();
/// assert_eq!(problems[0].column(), Some("Order ID"));
/// assert_eq!(problems[0].message(), "unknown column; did you mean `order_id`?");
/// ```
///
/// # Errors
/// Returns every unknown, duplicate and missing column.
pub fn check_columns(names: &[&str]) -> Result<(), Problems> {
    let columns = Columns::new(names, Position::Input);
    columns.map(drop).map_err(Problems::new)
}

impl Columns {
    pub(super) fn of_record(
        header: &ByteRecord,
        position: Position,
        trim: bool,
    ) -> Result<Self, Vec<Problem>> {
        let names: Vec<_> = header.iter().map(String::from_utf8_lossy).collect();
        let names = names
            .iter()
            .map(|name| if trim { name.trim() } else { name });
        Self::new(&names.collect::<Vec<_>>(), position)
    }

    fn new(names: &[&str], position: Position) -> Result<Self, Vec<Problem>> {
        let columns: Vec<_> = names.iter().map(|name| Column::parse(name)).collect();
        if columns.iter().all(Option::is_none) && names.iter().all(|name| nearest(name).is_none()) {
            return Err(vec![Problem::new(position, None, ProblemKind::NoHeader)]);
        }
        let mut problems = Vec::new();
        for (index, (name, column)) in names.iter().zip(&columns).enumerate() {
            let kind = match column {
                None => ProblemKind::UnknownColumn(nearest(name)),
                Some(_) if columns[..index].contains(column) => ProblemKind::DuplicateColumn,
                Some(_) => continue,
            };
            let name = if name.trim().is_empty() {
                format!("column {}", index + 1)
            } else {
                display_name(name)
            };
            problems.push(Problem::new(position, Some(name.into()), kind));
        }
        let missing = REQUIRED
            .into_iter()
            .filter(|column| !columns.contains(&Some(*column)));
        problems.extend(
            missing.map(|column| {
                Problem::in_column(position, column.name(), ProblemKind::MissingColumn)
            }),
        );
        match columns.into_iter().collect() {
            Some(columns) if problems.is_empty() => Ok(Self(columns)),
            _ => Err(problems),
        }
    }
}

/// Counts the cells of a header that are column names if `delimiter` separates them. White space
/// around a name is ignored, so that tabs used as padding do not pass for a delimiter.
pub(super) fn count_columns(header: &[u8], delimiter: u8) -> usize {
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

/// A name from the input, short and safe to print.
pub(super) fn display_name(name: &str) -> String {
    const LONGEST: usize = 40;
    let name: String = name.chars().take(LONGEST).collect();
    contacts_core::printable(&name).into_owned()
}
