use std::thread;

use crate::abort::Abort;
use crate::args::Sandbox;
use crate::connection;
use crate::exit::Exit;
use crate::io::Io;
use crate::stop::Stop;
use crate::view;

pub(crate) fn run(args: &Sandbox, io: &mut Io<'_>, stop: &Stop) -> Result<Exit, Abort> {
    let sandbox = connection::start_sandbox(args.port)?;
    let told = if args.output.json {
        view::json::sandbox(&sandbox)
    } else {
        view::text::sandbox(&sandbox)
    };
    io.out(&told);
    if !io.flush() {
        let message = "the sandbox was stopped, since nobody can be told its address";
        return Err(Abort::new(Exit::Failed, message));
    }
    while !stop.requested() {
        thread::sleep(Stop::POLL);
    }
    Ok(Exit::Done)
}
