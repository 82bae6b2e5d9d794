//! One flat row for each row of the first visible sheet.

use std::io::Cursor;

use calamine::{DataRef, Reader, SheetVisible, Xlsx, XlsxCellReader};

use crate::input::collector::RowSink;
use crate::input::header::{Column, Columns};
use crate::input::problem::{Problem, ProblemKind};
use crate::input::row::{Cell, FlatRow, Position};

/// Excel keeps 15 digits of a number; of a longer one, the last digits are lost.
const MAX_EXACT: f64 = 999_999_999_999_999.0;
/// The columns of a sheet.
const MAX_COLUMNS: usize = 16_384;

/// The cells of a row by their columns.
type Cells = Vec<(usize, DataCell)>;

/// A value of a sheet.
enum DataCell {
    Text(String),
    Number(f64),
    Boolean,
    Date,
    Error,
}

pub(in crate::input) fn read(bytes: &[u8], into: &mut impl RowSink) {
    let unreadable = || Problem::new(Position::Line(1), None, ProblemKind::Workbook);
    let Ok(mut workbook) = Xlsx::new(Cursor::new(bytes)) else {
        return into.push_problem(unreadable());
    };
    let sheets = workbook.sheets_metadata().iter();
    let mut visible = sheets.filter(|sheet| sheet.visible == SheetVisible::Visible);
    let name = visible.next().map(|sheet| sheet.name.clone());
    let name = name.unwrap_or_default();
    let columns = match workbook.worksheet_cells_reader(&name) {
        Ok(cells) => read_sheet(Rows::new(cells), into),
        Err(_) => Err(()),
    };
    match columns {
        Ok(columns) => locate(into, &name, &columns),
        Err(()) => into.push_problem(unreadable()),
    }
}

/// Reads the rows. Returns the names of the columns.
fn read_sheet(mut rows: Rows<'_, '_>, into: &mut impl RowSink) -> Result<Vec<String>, ()> {
    let Some((line, header)) = rows.next()? else {
        into.push_problem(Problem::new(
            Position::Line(1),
            None,
            ProblemKind::EmptyFile,
        ));
        return Ok(Vec::new());
    };
    let width = header.last().map_or(0, |(index, _)| index + 1);
    let mut names = vec![String::new(); width];
    for (index, cell) in header {
        if let DataCell::Text(text) = cell {
            names[index] = text;
        }
    }
    let texts: Vec<_> = names.iter().map(String::as_str).collect();
    let columns = match Columns::of_texts(&texts, Position::Line(line), into.options()) {
        Ok(columns) => columns.0,
        Err(problems) => {
            for problem in problems {
                into.push_problem(problem);
            }
            return Ok(names);
        }
    };
    let mut last = line;
    while let Some((line, cells)) = rows.next()? {
        last = line;
        read_row(Position::Line(line), cells, &columns, into);
    }
    if into.rows() == 0 {
        into.push_problem(Problem::new(
            Position::Line(last + 1),
            None,
            ProblemKind::NoRows,
        ));
    }
    Ok(names)
}

fn read_row(position: Position, cells: Cells, columns: &[Column], into: &mut impl RowSink) {
    if let Some((index, _)) = cells.last().filter(|(index, _)| *index >= columns.len()) {
        let (found, expected) = (index + 1, columns.len());
        let kind = ProblemKind::CellCount { found, expected };
        return into.push_unreadable(Problem::new(position, None, kind));
    }
    let mut row = FlatRow::new(position);
    for (index, cell) in cells {
        row.set_column(columns[index], cell.into_cell(columns[index]));
    }
    into.push(row);
}

/// Adds the sheet and the cell to the problems.
fn locate(into: &mut impl RowSink, sheet: &str, columns: &[String]) {
    let sheet = contacts_core::printable(sheet).into_owned();
    for problem in into.problems().iter_mut() {
        let index = columns
            .iter()
            .position(|name| Some(name.as_str()) == problem.column());
        let row = problem.position().number();
        problem.set_cell(format!("{sheet}!{}{row}", letters(index.unwrap_or(0))));
    }
}

/// `A`, `Z`, `AA` for a column.
fn letters(index: usize) -> String {
    let last = char::from(b'A' + u8::try_from(index % 26).unwrap_or(0));
    match index / 26 {
        0 => last.to_string(),
        rest => letters(rest - 1) + &last.to_string(),
    }
}

impl DataCell {
    fn new(data: &DataRef<'_>) -> Option<Self> {
        Some(match data {
            DataRef::Empty => return None,
            DataRef::String(text) => Self::Text(text.clone()),
            DataRef::SharedString(text) => Self::Text((*text).to_owned()),
            DataRef::Float(number) => Self::Number(*number),
            #[expect(
                clippy::cast_precision_loss,
                reason = "such a number is not exact anyway"
            )]
            DataRef::Int(number) => Self::Number(*number as f64),
            DataRef::Bool(_) => Self::Boolean,
            DataRef::Error(_) => Self::Error,
            DataRef::DateTime(_) | DataRef::DateTimeIso(_) | DataRef::DurationIso(_) => Self::Date,
        })
    }

    /// A number is an order id or a language id if it is exact; the text of any other is lost.
    fn into_cell(self, column: Column) -> Cell<'static> {
        match self {
            Self::Text(text) if text.is_empty() => Cell::Empty,
            Self::Text(text) => Cell::Text(text.into()),
            Self::Number(number) if column.is_number() && is_exact(number) =>
            {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "a whole number of at most 15 digits"
                )]
                Cell::Integer(number as u64)
            }
            Self::Number(_) => Cell::Damaged(ProblemKind::SpreadsheetNumber),
            Self::Date => Cell::Damaged(ProblemKind::SpreadsheetDate),
            Self::Boolean | Self::Error => Cell::Damaged(ProblemKind::SpreadsheetError),
        }
    }
}

fn is_exact(number: f64) -> bool {
    (0.0..=MAX_EXACT).contains(&number) && number.fract() == 0.0
}

/// The rows of a sheet that are not empty.
struct Rows<'c, 'b> {
    cells: XlsxCellReader<'c, Cursor<&'b [u8]>>,
    /// The first cell of the next row.
    next: Option<(u64, usize, DataCell)>,
    /// The reader fails if it is asked again.
    is_at_end: bool,
}

impl<'c, 'b> Rows<'c, 'b> {
    const fn new(cells: XlsxCellReader<'c, Cursor<&'b [u8]>>) -> Self {
        Self {
            cells,
            next: None,
            is_at_end: false,
        }
    }

    /// The number of a row, and its cells in the sequence of the columns.
    fn next(&mut self) -> Result<Option<(u64, Cells)>, ()> {
        let Some((line, index, cell)) = self.take()? else {
            return Ok(None);
        };
        let mut cells = vec![(index, cell)];
        while let Some((next, index, cell)) = self.take()? {
            if next != line {
                self.next = Some((next, index, cell));
                break;
            }
            cells.push((index, cell));
        }
        cells.sort_by_key(|(index, _)| *index);
        Ok(Some((line, cells)))
    }

    /// The next cell that is not blank.
    fn take(&mut self) -> Result<Option<(u64, usize, DataCell)>, ()> {
        if let Some(cell) = self.next.take() {
            return Ok(Some(cell));
        }
        while !self.is_at_end {
            let Some(cell) = self.cells.next_cell().map_err(drop)? else {
                self.is_at_end = true;
                break;
            };
            let (row, column) = cell.get_position();
            let column = column as usize;
            if column >= MAX_COLUMNS {
                return Err(());
            }
            match DataCell::new(cell.get_value()) {
                Some(DataCell::Text(text)) if contacts_core::trimmed(&text).is_empty() => {}
                Some(data) => return Ok(Some((u64::from(row) + 1, column, data))),
                None => {}
            }
        }
        Ok(None)
    }
}
