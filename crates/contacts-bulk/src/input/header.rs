//! The columns of a table: the header of a CSV file, or the column names of a frame.

use contacts_core::{Field, Rule, printable, surrounding_character, trimmed};
use csv::ByteRecord;

use crate::input::ReadOptions;
use crate::input::problem::{Problem, ProblemKind};
use crate::input::problems::Problems;
use crate::input::row::Position;

pub(super) const ORDER_ID: &str = "order_id";
/// Why a row was rejected: [`ContactWriter`](crate::input::ContactWriter) writes it, and readers ignore it.
pub(super) const REASON: &str = "reason";
/// What an export says about each order, for people who edit it. Readers ignore it.
pub(super) const ORDER_DETAILS: [&str; 3] = [COMMON_NAME, STATUS, PRODUCT];
const COMMON_NAME: &str = "common_name";
const STATUS: &str = "status";
const PRODUCT: &str = "product";

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
    Field(Field),
    Ignored,
    /// The common name, the status or the product, which only a [`Snapshot`](crate::input::Snapshot) reads.
    Detail(usize),
    /// A column without a name, as spreadsheets add them. Its cells must be empty.
    Unnamed,
}

impl Column {
    pub(super) fn parse(name: &str) -> Option<Self> {
        match name {
            ORDER_ID => Some(Self::OrderId),
            name if trimmed(name).is_empty() => Some(Self::Unnamed),
            COMMON_NAME => Some(Self::Detail(0)),
            STATUS => Some(Self::Detail(1)),
            PRODUCT => Some(Self::Detail(2)),
            REASON => Some(Self::Ignored),
            name => Field::parse(name).ok().map(Self::Field),
        }
    }

    /// Whether an input ignores its values.
    pub(super) const fn is_ignored(self) -> bool {
        matches!(self, Self::Ignored | Self::Detail(_))
    }

    /// Whether its values are numbers.
    #[cfg(feature = "xlsx")]
    pub(super) fn is_number(self) -> bool {
        matches!(self, Self::OrderId | Self::Field(Field::LanguageId))
    }

    /// The name, unless it is ignored.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::OrderId => ORDER_ID,
            Self::Field(field) => field.as_str(),
            Self::Ignored | Self::Detail(_) | Self::Unnamed => "",
        }
    }
}

/// Checks the column names of a table that is not a file. Returns the indices of the columns that are
/// not ignored.
///
/// ```
/// use contacts_bulk::input::{ReadOptions, check_columns};
///
/// let problems = check_columns(&["Order ID", "contact_type"], &ReadOptions::default()).unwrap_err();
/// assert_eq!(problems[0].column(), Some("Order ID"));
/// assert_eq!(problems[0].message(), "unknown column; did you mean `order_id`?");
/// ```
///
/// # Errors
/// Returns every unknown, duplicate and missing column.
pub fn check_columns(names: &[&str], options: &ReadOptions) -> Result<Vec<usize>, Problems> {
    let columns = Columns::new(names, Position::Input, options);
    let columns = columns.map_err(Problems::new)?.0.into_iter().enumerate();
    let used = columns.filter(|(_, column)| !column.is_ignored());
    Ok(used.map(|(index, _)| index).collect())
}

impl Columns {
    pub(super) fn of_record(
        header: &ByteRecord,
        position: Position,
        options: &ReadOptions,
    ) -> Result<Self, Vec<Problem>> {
        let names: Vec<_> = header.iter().map(String::from_utf8_lossy).collect();
        let names: Vec<_> = names.iter().map(AsRef::as_ref).collect();
        Self::of_texts(&names, position, options)
    }

    /// The columns of a file.
    pub(super) fn of_texts(
        names: &[&str],
        position: Position,
        options: &ReadOptions,
    ) -> Result<Self, Vec<Problem>> {
        let names = names.iter();
        let names = names.map(|name| if options.trim { trimmed(name) } else { name });
        Self::new(&names.collect::<Vec<_>>(), position, options)
    }

    fn new(
        names: &[&str],
        position: Position,
        options: &ReadOptions,
    ) -> Result<Self, Vec<Problem>> {
        let parse = |name: &&str| match Column::parse(name) {
            Some(column) if column.is_ignored() => Some(column),
            _ if options.ignores(name) => Some(Column::Ignored),
            column => column,
        };
        let columns: Vec<_> = names.iter().map(parse).collect();
        let is_known = |name: &&&str| {
            parse(name).is_some_and(|c| c != Column::Unnamed) || nearest(name).is_some()
        };
        if columns.contains(&None) && names.iter().filter(is_known).count() < 2 {
            return Err(vec![Problem::new(position, None, ProblemKind::NoHeader)]);
        }
        // A line of values must not be shown.
        let has_values = names.iter().any(|name| name.contains('@'));
        let shown = |index: usize| match shown(names[index]) {
            Some(name) if !has_values => name,
            _ => format!("column {}", index + 1),
        };
        let mut problems = Vec::new();
        for (index, (name, column)) in names.iter().zip(&columns).enumerate() {
            let kind = match column {
                None => unknown_kind(name),
                Some(Column::Ignored | Column::Detail(_) | Column::Unnamed) => continue,
                Some(_) if columns[..index].contains(column) => ProblemKind::DuplicateColumn,
                Some(_) => continue,
            };
            problems.push(Problem::new(position, Some(shown(index).into()), kind));
        }
        let is_missing = |column: &Column| {
            let mut unknown = names
                .iter()
                .zip(&columns)
                .filter(|(_, column)| column.is_none());
            let is_padded = unknown.any(|(name, _)| trimmed(name) == column.name());
            !is_padded && !columns.contains(&Some(*column))
        };
        problems.extend(
            REQUIRED.into_iter().filter(is_missing).map(|column| {
                Problem::in_column(position, column.name(), ProblemKind::MissingColumn)
            }),
        );
        match columns.into_iter().collect() {
            Some(columns) if problems.is_empty() => Ok(Self(columns)),
            _ => Err(problems),
        }
    }
}

/// The problem of a name that is not a column, or of a value in a column without a name.
pub(super) fn unknown(position: Position, name: &str) -> Problem {
    if name.is_empty() {
        return Problem::new(position, None, ProblemKind::UnnamedColumn);
    }
    let shown = shown(name).unwrap_or_else(|| "(name not shown)".to_owned());
    Problem::new(position, Some(shown.into()), unknown_kind(name))
}

fn unknown_kind(name: &str) -> ProblemKind {
    match (surrounding_character(name), Field::parse(name)) {
        (Some(removed), _) if Column::parse(trimmed(name)).is_some() => {
            ProblemKind::Rule(Rule::SurroundingWhiteSpace(removed))
        }
        (_, Err(violation)) if *violation.rule() == Rule::NoTelephoneExtension => {
            ProblemKind::of(&violation)
        }
        _ => ProblemKind::UnknownColumn(nearest(name)),
    }
}

/// Counts the cells of a header that are column names if `delimiter` separates them. White space
/// around a name is ignored, so that tabs used as padding do not pass for a delimiter.
pub(super) fn count_columns(header: &[u8], delimiter: u8) -> usize {
    let names = header.split(|byte| *byte == delimiter);
    let names = names.filter_map(|name| str::from_utf8(name).ok());
    let names = names.map(|name| name.trim().trim_matches('"').trim());
    let columns = names.filter_map(Column::parse);
    columns.filter(|column| *column != Column::Unnamed).count()
}

fn nearest(name: &str) -> Option<&'static str> {
    let letters = name.chars().filter(char::is_ascii_alphabetic);
    let letters = letters.collect::<String>().to_ascii_lowercase();
    if matches!(letters.as_str(), "orderid" | "order" | "id") {
        return Some(ORDER_ID);
    }
    Field::nearest(name).map(Field::as_str)
}

/// A name from the input, safe to print; `None` if it could be a value.
fn shown(name: &str) -> Option<String> {
    const LONGEST: usize = 40;
    const MOST_DIGITS: usize = 4;
    let digits = name.chars().filter(char::is_ascii_digit).count();
    let is_value = name.contains('@') || digits > MOST_DIGITS || name.chars().count() > LONGEST;
    (!is_value).then(|| printable(name).into_owned())
}
