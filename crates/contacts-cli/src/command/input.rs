//! Reading input files.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use contacts_bulk::{Input, InputError, Problem};

use crate::abort::Abort;
use crate::client::with_causes;
use crate::exit::Exit;
use crate::io::Io;

/// More problems than these are counted, not shown.
const MOST_SHOWN: usize = 50;

/// The input, or an abort that tells everything that is wrong with it.
pub(crate) fn read(file: &Path, trim: bool, io: &mut Io<'_>) -> Result<Input, Abort> {
    let name = name(file);
    let source = open(file, io)?;
    Input::from_csv(source, trim).map_err(|error| match error {
        InputError::Problems(problems) => {
            let problems = problems.iter().map(|p| (name.clone(), p.clone()));
            refused(problems.collect())
        }
        error => Abort::new(Exit::BadInput, format!("`{name}`: {}", with_causes(&error))),
    })
}

/// What a file is called in messages.
pub(crate) fn name(file: &Path) -> String {
    if file == Path::new("-") {
        return "<stdin>".to_owned();
    }
    file.display().to_string()
}

fn open(file: &Path, io: &mut Io<'_>) -> Result<Box<dyn Read>, Abort> {
    if file == Path::new("-") {
        let stdin = io.take_stdin();
        let stdin = stdin.ok_or_else(|| Abort::usage("standard input is wanted for two things"))?;
        return Ok(stdin);
    }
    match File::open(file) {
        Ok(file) => Ok(Box::new(file)),
        Err(error) => {
            let message = format!("`{}` can't be read: {error}", file.display());
            Err(Abort::new(Exit::BadInput, message))
        }
    }
}

/// Nothing is sent unless all of the input is right.
pub(crate) fn refused(problems: Vec<(String, Problem)>) -> Abort {
    let count = problems.len();
    let mut lines = vec![match count {
        1 => "the input can't be used, nothing was sent:".to_owned(),
        _ => format!("the input can't be used, nothing was sent; {count} problems:"),
    }];
    let shown = problems.iter().take(MOST_SHOWN);
    lines.extend(shown.map(|(file, problem)| listed(file, problem)));
    if count > MOST_SHOWN {
        lines.push(format!("and {} more", count - MOST_SHOWN));
    }
    Abort {
        exit: Exit::BadInput,
        message: lines.join("\n  "),
        problems,
    }
}

/// In the form that editors turn into a link.
fn listed(file: &str, problem: &Problem) -> String {
    let line = problem.line();
    match problem.column() {
        Some(column) => format!("{file}:{line}: {column}: {}", problem.kind()),
        None => format!("{file}:{line}: {}", problem.kind()),
    }
}
