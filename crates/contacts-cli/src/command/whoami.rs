use contacts_bulk::Failure;

use crate::args::Whoami;
use crate::connection;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::session::Session;
use crate::view;

pub(crate) fn run(args: &Whoami, session: &mut Session<'_, '_>) -> Result<Exit, CommandError> {
    let connected = connection::open(&args.connection, session)?;
    let user = connected.client.whoami().map_err(Failure::from)?;
    let base_url = connected.client.base_url().to_string();
    session.print(
        &view::text::user(&user, &base_url),
        &view::json::user(&user, &base_url),
    );
    Ok(Exit::Done)
}
