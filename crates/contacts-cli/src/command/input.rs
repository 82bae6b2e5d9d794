//! Reading input files.

use std::path::Path;

use contacts_bulk::input::{Format, Problem, ReadOptions};
use contacts_bulk::{Input, Problems};

use crate::abort::Abort;
use crate::exit::Exit;
use crate::io::Io;
use crate::source;
use crate::stop::Stop;

/// More problems than these are counted, not shown.
const MOST_SHOWN: usize = 50;

/// The input, or an abort that tells everything that is wrong with it.
pub(crate) fn read(file: &Path, trim: bool, io: &mut Io<'_>, stop: &Stop) -> Result<Input, Abort> {
    parse(open(file, io, stop)?, trim)
}

pub(crate) fn parse(file: File, trim: bool) -> Result<Input, Abort> {
    Input::from_bytes(&file.bytes, file.format, ReadOptions { trim })
        .map_err(|problems| refused(vec![(file.name, problems)]))
}

/// A file, read but not looked into.
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) format: Format,
}

pub(crate) fn open(file: &Path, io: &mut Io<'_>, stop: &Stop) -> Result<File, Abort> {
    let name = source::name(file);
    let bytes = source::read(file, io, stop)?.map_err(|error| {
        let message = format!("`{name}` can't be read: {error}");
        Abort::new(Exit::BadInput, message)
    })?;
    let format = Format::of(&name, &bytes);
    Ok(File {
        name,
        bytes,
        format,
    })
}

/// Nothing is sent unless all of the input is right.
pub(crate) fn refused(files: Vec<(String, Problems)>) -> Abort {
    let count: u64 = files.iter().map(|(_, problems)| problems.total()).sum();
    let untold: u64 = files.iter().map(|(_, problems)| problems.omitted()).sum();
    let problems: Vec<(String, Problem)> = files
        .into_iter()
        .flat_map(|(file, problems)| {
            let problems: Vec<_> = problems.iter().cloned().collect();
            problems
                .into_iter()
                .map(move |problem| (file.clone(), problem))
        })
        .collect();
    let mut lines = vec![match count {
        1 => "the input can't be used, nothing was sent:".to_owned(),
        _ => format!("the input can't be used, nothing was sent; {count} problems:"),
    }];
    let shown = problems.iter().take(MOST_SHOWN);
    lines.extend(shown.map(|(file, problem)| listed(file, problem)));
    let hidden = problems
        .iter()
        .skip(MOST_SHOWN)
        .map(|(_, problem)| problem.count());
    let hidden = hidden.sum::<u64>() + untold;
    if hidden > 0 {
        lines.push(format!("and {hidden} more"));
    }
    Abort {
        exit: Exit::BadInput,
        message: lines.join("\n  "),
        problems,
    }
}

/// In the form that editors turn into a link.
fn listed(file: &str, problem: &Problem) -> String {
    let (line, message) = (problem.position().number(), problem.message());
    match problem.column() {
        Some(column) => format!("{file}:{line}: {column}: {message}"),
        None => format!("{file}:{line}: {message}"),
    }
}
