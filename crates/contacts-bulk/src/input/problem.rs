mod kind;

use std::borrow::Cow;
use std::fmt;

use contacts_core::Violation;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::input::row::Position;

pub use kind::ProblemKind;

/// A mistake in an input: where, and what. It never holds a value of the input.
///
/// The same mistake in one column of many rows is one problem, with the number of its occurrences
/// and the first of their positions. Serialises as `{"line", "column", "code", "message", "count",
/// "lines"}`, or with `row` and `rows` for rows that are not in a file; in a workbook also with `cell`.
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
    /// The sheet and the cell of the first position, such as `Sheet1!C4`.
    cell: Option<Box<str>>,
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
            cell: None,
        }
    }

    pub(super) const fn in_column(
        position: Position,
        column: &'static str,
        kind: ProblemKind,
    ) -> Self {
        Self::new(position, Some(Cow::Borrowed(column)), kind)
    }

    pub(super) fn of_violation(position: Position, violation: &Violation) -> Self {
        let path = Some(violation.path().to_string()).filter(|path| !path.is_empty());
        Self::new(position, path.map(Into::into), ProblemKind::of(violation))
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

    /// The sheet and the cell of the first position in a workbook, such as `Sheet1!C4`.
    #[must_use]
    pub fn cell(&self) -> Option<&str> {
        self.cell.as_deref()
    }

    #[cfg(feature = "xlsx")]
    pub(super) fn set_cell(&mut self, cell: String) {
        self.cell = Some(cell.into());
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
            _ if self.cell.is_some() => "in row",
            _ => "on line",
        };
        let s = if shown.len() == 1 { "" } else { "s" };
        let (count, shown) = (self.count, shown.join(", "));
        format!("{} ({count} times, {unit}{s} {shown}{more})", self.kind)
    }

    /// The problem in the form that editors turn into a link, such as `contacts.csv:2: email: ...`.
    #[must_use]
    pub fn in_file(&self, file: &str) -> String {
        let (message, line) = (self.message(), self.position.number().to_string());
        let position = self.cell().unwrap_or(&line);
        match self.column() {
            Some(column) => format!("{file}:{position}: {column}: {message}"),
            None => format!("{file}:{position}: {message}"),
        }
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

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let message = self.message();
        if let Some(cell) = &self.cell {
            return match &self.column {
                Some(column) => write!(f, "{cell}, {column}: {message}"),
                None => write!(f, "{cell}: {message}"),
            };
        }
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
        let mut out = serializer.serialize_struct("Problem", 7)?;
        out.serialize_field(number, &self.position.number())?;
        match &self.cell {
            Some(cell) => out.serialize_field("cell", cell)?,
            None => out.skip_field("cell")?,
        }
        out.serialize_field("column", &self.column)?;
        out.serialize_field("code", self.kind.code())?;
        out.serialize_field("message", &self.kind.to_string())?;
        out.serialize_field("count", &self.count)?;
        out.serialize_field(numbers, &positions)?;
        out.end()
    }
}
