use std::fmt;

use contacts_core::{ContactType, Field, Rule};
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::header;

/// Something wrong in an input file: where, and what. It never holds a cell's text.
///
/// Serialises as `{"line", "column", "code", "message"}`.
///
/// ```
/// use contacts_bulk::{Input, InputError};
///
/// let file = "order_id,contact_type,first_name,last_name,email\n7,technical_contact,Jane,Doe,jane\n";
/// let Err(InputError::Problems(problems)) = Input::from_csv(file.as_bytes(), false) else { panic!() };
/// assert_eq!(problems[0].line(), 2);
/// assert_eq!(problems[0].to_string(), "line 2, email: not an e-mail address: there is no `@`");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    line: u64,
    column: Option<String>,
    kind: ProblemKind,
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
        /// The earlier line.
        first_line: u64,
    },
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
    /// A quote stands inside or behind a cell, or is never closed.
    Quoting,
    /// The file holds nothing.
    EmptyFile,
    /// Nothing below the header.
    NoRows,
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
    pub(crate) fn new(line: u64, column: Option<&str>, kind: ProblemKind) -> Self {
        Self {
            line,
            column: column.map(str::to_owned),
            kind,
        }
    }

    pub(crate) fn of_field(line: u64, field: Field, rule: Rule) -> Self {
        Self::new(line, Some(field.as_str()), ProblemKind::Rule(rule))
    }

    /// The line, counted from 1; of a row that spans several, the first.
    #[must_use]
    pub const fn line(&self) -> u64 {
        self.line
    }

    /// The name of the column, where it is about one.
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
    /// The stable name of this kind of problem, in kebab case.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Rule(rule) => rule.code(),
            Self::SecondContact { .. } => "duplicate-contact-type",
            Self::CellCount { .. } => "cell-count",
            Self::NotUtf8 => "not-utf-8",
            Self::Utf16 => "utf-16",
            Self::Quoting => "quoting",
            Self::EmptyFile => "empty-file",
            Self::NoRows => "no-rows",
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
                first_line,
            } => write!(
                f,
                "a second `{contact_type}` for this order, whose first is on line {first_line}; \
                 an order has only one"
            ),
            Self::CellCount { found, expected } => {
                write!(f, "{found} cells, but the header has {expected}")
            }
            Self::NotUtf8 => f.write_str("not UTF-8; save the file as CSV UTF-8"),
            Self::Utf16 => f.write_str("the file is UTF-16; save it as CSV UTF-8"),
            Self::Quoting => f.write_str(
                "a quote is inside a cell, behind one, or never closed; \
                 put the whole cell in quotes, and double those inside",
            ),
            Self::EmptyFile => write!(f, "the file is empty; {}", header::EXPECTED),
            Self::NoRows => f.write_str("there is no row below the header"),
            Self::NoHeader => write!(f, "this is not a header; {}", header::EXPECTED),
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
        write!(f, ": {}", self.kind)
    }
}

impl Serialize for Problem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Problem", 4)?;
        out.serialize_field("line", &self.line)?;
        out.serialize_field("column", &self.column)?;
        out.serialize_field("code", self.kind.code())?;
        out.serialize_field("message", &self.kind.to_string())?;
        out.end()
    }
}

/// Everything wrong in an input file: at least one [`Problem`], in the order of the lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// `None` where nothing is wrong.
    pub(crate) fn from_list(list: Vec<Problem>) -> Option<Self> {
        (!list.is_empty()).then_some(Self(list))
    }
}

impl std::ops::Deref for Problems {
    type Target = [Problem];

    fn deref(&self) -> &[Problem] {
        &self.0
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, problem) in self.0.iter().enumerate() {
            let line = if n == 0 { "" } else { "\n" };
            write!(f, "{line}{problem}")?;
        }
        Ok(())
    }
}
