//! Reads input files.

use std::path::Path;

use contacts_bulk::input::{Format, Problem, ProblemKind, ReadOptions};
use contacts_bulk::{Input, Problems};
use contacts_core::{ReadError, Violation, without_byte_order_mark};

use crate::error::CommandError;
use crate::exit::Exit;
use crate::session::{self, Session};

/// Further problems are counted, not shown.
const MAX_SHOWN: usize = 50;

pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) format: Format,
}

/// Reads and validates an input file. The error lists every problem.
pub(crate) fn read(
    file: &Path,
    options: &ReadOptions,
    session: &mut Session<'_, '_>,
) -> Result<Input, CommandError> {
    parse(open(file, session)?, options)
}

pub(crate) fn parse(file: File, options: &ReadOptions) -> Result<Input, CommandError> {
    Input::from_bytes(&file.bytes, file.format, options)
        .map_err(|problems| rejected(vec![(file.name, problems)]))
}

pub(crate) fn open(file: &Path, session: &mut Session<'_, '_>) -> Result<File, CommandError> {
    if file.extension() == Some("toml".as_ref()) {
        let message = "a TOML file is no input; if it has rules, use `plan --rules`";
        return Err(CommandError::bad_file(file, message));
    }
    let bytes = read_bytes(file, session)?;
    let name = session::name(file);
    let format = Format::of(&name, &bytes);
    Ok(File {
        name,
        bytes,
        format,
    })
}

pub(crate) fn read_bytes(
    file: &Path,
    session: &mut Session<'_, '_>,
) -> Result<Vec<u8>, CommandError> {
    let read = session.read(file)?;
    read.map_err(|error| CommandError::bad_file(file, error))
}

pub(crate) fn read_text(
    file: &Path,
    session: &mut Session<'_, '_>,
) -> Result<String, CommandError> {
    let bytes = read_bytes(file, session)?;
    String::from_utf8(bytes).map_err(|_| CommandError::bad_file(file, "the file is not UTF-8"))
}

/// Reads one JSON value from a file. `expected` describes it.
pub(crate) fn read_json<T>(
    file: &Path,
    expected: &str,
    parse: impl FnOnce(&[u8]) -> Result<T, ReadError>,
    session: &mut Session<'_, '_>,
) -> Result<T, CommandError> {
    let bytes = read_bytes(file, session)?;
    let json = without_byte_order_mark(&bytes);
    parse(json).map_err(|error| {
        let reason = match error {
            ReadError::Violations(violations) => listed(&violations, Violation::to_string),
            error => {
                let found = not_json(json).map_or_else(|| error.to_string(), str::to_owned);
                format!(" {found}; expected {expected}")
            }
        };
        let name = session::name(file);
        CommandError::new(Exit::BadInput, format!("`{name}`:{reason}"))
    })
}

/// What a file is that is not JSON, if that can be seen.
fn not_json(bytes: &[u8]) -> Option<&'static str> {
    if Format::of("", bytes) == Format::JsonLines {
        return None;
    }
    let read = Input::from_bytes(bytes, Format::Csv, &ReadOptions::default());
    let problems = read.err();
    let kind = problems
        .as_ref()
        .and_then(|problems| problems.iter().next());
    Some(match kind.map(Problem::kind) {
        Some(ProblemKind::EmptyFile) => "the file is empty",
        Some(ProblemKind::Utf16) => "the file is UTF-16, not UTF-8",
        Some(ProblemKind::Spreadsheet) => "the file is a spreadsheet, not JSON",
        Some(ProblemKind::NoHeader) if !has_columns(bytes) => return None,
        _ => "the file is CSV, not JSON",
    })
}

/// Whether the first line has several cells. Their names need not be known.
fn has_columns(text: &[u8]) -> bool {
    let text = text.trim_ascii_start();
    let first = text.split(|byte| *byte == b'\n').next();
    first.is_some_and(|line| line.iter().any(|byte| b",;\t".contains(byte)))
}

/// Violations, each on an indented line.
pub(crate) fn listed(violations: &[Violation], line: impl Fn(&Violation) -> String) -> String {
    let lines = violations.iter().map(line);
    lines.fold(String::new(), |text, line| text + "\n  " + &line)
}

/// Lists the problems of all files.
pub(crate) fn rejected(files: Vec<(String, Problems)>) -> CommandError {
    let total: u64 = files.iter().map(|(_, problems)| problems.total()).sum();
    let omitted: u64 = files.iter().map(|(_, problems)| problems.omitted()).sum();
    let mut problems = Vec::new();
    for (file, found) in files {
        problems.extend(found.iter().map(|problem| (file.clone(), problem.clone())));
    }
    let mut lines = vec![match total {
        1 => "input rejected, nothing was sent:".to_owned(),
        _ => format!("input rejected, nothing was sent; {total} problems:"),
    }];
    let shown = problems.iter().take(MAX_SHOWN);
    lines.extend(shown.map(|(file, problem)| problem.in_file(file)));
    let hidden = problems.iter().skip(MAX_SHOWN);
    let hidden = hidden.map(|(_, problem)| problem.count()).sum::<u64>() + omitted;
    if hidden > 0 {
        lines.push(format!("and {hidden} more"));
    }
    CommandError {
        exit: Exit::BadInput,
        message: lines.join("\n  "),
        problems,
    }
}
