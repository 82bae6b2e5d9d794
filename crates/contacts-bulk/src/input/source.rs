//! From the bytes of a file to what it names, whatever its format.

use crate::format::{self, Format};
use crate::gathering::Gathering;
use crate::problem::Problem;
use crate::{json_lines, reading};

pub(crate) fn read(bytes: &[u8], format: Format, trim: bool, into: &mut Gathering) {
    match format::text(bytes) {
        Err(kind) => into.problems.push(Problem::of_line(1, kind)),
        Ok(text) => match format {
            Format::Csv => reading::csv(text, trim, into),
            Format::JsonLines => json_lines::read(text, into),
        },
    }
}
