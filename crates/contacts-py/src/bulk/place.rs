//! Where something is wrong: on a line of a file, or in a row that is a Python object.

use std::fmt::Write;

use contacts_bulk::input::{Problem, ProblemKind};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

/// How a problem says where it is.
pub(crate) enum Place {
    /// By the name of the file, and a line.
    File(String),
    /// By the index of the row; with `flat` rows the contact's place in its list says nothing.
    Row { flat: bool },
}

/// Whether it is about a column of a frame, or about all of a source, and not about a row.
const fn is_about_all(kind: &ProblemKind) -> bool {
    matches!(
        kind,
        ProblemKind::NoLines
            | ProblemKind::NoHeader
            | ProblemKind::UnknownColumn(_)
            | ProblemKind::DuplicateColumn
            | ProblemKind::MissingColumn
    )
}

/// The only contact of a flat row.
const ONLY_CONTACT: &str = "contacts[0].";

impl Place {
    /// The problem in one line.
    pub(crate) fn listed(&self, problem: &Problem) -> String {
        let mut message = self.message(problem);
        if matches!(self, Self::Row { .. }) && is_about_all(problem.kind()) {
            let column = problem.column().map(|column| format!("{column}: "));
            return column.unwrap_or_default() + &message;
        }
        match self {
            Self::File(_) => message = problem.message(),
            Self::Row { .. } if problem.count() > 1 => {
                let rows: Vec<_> = self.numbers(problem).iter().map(u64::to_string).collect();
                let (times, rows) = (problem.count(), rows.join(", "));
                let _ = write!(message, " ({times} times, first in the rows {rows})");
            }
            Self::Row { .. } => {}
        }
        self.line(problem.position().number(), self.column(problem), &message)
    }

    /// `contacts.csv:3: email: ...`, or `rows[1].email: ...`
    pub(crate) fn line(&self, line: u64, column: Option<&str>, message: &str) -> String {
        let column = column.filter(|column| !column.is_empty());
        match (self, column) {
            (Self::File(name), Some(column)) => format!("{name}:{line}: {column}: {message}"),
            (Self::File(name), None) => format!("{name}:{line}: {message}"),
            (Self::Row { .. }, Some(column)) => format!("rows[{}].{column}: {message}", line - 1),
            (Self::Row { .. }, None) => format!("rows[{}]: {message}", line - 1),
        }
    }

    /// The problem as Python has it, of `class`.
    pub(crate) fn told<'py>(
        &self,
        class: &Bound<'py, PyAny>,
        problem: &Problem,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (file, line, index) = match self {
            Self::File(name) => (Some(name), Some(problem.position().number()), None),
            Self::Row { .. } if is_about_all(problem.kind()) => (None, None, None),
            Self::Row { .. } => (None, None, Some(problem.position().number() - 1)),
        };
        let column = self.column(problem);
        let (code, message) = (problem.kind().code(), self.message(problem));
        let numbers = PyTuple::new(class.py(), self.numbers(problem))?;
        let count = problem.count();
        class.call1((file, line, index, column, code, message, count, numbers))
    }

    /// What is wrong, without the place of it.
    fn message(&self, problem: &Problem) -> String {
        match (self, problem.kind()) {
            (
                Self::Row { .. },
                ProblemKind::DuplicateContact {
                    contact_type,
                    first,
                    ..
                },
            ) => format!(
                "a second `{contact_type}` for this order, the first is in rows[{}]; \
                 remove one of them",
                first.number() - 1
            ),
            (Self::Row { .. }, ProblemKind::NoLines) => {
                "there is no row; an iterator can be read only once".to_owned()
            }
            (Self::Row { .. }, ProblemKind::NoHeader) => {
                "these are no columns of contacts; order_id, contact_type, first_name, last_name and \
                 email are needed"
                    .to_owned()
            }
            (_, kind) => kind.to_string(),
        }
    }

    fn column<'a>(&self, problem: &'a Problem) -> Option<&'a str> {
        let column = problem.column()?;
        Some(match self {
            Self::Row { flat: true } => column.strip_prefix(ONLY_CONTACT).unwrap_or(column),
            _ => column,
        })
    }

    /// The first lines, or the first indexes of rows.
    fn numbers(&self, problem: &Problem) -> Vec<u64> {
        let first = match self {
            Self::File(_) => 0,
            Self::Row { .. } if is_about_all(problem.kind()) => return Vec::new(),
            Self::Row { .. } => 1,
        };
        problem
            .positions()
            .map(|position| position.number() - first)
            .collect()
    }
}
