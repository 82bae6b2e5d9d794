//! Where the records of a CSV file are. The csv crate reports the line on which the previous record
//! ended, without the empty lines between the two.

use csv::ByteRecord;

/// Finds the line and the bytes of each record.
pub(crate) struct RecordLocator<'t> {
    text: &'t [u8],
    /// The line of the byte at `offset`.
    line: u64,
    offset: usize,
}

impl<'t> RecordLocator<'t> {
    /// The text starts on `line` of its file.
    pub(crate) const fn new(text: &'t [u8], line: u64) -> Self {
        Self {
            text,
            line,
            offset: 0,
        }
    }

    /// The line and the bytes of a record that ends before `end`. Records must come in their order.
    pub(crate) fn locate(&mut self, record: &ByteRecord, end: &csv::Position) -> (u64, &'t [u8]) {
        let offset = |position: &csv::Position| {
            let byte = usize::try_from(position.byte()).unwrap_or(usize::MAX);
            byte.min(self.text.len())
        };
        let (previous_end, end) = (record.position().map_or(0, offset), offset(end));
        let rest = &self.text[previous_end..end.max(previous_end)];
        let empty_lines = rest.iter().take_while(|b| matches!(b, b'\r' | b'\n'));
        let start = previous_end + empty_lines.count();
        self.line += line_ends(&self.text[self.offset..start]);
        self.offset = start;
        (self.line, &self.text[start..end.max(start)])
    }
}

/// Counts `\n`, `\r\n` and a lone `\r` as one each.
pub(super) fn line_ends(bytes: &[u8]) -> u64 {
    let feeds = memchr::memchr_iter(b'\n', bytes).count();
    let is_lone = |index: &usize| bytes.get(index + 1) != Some(&b'\n');
    let returns = memchr::memchr_iter(b'\r', bytes).filter(is_lone).count();
    (feeds + returns) as u64
}
