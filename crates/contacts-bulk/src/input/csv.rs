//! CSV files: one flat row for each record.

use csv::ByteRecord;

use crate::input::collector::RowSink;
use crate::input::header::{self, Column, Columns};
use crate::input::problem::{Problem, ProblemKind};
use crate::input::quoting;
use crate::input::record::RecordLocator;
use crate::input::row::{Cell, FlatRow, Position};

pub(super) fn read(text: &[u8], into: &mut impl RowSink) {
    let (preamble, text) = Preamble::split(text);
    let delimiter = preamble.delimiter.unwrap_or_else(|| delimiter(text));
    let mut csv = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text);
    let mut locator = RecordLocator::new(text, preamble.lines + 1);
    let mut record = ByteRecord::new();
    // Reading bytes into records of any length cannot fail.
    let mut next = |record: &mut ByteRecord| {
        let more = csv.read_byte_record(record).unwrap_or(false);
        more.then(|| locator.locate(record, csv.position()))
    };
    let Some((line, bytes)) = next(&mut record) else {
        let problem = Problem::new(Position::Line(1), None, ProblemKind::EmptyFile);
        return into.push_problem(problem);
    };
    let position = Position::Line(line);
    if !quoting::is_valid(bytes, delimiter) {
        let problem = Problem::new(position, None, ProblemKind::Quoting);
        return into.push_problem(problem);
    }
    let columns = match Columns::of_record(&record, position, into.options()) {
        Ok(columns) => columns.0,
        Err(problems) => return problems.into_iter().for_each(|p| into.push_problem(p)),
    };
    while let Some((line, bytes)) = next(&mut record) {
        if quoting::is_valid(bytes, delimiter) {
            read_record(&record, Position::Line(line), &columns, into);
        } else {
            let problem = Problem::new(Position::Line(line), None, ProblemKind::Quoting);
            into.push_unreadable(problem);
        }
    }
    if into.rows() == 0 {
        into.push_problem(Problem::new(
            Position::Line(line + 1),
            None,
            ProblemKind::NoRows,
        ));
    }
}

/// The lines before the header that other programs write: `sep=;` of Excel, `#TYPE` of PowerShell.
#[derive(Default)]
pub(crate) struct Preamble {
    pub(crate) delimiter: Option<u8>,
    pub(crate) lines: u64,
}

impl Preamble {
    /// Splits it from the rest of a file.
    pub(crate) fn split(text: &[u8]) -> (Self, &[u8]) {
        let mut preamble = Self::default();
        let mut rest = text;
        loop {
            let end = memchr::memchr2(b'\r', b'\n', rest).unwrap_or(rest.len());
            let (line, after) = rest.split_at(end);
            let line = line.trim_ascii().to_ascii_lowercase();
            let line = line.strip_prefix(b"\"").unwrap_or(&line);
            match line.strip_prefix(b"sep=") {
                Some([delimiter, ..]) if delimiter.is_ascii() => {
                    preamble.delimiter = Some(*delimiter);
                }
                _ if line.starts_with(b"#type ") || line.is_empty() && !after.is_empty() => {}
                _ => return (preamble, rest),
            }
            let line_end = if after.starts_with(b"\r\n") {
                2
            } else {
                after.len().min(1)
            };
            rest = &after[line_end..];
            preamble.lines += 1;
        }
    }
}

fn read_record(
    record: &ByteRecord,
    position: Position,
    columns: &[Column],
    into: &mut impl RowSink,
) {
    if record.iter().all(|cell| cell.trim_ascii().is_empty()) {
        return;
    }
    let (found, expected) = (record.len(), columns.len());
    let is_empty = |cell: &[u8]| cell.trim_ascii().is_empty();
    // A spreadsheet adds empty cells to each row, or leaves those without a name out.
    let mut missing = columns.iter().skip(found);
    let is_complete = missing.all(|column| *column == Column::Unnamed);
    if !is_complete || !record.iter().skip(expected).all(is_empty) {
        let kind = ProblemKind::CellCount { found, expected };
        return into.push_unreadable(Problem::new(position, None, kind));
    }
    let mut row = FlatRow::new(position);
    for (column, cell) in columns.iter().zip(record) {
        row.set_column(*column, cell_of(cell));
    }
    into.push(row);
}

fn cell_of(bytes: &[u8]) -> Cell<'_> {
    str::from_utf8(bytes).map_or(Cell::NotUtf8, Cell::text)
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
