use crate::abort::{Abort, exit_of};
use crate::args::Whoami;
use crate::connection;
use crate::exit::Exit;
use crate::io::Io;
use crate::stop::Stop;
use crate::view;

pub(crate) fn run(args: &Whoami, io: &mut Io<'_>, stop: &Stop) -> Result<Exit, Abort> {
    let connected = connection::open(&args.connection, io, stop)?;
    let user = connected.client.whoami();
    let user = user.map_err(|failure| Abort::new(exit_of(&failure), failure.to_string()))?;
    let address = connected.client.address();
    io.out(&if args.output.json {
        view::json::user(&user, &address)
    } else {
        view::text::user(&user, &address)
    });
    Ok(Exit::Done)
}
