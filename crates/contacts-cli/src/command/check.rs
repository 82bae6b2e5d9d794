use contacts_bulk::input::Check as Checker;

use crate::args::Check;
use crate::command::input;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::session::Session;
use crate::view;

pub(crate) fn run(args: &Check, session: &mut Session<'_, '_>) -> Result<Exit, CommandError> {
    let options = args.input.read_options();
    let mut check = Checker::default();
    let (mut checked, mut problems, mut unreadable) = (Vec::new(), Vec::new(), Vec::new());
    for file in &args.files {
        let file = match input::open(file, session) {
            Ok(file) => file,
            Err(error) if error.exit == Exit::BadInput => {
                unreadable.push(error.message);
                continue;
            }
            Err(error) => return Err(error),
        };
        match check.file(&file.name, &file.bytes, file.format, &options) {
            Ok(counts) => checked.push((file.name, counts)),
            Err(found) => problems.push((file.name, found)),
        }
    }
    if !problems.is_empty() {
        let mut error = input::rejected(problems);
        unreadable.insert(0, error.message);
        error.message = unreadable.join("\nerror: ");
        return Err(error);
    }
    if !unreadable.is_empty() {
        let message = unreadable.join("\nerror: ");
        return Err(CommandError::new(Exit::BadInput, message));
    }
    session.print(
        &view::text::checked(&checked),
        &view::json::checked(&checked),
    );
    Ok(Exit::Done)
}
