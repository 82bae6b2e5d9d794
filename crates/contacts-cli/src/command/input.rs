//! Reading input files.

use std::error::Error;
use std::path::Path;

use contacts_bulk::{Input, InputError, Problem};

use crate::abort::Abort;
use crate::exit::Exit;
use crate::io::Io;
use crate::source;
use crate::stop::Stop;

/// More problems than these are counted, not shown.
const MOST_SHOWN: usize = 50;

/// The input, or an abort that tells everything that is wrong with it.
pub(crate) fn read(file: &Path, trim: bool, io: &mut Io<'_>, stop: &Stop) -> Result<Input, Abort> {
    let name = source::name(file);
    let unreadable = |error: &dyn Error| {
        let message = format!("`{name}` can't be read: {error}");
        Abort::new(Exit::BadInput, message)
    };
    let bytes = source::read(file, io, stop)?.map_err(|error| unreadable(&error))?;
    Input::from_csv(bytes.as_slice(), trim).map_err(|error| match error {
        InputError::Problems(problems) => {
            let problems = problems.iter().map(|p| (name.clone(), p.clone()));
            refused(problems.collect())
        }
        error => unreadable(&error),
    })
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
