//! From the bytes of a file to what it names, whatever its format.

use crate::input::format::{self, Format};
use crate::input::gathering::Gathering;
use crate::input::problem::Problem;
use crate::input::{csv, json_lines};

pub(crate) fn read(bytes: &[u8], format: Format, trim: bool, into: &mut Gathering) {
    match format::text(bytes) {
        Err(kind) => into.problems.push(Problem::of_line(1, kind)),
        Ok(text) => match format {
            Format::Csv => csv::csv(text, trim, into),
            Format::JsonLines => json_lines::read(text, into),
        },
    }
}
