use std::borrow::Cow;
use std::fmt;

use contacts_core::{ContactType, Rule};
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::input::header;
use crate::input::row::Position;

/// A mistake in an input: where, and what. It never holds a value of the input.
///
/// The same mistake in one column of many rows is one problem, with the number of its occurrences
/// and the first of their positions. Serialises as `{"line", "column", "code", "message", "count",
/// "lines"}`, or with `row` and `rows` for rows that are not in a file.
///
/// ```
/// use contacts_bulk::Input;
/// use contacts_bulk::input::Position;
///
/// let file = "order_id,contact_type,first_name,last_name,email\n7,technical_contact,Jane,Doe,jane\n";
/// let problems = Input::from_csv(file).unwrap_err();
/// assert_eq!(problems[0].position(), Position::Line(2));
/// assert_eq!(problems[0].to_string(), "line 2, email: not an e-mail address: missing `@`");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    column: Option<Cow<'static, str>>,
    kind: ProblemKind,
    count: u64,
    position: Position,
    /// Further positions, as examples.
    repeated: Vec<Position>,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProblemKind {
    /// A value breaks a rule of the contact model.
    Rule(Rule),
    /// The order already has a contact of this type, from an earlier row.
    DuplicateContact {
        /// The type.
        contact_type: ContactType,
        /// The earlier file, if it is another one.
        first_file: Option<String>,
        /// The position of the earlier row.
        first: Position,
    },
    /// A line of a JSON Lines file is not JSON.
    NotJson {
        /// The column in bytes, counted from 1.
        column: usize,
        /// What is wrong there.
        reason: String,
    },
    /// An order id that a spreadsheet turned into a number such as `1.23E+08`.
    SpreadsheetNumber,
    /// A row has more or fewer cells than the header.
    CellCount {
        /// The number of cells in the row.
        found: usize,
        /// The number of cells in the header.
        expected: usize,
    },
    /// A cell is not UTF-8.
    NotUtf8,
    /// The file is UTF-16.
    Utf16,
    /// The file is a spreadsheet, not text.
    Spreadsheet,
    /// The file is a plan.
    PlanFile,
    /// The file is the journal of a run.
    JournalFile,
    /// A quote is misplaced or not closed.
    Quoting,
    /// The file is empty.
    EmptyFile,
    /// A CSV file has no row below its header.
    NoRows,
    /// A JSON Lines file has no line, or another source no row.
    NoLines,
    /// The first line holds no column name.
    NoHeader,
    /// A column is not known; with the nearest column name.
    UnknownColumn(Option<&'static str>),
    /// A column occurs twice.
    DuplicateColumn,
    /// A required column is missing.
    MissingColumn,
}

impl Problem {
    /// At most this many positions are kept.
    const MAX_POSITIONS: usize = 10;
    /// At most this many positions are in a message.
    const SHOWN: usize = 5;

    pub(super) const fn new(
        position: Position,
        column: Option<Cow<'static, str>>,
        kind: ProblemKind,
    ) -> Self {
        Self {
            column,
            kind,
            count: 1,
            position,
            repeated: Vec::new(),
        }
    }

    pub(super) const fn in_column(
        position: Position,
        column: &'static str,
        kind: ProblemKind,
    ) -> Self {
        Self::new(position, Some(Cow::Borrowed(column)), kind)
    }

    pub(super) fn is_same_mistake(&self, other: &Self) -> bool {
        self.kind.is_same_mistake(&other.kind) && self.column == other.column
    }

    /// Counts the same mistake at another position.
    pub(super) fn repeat(&mut self, position: Position) {
        self.count += 1;
        let last = *self.repeated.last().unwrap_or(&self.position);
        if self.repeated.len() + 1 < Self::MAX_POSITIONS && last != position {
            self.repeated.push(position);
        }
    }

    /// The first position.
    #[must_use]
    pub const fn position(&self) -> Position {
        self.position
    }

    /// The number of occurrences.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// The first positions, at most 10.
    pub fn positions(&self) -> impl Iterator<Item = Position> {
        std::iter::once(self.position).chain(self.repeated.iter().copied())
    }

    /// What is wrong, with the count and the positions of a repeated mistake. The first position
    /// and the column are not part of it.
    ///
    /// Numbers in it, such as the length of a text, are those of the first occurrence.
    #[must_use]
    pub fn message(&self) -> String {
        if self.count == 1 {
            return self.kind.to_string();
        }
        let numbers: Vec<_> = self.positions().map(|p| p.number().to_string()).collect();
        let shown = &numbers[..numbers.len().min(Self::SHOWN)];
        let more = if numbers.len() > Self::SHOWN {
            " and more"
        } else {
            ""
        };
        let unit = match self.position {
            Position::Row(_) => "in row",
            _ => "on line",
        };
        let s = if shown.len() == 1 { "" } else { "s" };
        let (count, shown) = (self.count, shown.join(", "));
        format!("{} ({count} times, {unit}{s} {shown}{more})", self.kind)
    }

    /// The column, or the path in a nested row, such as `contacts[1].email`.
    #[must_use]
    pub fn column(&self) -> Option<&str> {
        self.column.as_deref()
    }

    /// What is wrong.
    #[must_use]
    pub const fn kind(&self) -> &ProblemKind {
        &self.kind
    }
}

impl ProblemKind {
    /// Whether both differ at most in numbers and positions.
    fn is_same_mistake(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Rule(a), Self::Rule(b)) => {
                let has_number = matches!(a, Rule::TooLong { .. } | Rule::DuplicateContactType(_));
                a == b || has_number && a.code() == b.code()
            }
            (
                Self::DuplicateContact { first_file: a, .. },
                Self::DuplicateContact { first_file: b, .. },
            ) => a == b,
            (Self::NotJson { reason: a, .. }, Self::NotJson { reason: b, .. }) => a == b,
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }

    /// The stable code of this kind of problem, in kebab case.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Rule(rule) => rule.code(),
            Self::DuplicateContact { .. } => "duplicate-contact-type",
            Self::NotJson { .. } => "not-json",
            Self::SpreadsheetNumber => "spreadsheet-number",
            Self::CellCount { .. } => "cell-count",
            Self::NotUtf8 => "not-utf-8",
            Self::Utf16 => "utf-16",
            Self::Spreadsheet => "spreadsheet",
            Self::PlanFile => "plan",
            Self::JournalFile => "journal",
            Self::Quoting => "quoting",
            Self::EmptyFile => "empty-file",
            Self::NoRows => "no-rows",
            Self::NoLines => "no-lines",
            Self::NoHeader => "no-header",
            Self::UnknownColumn(_) => "unknown-column",
            Self::DuplicateColumn => "duplicate-column",
            Self::MissingColumn => "missing-column",
        }
    }
}

impl fmt::Display for ProblemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rule(rule) => rule.fmt(f),
            Self::DuplicateContact {
                contact_type,
                first_file,
                first,
            } => {
                write!(f, "a second `{contact_type}` for this order, the first is ")?;
                match (first_file, first) {
                    (Some(file), _) => write!(f, "in {file}:{}", first.number())?,
                    (None, Position::Line(line)) => write!(f, "on line {line}")?,
                    (None, _) => write!(f, "in {first}")?,
                }
                f.write_str("; remove one of them")
            }
            Self::NotJson { column, reason } => write!(f, "not JSON: {reason} at column {column}"),
            Self::SpreadsheetNumber => f.write_str(
                "a spreadsheet changed this order id to a number such as 1.23E+08; \
                 format the column as text and enter the id again",
            ),
            Self::CellCount { found, expected } => {
                write!(f, "{found} cells, but the header has {expected}")
            }
            Self::NotUtf8 => f.write_str("not UTF-8; save the file as CSV UTF-8"),
            Self::Utf16 => f.write_str("the file is UTF-16; save it as CSV UTF-8"),
            Self::Spreadsheet => f.write_str(
                "the file is a spreadsheet such as .xlsx, not text; save it as CSV UTF-8",
            ),
            Self::PlanFile => f.write_str("the file is a plan; to carry it out, use `apply`"),
            Self::JournalFile => f.write_str(
                "the file is the journal of a run; to continue the run, use `resume`; \
                 to restore the contacts of before, use `undo`",
            ),
            Self::Quoting => f.write_str(
                "a quote is misplaced or not closed; \
                 put the whole cell in quotes and double those inside",
            ),
            Self::EmptyFile => write!(f, "the file is empty; {}", header::EXPECTED),
            Self::NoRows => f.write_str("no row below the header; add at least one"),
            Self::NoLines => f.write_str(
                "the file is empty; each line must be an object such as \
                 {\"order_id\": \"123456789\", \"contacts\": [...]}",
            ),
            Self::NoHeader => write!(f, "not a header; {}", header::EXPECTED),
            Self::UnknownColumn(None) => f.write_str("unknown column"),
            Self::UnknownColumn(Some(nearest)) => {
                write!(f, "unknown column; did you mean `{nearest}`?")
            }
            Self::DuplicateColumn => f.write_str("duplicate column; remove one of the two"),
            Self::MissingColumn => f.write_str("required column is missing"),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let message = self.message();
        match (&self.column, self.position) {
            (Some(column), Position::Input) => write!(f, "{column}: {message}"),
            (None, Position::Input) => f.write_str(&message),
            (Some(column), Position::Row(_)) => {
                write!(f, "{}.{column}: {message}", self.position)
            }
            (Some(column), Position::Line(_)) => {
                write!(f, "{}, {column}: {message}", self.position)
            }
            (None, _) => write!(f, "{}: {message}", self.position),
        }
    }
}

impl Serialize for Problem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (number, numbers) = match self.position {
            Position::Row(_) => ("row", "rows"),
            _ => ("line", "lines"),
        };
        let positions: Vec<_> = self.positions().map(Position::number).collect();
        let mut out = serializer.serialize_struct("Problem", 6)?;
        out.serialize_field(number, &self.position.number())?;
        out.serialize_field("column", &self.column)?;
        out.serialize_field("code", self.kind.code())?;
        out.serialize_field("message", &self.kind.to_string())?;
        out.serialize_field("count", &self.count)?;
        out.serialize_field(numbers, &positions)?;
        out.end()
    }
}
