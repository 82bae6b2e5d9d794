use crate::abort::Abort;
use crate::args::Whoami;
use crate::connection;
use crate::exit::Exit;
use crate::io::Io;
use crate::stop::Stop;
use crate::view;

pub(crate) fn run(args: &Whoami, io: &mut Io<'_>, stop: &Stop) -> Result<Exit, Abort> {
    let connected = connection::open(&args.connection, io, stop)?;
    let user = connected.client.whoami();
    let user = user.map_err(|error| Abort::request(&error.into()))?;
    let address = connected.client.base_url().to_string();
    io.out(&if args.output.json {
        view::json::user(&user, &address)
    } else {
        view::text::user(&user, &address)
    });
    Ok(Exit::Done)
}
