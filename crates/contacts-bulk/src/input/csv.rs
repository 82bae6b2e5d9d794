//! CSV files: one flat row for each record.

use csv::ByteRecord;

use crate::input::collector::Collector;
use crate::input::header::{self, Column, Columns};
use crate::input::problem::{Problem, ProblemKind};
use crate::input::quoting;
use crate::input::record::RecordLocator;
use crate::input::row::{Cell, FlatRow, Position};

pub(super) fn read(text: &[u8], trim: bool, into: &mut Collector) {
    let delimiter = delimiter(text);
    let mut csv = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text);
    let mut locator = RecordLocator::new(text);
    let mut record = ByteRecord::new();
    // Reading bytes into records of any length cannot fail.
    let mut next = |record: &mut ByteRecord| {
        let more = csv.read_byte_record(record).unwrap_or(false);
        more.then(|| locator.locate(record, csv.position()))
    };
    let Some((line, bytes)) = next(&mut record) else {
        let problem = Problem::new(Position::Line(1), None, ProblemKind::EmptyFile);
        return into.problems.push(problem);
    };
    let position = Position::Line(line);
    if !quoting::is_valid(bytes, delimiter) {
        let problem = Problem::new(position, None, ProblemKind::Quoting);
        return into.problems.push(problem);
    }
    let columns = match Columns::of_record(&record, position, trim) {
        Ok(columns) => columns.0,
        Err(problems) => return problems.into_iter().for_each(|p| into.problems.push(p)),
    };
    while let Some((line, bytes)) = next(&mut record) {
        if quoting::is_valid(bytes, delimiter) {
            read_record(&record, Position::Line(line), &columns, trim, into);
        } else {
            let problem = Problem::new(Position::Line(line), None, ProblemKind::Quoting);
            into.push_unreadable(problem);
        }
    }
    if into.rows() == 0 {
        into.problems
            .push(Problem::new(Position::Line(2), None, ProblemKind::NoRows));
    }
}

fn read_record(
    record: &ByteRecord,
    position: Position,
    columns: &[Column],
    trim: bool,
    into: &mut Collector,
) {
    if record.iter().all(|cell| cell.trim_ascii().is_empty()) {
        return;
    }
    let (found, expected) = (record.len(), columns.len());
    if found != expected {
        let kind = ProblemKind::CellCount { found, expected };
        return into.push_unreadable(Problem::new(position, None, kind));
    }
    let mut row = FlatRow::new(position);
    for (column, cell) in columns.iter().zip(record) {
        row.set_column(*column, cell_of(cell, trim));
    }
    into.push(row.into());
}

fn cell_of(bytes: &[u8], trim: bool) -> Cell<'_> {
    match str::from_utf8(bytes) {
        Ok(text) if trim => Cell::text(text.trim()),
        Ok(text) => Cell::text(text),
        Err(_) => Cell::NotUtf8,
    }
}

/// The delimiter that turns most cells of the first line into column names. On a tie it is the one
/// that occurs least, since the others may be padding; without any column name, the most frequent.
fn delimiter(text: &[u8]) -> u8 {
    let header = text
        .split(|b| matches!(b, b'\r' | b'\n'))
        .find(|line| !line.is_empty())
        .unwrap_or_default();
    let score = |delimiter: &u8| {
        let columns = header::count_columns(header, *delimiter);
        let count = memchr::memchr_iter(*delimiter, header).count();
        (
            columns,
            if columns > 0 {
                usize::MAX - count
            } else {
                count
            },
        )
    };
    // `max_by_key` takes the last of equals, which is the comma.
    b"\t;,".iter().copied().max_by_key(score).unwrap_or(b',')
}
