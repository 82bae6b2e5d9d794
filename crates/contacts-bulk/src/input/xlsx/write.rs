//! A workbook with one sheet, in which every cell is a text: Excel would change numbers and dates.

use std::io::{self, Write};

use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

/// The width of most values, in characters.
const WIDTH: f64 = 22.0;
const MAX_COLUMN: u16 = 30;

pub(in crate::input) struct Sheet<W> {
    to: W,
    table: Worksheet,
    rows: u32,
}

impl<W: Write> Sheet<W> {
    pub(in crate::input) fn new(to: W) -> io::Result<Self> {
        let mut sheet = Worksheet::new();
        // Values that people enter are texts as well.
        let text = Format::new().set_num_format("@");
        sheet
            .set_column_range_format(0, MAX_COLUMN, &text)
            .map_err(error)?;
        sheet
            .set_column_range_width(0, MAX_COLUMN, WIDTH)
            .map_err(error)?;
        sheet.set_freeze_panes(1, 0).map_err(error)?;
        sheet.set_name("contacts").map_err(error)?;
        Ok(Self {
            to,
            table: sheet,
            rows: 0,
        })
    }

    pub(in crate::input) fn write<'c>(
        &mut self,
        cells: impl Iterator<Item = &'c str>,
    ) -> io::Result<()> {
        for (column, cell) in (0..).zip(cells) {
            if !cell.is_empty() {
                self.table
                    .write_string(self.rows, column, cell)
                    .map_err(error)?;
            }
        }
        self.rows += 1;
        Ok(())
    }

    pub(in crate::input) fn save(&mut self) -> io::Result<()> {
        let mut workbook = Workbook::new();
        workbook.push_worksheet(std::mem::take(&mut self.table));
        let bytes = workbook.save_to_buffer().map_err(error)?;
        self.to.write_all(&bytes)
    }
}

impl<W> std::fmt::Debug for Sheet<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sheet").finish_non_exhaustive()
    }
}

fn error(error: XlsxError) -> io::Error {
    match error {
        XlsxError::RowColumnLimitError => io::Error::other(
            "a workbook has at most 1,048,576 rows; export to a file whose name ends in .csv",
        ),
        error => io::Error::other(error),
    }
}
