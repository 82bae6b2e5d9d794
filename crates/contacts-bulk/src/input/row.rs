//! The one entrance for input: every format becomes rows, whose values are not validated yet.

use std::borrow::Cow;
use std::fmt;

use contacts_core::{Field, JsonType, JsonValue, OrderUpdateDraft, UpdateDraft, trimmed};
use serde::{Deserialize, Deserializer};

use crate::input::formula::unescape_formula;
use crate::input::header::Column;
use crate::input::problem::ProblemKind;
use crate::input::{ReadOptions, spreadsheet};

/// Where a row comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Position {
    /// A line of a file, counted from 1; of a row that spans several lines, the first.
    Line(u64),
    /// A row that is not in a file, counted from 0.
    Row(u64),
    /// The input as a whole, such as the columns of a table.
    Input,
}

/// A row of input, from whatever source.
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "a row is passed on at once, and never stored"
)]
pub enum Row<'a> {
    /// One contact.
    Flat(FlatRow<'a>),
    /// All contacts of one order.
    Nested(NestedRow<'a>),
}

/// A row with one contact, whose fields stand beside the order id, as in a CSV file.
///
/// ```
/// use contacts_bulk::input::{Cell, FlatRow, InputBuilder, Position};
///
/// let mut row = FlatRow::new(Position::Row(0));
/// row.set("order_id", Cell::Integer(7));
/// row.set("contact_type", Cell::text("technical_contact"));
/// row.set("first_name", Cell::text("Jane"));
/// row.set("last_name", Cell::text("Doe"));
/// row.set("email", Cell::text("jane.doe"));
/// let mut input = InputBuilder::default();
/// input.push(row);
/// let problems = input.build().unwrap_err();
/// assert_eq!(problems.to_string(), "rows[0].email: not an e-mail address: missing `@`");
/// ```
#[derive(Debug)]
pub struct FlatRow<'a> {
    pub(super) position: Position,
    pub(super) order_id: Cell<'a>,
    pub(super) contact_type: Cell<'a>,
    /// In the order of [`Field::TEXT`].
    pub(super) fields: [Cell<'a>; 6],
    /// The common name and the status of the order, for a snapshot.
    pub(super) details: [Cell<'a>; 3],
    /// The names that are not columns; empty for a value in a column without a name.
    pub(super) unknown: Vec<String>,
}

/// A row with an order id and an update as [`ContactsUpdate::from_json`] reads it, as in a JSON
/// Lines file.
///
/// [`ContactsUpdate::from_json`]: contacts_core::ContactsUpdate::from_json
#[derive(Debug)]
pub struct NestedRow<'a> {
    pub(super) position: Position,
    pub(super) order_id: Cell<'a>,
    pub(super) update: UpdateDraft<'a>,
}

/// A value in a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cell<'a> {
    /// There is no value.
    #[default]
    Empty,
    /// A string.
    Text(Cow<'a, str>),
    /// An integer, which an order id and a language id may be.
    Integer(u64),
    /// A value of a type that no column has.
    WrongType(JsonType),
    /// Bytes that are not UTF-8.
    NotUtf8,
    /// A value that a spreadsheet holds as a number, a date or an error, so that the text is lost.
    Damaged(ProblemKind),
}

impl<'a> Cell<'a> {
    /// A string; an empty one is an empty cell.
    #[must_use]
    pub const fn text(text: &'a str) -> Self {
        if text.is_empty() {
            Self::Empty
        } else {
            Self::Text(Cow::Borrowed(text))
        }
    }
}

impl Cell<'_> {
    fn clean(&mut self, column: Column) {
        if let Self::Text(text) = self {
            let cleaned = spreadsheet::cleaned(column, text);
            if cleaned.is_empty() {
                *self = Self::Empty;
            } else if cleaned.len() < text.len() {
                *self = Self::Text(cleaned.into_owned().into());
            }
        }
    }
}

impl<'a> From<JsonValue<'a>> for Cell<'a> {
    fn from(value: JsonValue<'a>) -> Self {
        match value {
            JsonValue::String(text) => Self::Text(text),
            JsonValue::Integer(number) => Self::Integer(number),
            value => Self::WrongType(value.json_type()),
        }
    }
}

impl<'a> FlatRow<'a> {
    /// A row without values.
    #[must_use]
    pub const fn new(position: Position) -> Self {
        Self {
            position,
            order_id: Cell::Empty,
            contact_type: Cell::Empty,
            fields: [const { Cell::Empty }; 6],
            details: [Cell::Empty, Cell::Empty, Cell::Empty],
            unknown: Vec::new(),
        }
    }

    /// Sets the value of a column. A string loses the apostrophe that
    /// [escapes a formula](unescape_formula); the columns that an export or a rejects file adds are
    /// ignored.
    pub fn set(&mut self, column: &str, cell: Cell<'a>) {
        match Column::parse(column) {
            Some(column) => self.set_column(column, cell),
            None => self.unknown.push(column.to_owned()),
        }
    }

    pub(super) fn set_column(&mut self, column: Column, cell: Cell<'a>) {
        let cell = match cell {
            Cell::Text(Cow::Borrowed(text)) => Cell::text(unescape_formula(text)),
            Cell::Text(Cow::Owned(text)) if text.is_empty() => Cell::Empty,
            Cell::Text(Cow::Owned(text)) => Cell::Text(unescape_formula(&text).to_owned().into()),
            cell => cell,
        };
        match column {
            Column::OrderId => self.order_id = cell,
            Column::Field(Field::ContactType) => self.contact_type = cell,
            Column::Field(field) => self.fields[field as usize - 1] = cell,
            Column::Ignored => {}
            Column::Detail(index) => self.details[index] = cell,
            Column::Unnamed => match cell {
                Cell::Empty => {}
                Cell::Text(text) if trimmed(&text).is_empty() => {}
                _ => self.unknown.push(String::new()),
            },
        }
    }

    /// Empties the cells to ignore, and cleans the others.
    pub(super) fn apply(&mut self, options: &ReadOptions) {
        // Almost every input is read so, and a million rows take their time.
        if !options.trim && options.ignore_columns.is_empty() {
            return;
        }
        self.unknown.retain(|name| !options.ignores(name));
        let fields = Field::TEXT
            .into_iter()
            .map(Column::Field)
            .zip(&mut self.fields);
        let contact_type = Column::Field(Field::ContactType);
        let others = [
            (Column::OrderId, &mut self.order_id),
            (contact_type, &mut self.contact_type),
        ];
        for (column, cell) in fields.chain(others) {
            if options.ignores(column.name()) {
                *cell = Cell::Empty;
            } else if options.trim {
                cell.clean(column);
            }
        }
    }
}

impl<'a> NestedRow<'a> {
    /// Reads a row from any self-describing format.
    ///
    /// # Errors
    /// Returns an error only if the format is broken. A wrong type or an unknown name is found when
    /// the input is built.
    pub fn deserialize<D: Deserializer<'a>>(position: Position, from: D) -> Result<Self, D::Error> {
        let draft = OrderUpdateDraft::deserialize(from)?;
        Ok(Self {
            position,
            order_id: draft.order_id.map_or(Cell::Empty, Cell::from),
            update: draft.update,
        })
    }
}

impl<'a> From<FlatRow<'a>> for Row<'a> {
    fn from(row: FlatRow<'a>) -> Self {
        Self::Flat(row)
    }
}

impl<'a> From<NestedRow<'a>> for Row<'a> {
    fn from(row: NestedRow<'a>) -> Self {
        Self::Nested(row)
    }
}

impl Position {
    /// The line or the index; 0 for the whole input.
    #[must_use]
    pub const fn number(self) -> u64 {
        match self {
            Self::Line(number) | Self::Row(number) => number,
            Self::Input => 0,
        }
    }

    /// The number, counted from 1.
    pub(super) const fn ordinal(self) -> u64 {
        match self {
            Self::Line(line) => line,
            Self::Row(index) => index + 1,
            Self::Input => 1,
        }
    }

    /// The position of this ordinal in the same source.
    pub(super) const fn with_ordinal(self, ordinal: u64) -> Self {
        match self {
            Self::Line(_) => Self::Line(ordinal),
            Self::Row(_) => Self::Row(ordinal - 1),
            Self::Input => Self::Input,
        }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(line) => write!(f, "line {line}"),
            Self::Row(index) => write!(f, "rows[{index}]"),
            Self::Input => f.write_str("input"),
        }
    }
}
