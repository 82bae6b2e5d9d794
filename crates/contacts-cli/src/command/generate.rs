//! Completions and manual pages, from the definition of the command line.

mod completions;
mod man;

use crate::error::CommandError;
use crate::exit::Exit;
use crate::session::Session;

pub(crate) use completions::completions;
pub(crate) use man::man;

fn print(text: &str, session: &mut Session<'_, '_>) -> Result<Exit, CommandError> {
    if session.json {
        return Err(CommandError::usage("this command has no JSON output"));
    }
    session.io.out(text);
    Ok(Exit::Done)
}
