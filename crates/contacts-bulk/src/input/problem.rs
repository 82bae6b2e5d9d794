use std::borrow::Cow;
use std::fmt;

use contacts_core::{ContactType, Field, Rule};
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::input::column;

/// Something wrong in an input file: where, and what. It never holds a value of the file.
///
/// The same mistake in one column of many lines is one problem: with the first line, the number of
/// its occurrences and the first lines on which they are. Serialises as
/// `{"line", "column", "code", "message", "count", "lines"}`.
///
/// ```
/// use contacts_bulk::{Input, InputError};
///
/// let file = "order_id,contact_type,first_name,last_name,email\n7,technical_contact,Jane,Doe,jane\n";
/// let Err(InputError::Problems(problems)) = Input::from_csv(file.as_bytes(), false) else { panic!() };
/// assert_eq!(problems[0].line(), 2);
/// assert_eq!(problems[0].to_string(), "line 2, email: not an e-mail address: missing `@`");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    column: Option<Cow<'static, str>>,
    kind: ProblemKind,
    count: u64,
    line: u64,
    lines: Vec<u64>,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProblemKind {
    /// A value breaks a rule of the contact model.
    Rule(Rule),
    /// The order has a contact of this type already, from an earlier line.
    SecondContact {
        /// The type.
        contact_type: ContactType,
        /// The earlier file, if it is not the same.
        first_file: Option<String>,
        /// The earlier line.
        first_line: u64,
    },
    /// A line of JSON lines is not JSON.
    NotJson {
        /// The column in bytes, counted from 1.
        column: usize,
        /// What is wrong there.
        reason: String,
    },
    /// An order id that a spreadsheet turned into a number such as `1.23E+08`.
    SpreadsheetNumber,
    /// A line has more or fewer cells than the header.
    CellCount {
        /// How many it has.
        found: usize,
        /// How many the header has.
        expected: usize,
    },
    /// A cell is not UTF-8.
    NotUtf8,
    /// The file is not UTF-8 at all, but UTF-16.
    Utf16,
    /// The file is a spreadsheet's own and not text.
    Spreadsheet,
    /// The file is a plan that was kept.
    Plan,
    /// The file is the journal of a run.
    Journal,
    /// A quote stands inside or behind a cell, or is never closed.
    Quoting,
    /// The file holds nothing.
    EmptyFile,
    /// Nothing below the header.
    NoRows,
    /// Nothing in a file of JSON lines.
    NoLines,
    /// The first line holds no column name at all.
    NoHeader,
    /// A column that has no meaning, with the column it is nearest to.
    UnknownColumn(Option<&'static str>),
    /// A column that is there twice.
    DuplicateColumn,
    /// A required column is not there.
    MissingColumn,
}

impl Problem {
    /// How many lines are kept as examples.
    const EXAMPLES: usize = 10;
    /// How many of them are shown in a sentence.
    const SHOWN: usize = 5;

    pub(crate) fn new(line: u64, column: Option<Cow<'static, str>>, kind: ProblemKind) -> Self {
        Self {
            column,
            kind,
            count: 1,
            line,
            lines: Vec::new(),
        }
    }

    pub(crate) fn of_line(line: u64, kind: ProblemKind) -> Self {
        Self::new(line, None, kind)
    }

    pub(crate) fn of_column(line: u64, column: &'static str, kind: ProblemKind) -> Self {
        Self::new(line, Some(column.into()), kind)
    }

    pub(crate) fn of_field(line: u64, field: Field, rule: Rule) -> Self {
        Self::of_column(line, field.as_str(), ProblemKind::Rule(rule))
    }

    pub(crate) fn is_same_mistake(&self, other: &Self) -> bool {
        self.kind.is_same_mistake(&other.kind) && self.column == other.column
    }

    /// Takes note of the same mistake on a further line.
    pub(crate) fn add(&mut self, line: u64) {
        self.count += 1;
        let last = self.lines.last().unwrap_or(&self.line);
        if self.lines.len() + 1 < Self::EXAMPLES && *last != line {
            self.lines.push(line);
        }
    }

    /// The first line, counted from 1; of a row that spans several lines, their first.
    #[must_use]
    pub const fn line(&self) -> u64 {
        self.line
    }

    /// How often the mistake occurs.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// The first lines on which it occurs, at most 10.
    pub fn lines(&self) -> impl Iterator<Item = u64> {
        std::iter::once(self.line).chain(self.lines.iter().copied())
    }

    /// What is wrong, and how often and where else; without line and column of the first.
    ///
    /// Numbers in it, such as the length of a text, are those of the first line.
    #[must_use]
    pub fn message(&self) -> String {
        if self.count == 1 {
            return self.kind.to_string();
        }
        let shown: Vec<_> = self.lines().take(Self::SHOWN).collect();
        let listed: Vec<_> = shown.iter().map(u64::to_string).collect();
        let more = if self.count > shown.len() as u64 && self.lines.len() + 1 > Self::SHOWN {
            " and more"
        } else {
            ""
        };
        let (s, count) = (if shown.len() == 1 { "" } else { "s" }, self.count);
        format!(
            "{} ({count} times, on line{s} {}{more})",
            self.kind,
            listed.join(", ")
        )
    }

    /// The name of the column, where it is about one; of JSON lines the path, such as
    /// `contacts[1].email`.
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
    /// Whether both are the same but for numbers and places.
    fn is_same_mistake(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Rule(a), Self::Rule(b)) => {
                let varies = matches!(a, Rule::TooLong { .. } | Rule::DuplicateContactType(_));
                a == b || varies && a.code() == b.code()
            }
            (
                Self::SecondContact { first_file: a, .. },
                Self::SecondContact { first_file: b, .. },
            ) => a == b,
            (Self::NotJson { reason: a, .. }, Self::NotJson { reason: b, .. }) => a == b,
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }

    /// The stable name of this kind of problem, in kebab case.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Rule(rule) => rule.code(),
            Self::SecondContact { .. } => "duplicate-contact-type",
            Self::NotJson { .. } => "not-json",
            Self::SpreadsheetNumber => "spreadsheet-number",
            Self::CellCount { .. } => "cell-count",
            Self::NotUtf8 => "not-utf-8",
            Self::Utf16 => "utf-16",
            Self::Spreadsheet => "spreadsheet",
            Self::Plan => "plan",
            Self::Journal => "journal",
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
            Self::SecondContact {
                contact_type,
                first_file,
                first_line,
            } => {
                write!(
                    f,
                    "a second `{contact_type}` for this order, whose first is "
                )?;
                match first_file {
                    Some(file) => write!(f, "in {file}:{first_line}")?,
                    None => write!(f, "on line {first_line}")?,
                }
                f.write_str("; an order has only one")
            }
            Self::NotJson { column, reason } => write!(f, "not JSON: {reason} at column {column}"),
            Self::SpreadsheetNumber => f.write_str(
                "a spreadsheet wrote this order id as a number such as 1.23E+08; \
                 format the column as text there, and fill it in again",
            ),
            Self::CellCount { found, expected } => {
                write!(f, "{found} cells, but the header has {expected}")
            }
            Self::NotUtf8 => f.write_str("not UTF-8; save the file as CSV UTF-8"),
            Self::Utf16 => f.write_str("the file is UTF-16; save it as CSV UTF-8"),
            Self::Spreadsheet => f.write_str(
                "this is a spreadsheet's own file, such as .xlsx, and not text; \
                 save it there as CSV UTF-8",
            ),
            Self::Plan => f.write_str(
                "this is a plan, whose input was checked when it was made; `apply` carries it out",
            ),
            Self::Journal => f.write_str(
                "this is the journal of a run; `resume` goes on with the run, and `undo` plans to \
                 put back what it found",
            ),
            Self::Quoting => f.write_str(
                "a quote is inside a cell, behind one, or never closed; \
                 put the whole cell in quotes, and double those inside",
            ),
            Self::EmptyFile => write!(f, "the file is empty; {}", column::EXPECTED),
            Self::NoRows => f.write_str("there is no row below the header"),
            Self::NoLines => f.write_str(
                "there is nothing in the file; each line is an object such as \
                 {\"order_id\": \"123456789\", \"contacts\": [...]}",
            ),
            Self::NoHeader => write!(f, "this is not a header; {}", column::EXPECTED),
            Self::UnknownColumn(None) => f.write_str("unknown column"),
            Self::UnknownColumn(Some(nearest)) => {
                write!(f, "unknown column; did you mean `{nearest}`?")
            }
            Self::DuplicateColumn => f.write_str("this column is there twice"),
            Self::MissingColumn => f.write_str("this column is required, but missing"),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line)?;
        if let Some(column) = &self.column {
            write!(f, ", {column}")?;
        }
        write!(f, ": {}", self.message())
    }
}

impl Serialize for Problem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Problem", 6)?;
        out.serialize_field("line", &self.line)?;
        out.serialize_field("column", &self.column)?;
        out.serialize_field("code", self.kind.code())?;
        out.serialize_field("message", &self.kind.to_string())?;
        out.serialize_field("count", &self.count)?;
        out.serialize_field("lines", &self.lines().collect::<Vec<_>>())?;
        out.end()
    }
}
