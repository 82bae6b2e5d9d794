//! A directory as CSV: what a spreadsheet, PowerShell, an identity provider or an HR system exports.

use csv::{ReaderBuilder, StringRecord};

use super::{ADDRESSES, Directory, DirectoryError, Record, folded_name};
use crate::input::{Preamble, ProblemKind, RecordLocator};

impl Directory {
    pub(super) fn read_csv(&mut self, text: &str) -> Result<(), DirectoryError> {
        let (preamble, text) = Preamble::split(text.as_bytes());
        let delimiter = preamble.delimiter.unwrap_or_else(|| delimiter(text));
        let mut csv = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(text);
        let mut locator = RecordLocator::new(text, preamble.lines + 1);
        let mut row = StringRecord::new();
        // Reading UTF-8 into records of any length cannot fail.
        let mut next = |row: &mut StringRecord| {
            let more = csv.read_record(row).unwrap_or(false);
            more.then(|| locator.locate(row.as_byte_record(), csv.position()).0)
        };
        let line = next(&mut row).unwrap_or(1);
        let names = row.clone();
        let is_address = |name: &str| ADDRESSES.contains(&folded_name(name).as_str());
        if !names.iter().any(is_address) {
            let message = "no column with e-mail addresses; name it `mail` or `email`";
            return Err(DirectoryError::new(line, message));
        }
        while let Some(line) = next(&mut row) {
            self.add(record(&names, &row, line)?);
        }
        Ok(())
    }
}

fn record(names: &StringRecord, row: &StringRecord, line: u64) -> Result<Record, DirectoryError> {
    let mut record = Record::default();
    let are_empty = |from| row.iter().skip(from).all(|cell| cell.trim().is_empty());
    if are_empty(0) {
        return Ok(record);
    }
    let (found, expected) = (row.len(), names.len());
    // A spreadsheet adds empty cells.
    if found < expected || !are_empty(expected) {
        let problem = ProblemKind::CellCount { found, expected };
        return Err(DirectoryError::new(line, problem.to_string()));
    }
    for (name, value) in names.iter().zip(row) {
        record.add(name, value, line)?;
    }
    Ok(record)
}

/// The separator that the header has most of.
fn delimiter(text: &[u8]) -> u8 {
    let header = text.split(|b| matches!(b, b'\r' | b'\n')).next();
    let header = header.unwrap_or_default();
    let count = |delimiter: &u8| memchr::memchr_iter(*delimiter, header).count();
    // `max_by_key` takes the last of equals, which is the comma.
    b"\t;,".iter().copied().max_by_key(count).unwrap_or(b',')
}
