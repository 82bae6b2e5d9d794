use clap::CommandFactory;

use crate::args::{Args, Completions};
use crate::exit::Exit;
use crate::io::Io;

pub(crate) fn run(args: Completions, io: &mut Io<'_>) -> Exit {
    let mut command = Args::command();
    let name = command.get_name().to_owned();
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, name, &mut script);
    io.out(&String::from_utf8_lossy(&script));
    Exit::Done
}
