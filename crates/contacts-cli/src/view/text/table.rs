use std::borrow::Cow;

use unicode_width::UnicodeWidthStr;

/// Aligns columns. All rows have the same number of cells.
pub(crate) fn table<'a>(rows: &[impl AsRef<[Cow<'a, str>]>]) -> String {
    let columns = rows.first().map_or(0, |row| row.as_ref().len());
    let mut widths = vec![0; columns];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row.as_ref()) {
            *width = cell.width().max(*width);
        }
    }
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (width, cell) in widths.iter().zip(row.as_ref()) {
            line += cell;
            line += &" ".repeat(width - cell.width() + 2);
        }
        text += line.trim_end();
        text += "\n";
    }
    text
}
