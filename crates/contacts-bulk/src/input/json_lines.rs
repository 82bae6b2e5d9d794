//! JSON Lines files: one nested row on each line.

use contacts_core::ReadError;

use crate::input::collector::{Collector, RowSink};
use crate::input::problem::{Problem, ProblemKind};
use crate::input::row::{NestedRow, Position};

pub(super) fn read(text: &[u8], into: &mut Collector) {
    for (line, text) in (1..).zip(text.split(|byte| *byte == b'\n')) {
        let text = text.trim_ascii_end();
        if text.is_empty() {
            continue;
        }
        let position = Position::Line(line);
        if into.rows() == 0 && text.trim_ascii_start().starts_with(b"[") {
            into.push_unreadable(Problem::new(position, None, ProblemKind::JsonArray));
            return;
        }
        match row(position, text) {
            Ok(row) => into.push_row(row.into()),
            Err(kind) => into.push_unreadable(Problem::new(position, None, kind)),
        }
    }
    if into.rows() == 0 {
        into.problems
            .push(Problem::new(Position::Line(1), None, ProblemKind::NoLines));
    }
}

fn row(position: Position, text: &[u8]) -> Result<NestedRow<'_>, ProblemKind> {
    let text = str::from_utf8(text).map_err(|_| ProblemKind::NotUtf8)?;
    let mut json = serde_json::Deserializer::from_str(text);
    let row = NestedRow::deserialize(position, &mut json);
    let row = row.and_then(|row| json.end().map(|()| row));
    row.map_err(|error| match ReadError::from(error) {
        ReadError::Syntax { column, reason, .. } => ProblemKind::NotJson { column, reason },
        _ => ProblemKind::NotJson {
            column: 1,
            reason: "unreadable".to_owned(),
        },
    })
}
