use crate::args::Find;
use crate::command::search;
use crate::connection;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::session::Session;
use crate::view;

pub(crate) fn run(args: &Find, session: &mut Session<'_, '_>) -> Result<Exit, CommandError> {
    let connected = connection::open(&args.connection, session)?;
    let terms = args.terms.iter().cloned();
    let result = search::run(
        &args.search.search(terms),
        &args.search,
        &connected,
        session,
    )?;
    if args.csv {
        // `Io::finish` reports output that cannot be written.
        let _ = result.write(session.io.stdout());
    } else {
        session.print(&view::text::found(&result), &view::json::found(&result));
    }
    Ok(search::exit(&result))
}
