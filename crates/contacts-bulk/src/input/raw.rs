//! The rows of a CSV file as they stand in it: on which line, with which bytes.

use csv::ByteRecord;

/// A row as it stands in the file.
pub(crate) struct RawRow<'t> {
    pub(crate) line: u64,
    pub(crate) bytes: &'t [u8],
}

/// Finds the rows in the file again. The csv crate gives a row the line on which the row before it
/// ended, not counting the empty lines between them.
pub(crate) struct Raw<'t> {
    text: &'t [u8],
    counted_to: usize,
    line: u64,
}

impl<'t> Raw<'t> {
    pub(crate) const fn of(text: &'t [u8]) -> Self {
        Self {
            text,
            counted_to: 0,
            line: 1,
        }
    }

    /// Where a row stands that ends before `end`; rows have to come in the order of the text.
    pub(crate) fn row(&mut self, row: &ByteRecord, end: &csv::Position) -> RawRow<'t> {
        let place = |position: &csv::Position| {
            let byte = usize::try_from(position.byte()).unwrap_or(usize::MAX);
            byte.min(self.text.len())
        };
        let (from, end) = (row.position().map_or(0, place), place(end));
        let rest = &self.text[from..end.max(from)];
        let empty = rest.iter().take_while(|b| matches!(b, b'\r' | b'\n'));
        let begin = from + empty.count();
        self.line += line_ends(&self.text[self.counted_to..begin]);
        self.counted_to = begin;
        RawRow {
            line: self.line,
            bytes: &self.text[begin..end.max(begin)],
        }
    }
}

/// Counts `\n`, `\r\n` and a lone `\r` as one each.
fn line_ends(bytes: &[u8]) -> u64 {
    let feeds = memchr::memchr_iter(b'\n', bytes).count();
    let lone = |at: &usize| bytes.get(at + 1) != Some(&b'\n');
    let returns = memchr::memchr_iter(b'\r', bytes).filter(lone).count();
    (feeds + returns) as u64
}
