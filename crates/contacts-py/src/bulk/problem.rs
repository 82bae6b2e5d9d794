//! The problems of a source: at a line of a file, or in a row by its index.

use contacts_bulk::input::{Position, Problem, ProblemKind};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

/// The problem as a line of a message.
pub(crate) fn problem_line(file: Option<&str>, problem: &Problem) -> String {
    match file {
        Some(file) => problem.in_file(file),
        None => row_message(problem).map_or_else(|| problem.to_string(), str::to_owned),
    }
}

/// The problem as a record of `class`.
pub(crate) fn problem_record<'py>(
    class: &Bound<'py, PyAny>,
    file: Option<&str>,
    problem: &Problem,
) -> PyResult<Bound<'py, PyAny>> {
    let (line, row) = match problem.position() {
        Position::Line(line) => (Some(line), None),
        Position::Row(row) => (None, Some(row)),
        _ => (None, None),
    };
    let message = match row_message(problem).filter(|_| file.is_none()) {
        Some(message) => message.to_owned(),
        None => problem.kind().to_string(),
    };
    let positions = problem.positions().filter(|p| *p != Position::Input);
    class.call1((
        file,
        line,
        row,
        problem.column(),
        problem.kind().code(),
        message,
        problem.count(),
        PyTuple::new(
            class.py(),
            positions.map(Position::number).collect::<Vec<_>>(),
        )?,
    ))
}

/// The message of a problem whose own message is about files.
const fn row_message(problem: &Problem) -> Option<&'static str> {
    match problem.kind() {
        ProblemKind::NoHeader => Some(
            "no column of contacts; order_id, contact_type, first_name, last_name and email are \
             required",
        ),
        _ => None,
    }
}
