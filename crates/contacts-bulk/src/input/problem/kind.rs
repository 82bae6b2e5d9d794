use contacts_core::{ContactType, Rule, Violation};

use crate::input::header;
use crate::input::row::Position;

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
#[non_exhaustive]
pub enum ProblemKind {
    /// A value breaks a rule of the contact model.
    #[error(transparent)]
    Rule(Rule),
    /// The order already has a contact of this type, from an earlier row.
    #[error(
        "a second `{contact_type}` for this order, the first is {}; remove one of them",
        earlier(first_file.as_ref(), *first)
    )]
    #[strum(serialize = "duplicate-contact-type")]
    DuplicateContact {
        /// The type.
        contact_type: ContactType,
        /// The earlier file, if it is another one.
        first_file: Option<String>,
        /// The position of the earlier row.
        first: Position,
    },
    /// A line of a JSON Lines file is not JSON.
    #[error("not JSON: {reason} at column {column}")]
    NotJson {
        /// The column in bytes, counted from 1.
        column: usize,
        /// What is wrong there.
        reason: String,
    },
    /// A JSON Lines file is one array.
    #[error(
        "a JSON array; write one object on each line, without `[`, `]` and commas between them"
    )]
    JsonArray,
    /// A value that a spreadsheet turned into a number such as `1.23E+08` or `7.0`.
    #[error(
        "a spreadsheet wrote this as a number such as 1.23E+08 or 7.0; \
         format the column as text and enter the value again"
    )]
    SpreadsheetNumber,
    /// A number that a spreadsheet wrote in groups, such as `1,234,567`.
    #[error(
        "a spreadsheet wrote this number in groups such as 1,234,567; \
         format the column as text and enter the value again"
    )]
    SpreadsheetGrouping,
    /// A value that a spreadsheet turned into a date.
    #[error(
        "a spreadsheet wrote this as a date; format the column as text and enter the value again"
    )]
    SpreadsheetDate,
    /// An error value of a spreadsheet such as `#N/A`, a formula, or a marker such as `NULL`.
    #[error(
        "an error value, a formula or an empty marker, such as #N/A, =A1 or NULL; enter the value, or \
         leave an optional cell empty"
    )]
    SpreadsheetError,
    /// The mark of a text in a spreadsheet: an apostrophe or `="..."`.
    #[error("an apostrophe or =\"...\" that marks a text in a spreadsheet; remove it")]
    TextMark,
    /// An order id with a `#`.
    #[error("a `#` before the order id; remove it")]
    NumberSign,
    /// A row has more or fewer cells than the header.
    #[error("{found} cell{}, but the header has {expected}", if *found == 1 { "" } else { "s" })]
    CellCount {
        /// The number of cells in the row.
        found: usize,
        /// The number of cells in the header.
        expected: usize,
    },
    /// A cell is not UTF-8.
    #[error("not UTF-8; save the file as CSV UTF-8")]
    #[strum(serialize = "not-utf-8")]
    NotUtf8,
    /// The file is UTF-16.
    #[error("the file is UTF-16; save it as CSV UTF-8")]
    #[strum(serialize = "utf-16")]
    Utf16,
    /// The file is a spreadsheet, not text.
    #[error("the file is a spreadsheet {SPREADSHEET}")]
    Spreadsheet,
    /// The file is a zip archive, but not a workbook.
    #[cfg(feature = "xlsx")]
    #[error("not an .xlsx workbook, or damaged; save it as .xlsx or as CSV UTF-8")]
    Workbook,
    /// The file is a plan.
    #[error("the file is a plan; to apply it, use `apply`")]
    #[strum(serialize = "plan")]
    PlanFile,
    /// The file is the journal of a run.
    #[error(
        "the file is the journal of a run; to resume the run, use `resume`; \
         to restore what it overwrote, use `undo`"
    )]
    #[strum(serialize = "journal")]
    JournalFile,
    /// A quote is misplaced or not closed.
    #[error(
        "a quote is misplaced or not closed; \
         put the whole cell in quotes and double those inside"
    )]
    Quoting,
    /// The file is empty.
    #[error("the file is empty; {}", header::EXPECTED)]
    EmptyFile,
    /// A CSV file has no row below its header.
    #[error("no row below the header; add at least one")]
    NoRows,
    /// A JSON Lines file has no line.
    #[error(
        "the file is empty; each line must be an object such as \
         {{\"order_id\": \"123456789\", \"contacts\": [...]}}"
    )]
    NoLines,
    /// The first line holds no column name.
    #[error("not a header; {}", header::EXPECTED)]
    NoHeader,
    /// A column is not known; with the nearest column name.
    #[error("unknown column; {}", suggestion(*.0))]
    UnknownColumn(Option<&'static str>),
    /// A cell of a column without a name has a value.
    #[error("a value in a column without a name; name the column, or remove it")]
    UnnamedColumn,
    /// A column occurs twice.
    #[error("duplicate column; remove one of the two")]
    DuplicateColumn,
    /// A required column is missing, or among those to ignore.
    #[error("required column is missing, or ignored")]
    MissingColumn,
}

#[cfg(feature = "xlsx")]
const SPREADSHEET: &str = "such as .xls, or has a password; save it as .xlsx or as CSV UTF-8";
#[cfg(not(feature = "xlsx"))]
const SPREADSHEET: &str = "such as .xlsx, not text; save it as CSV UTF-8";

impl ProblemKind {
    pub(in crate::input) fn of(violation: &Violation) -> Self {
        Self::Rule(violation.rule().clone())
    }

    /// Whether both differ at most in numbers and positions.
    pub(super) fn is_same_mistake(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Rule(a), Self::Rule(b)) => match (a, b) {
                (Rule::TooLong { .. }, Rule::TooLong { .. })
                | (Rule::DuplicateContactType(_), Rule::DuplicateContactType(_)) => true,
                (Rule::ControlCharacter(a), Rule::ControlCharacter(b))
                | (Rule::BidiControl(a), Rule::BidiControl(b))
                | (Rule::InvisibleCharacter(a), Rule::InvisibleCharacter(b)) => {
                    a.code_point == b.code_point
                }
                _ => a == b,
            },
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
    pub fn code(&self) -> &'static str {
        match self {
            Self::Rule(rule) => rule.code(),
            kind => kind.into(),
        }
    }
}

/// The earlier position of a contact.
fn earlier(first_file: Option<&String>, first: Position) -> String {
    match (first_file, first) {
        (Some(file), _) => format!("in {file}:{}", first.number()),
        (None, Position::Line(line)) => format!("on line {line}"),
        (None, _) => format!("in {first}"),
    }
}

fn suggestion(nearest: Option<&str>) -> String {
    nearest.map_or_else(
        || {
            "remove it, or ignore it with --ignore-columns (in a program, `ignore_columns`)"
                .to_owned()
        },
        |name| format!("did you mean `{name}`?"),
    )
}
