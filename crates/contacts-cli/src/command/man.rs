use clap::CommandFactory;

use crate::abort::Abort;
use crate::args::{Args, Man};
use crate::exit::Exit;
use crate::io::Io;

pub(crate) fn run(args: &Man, io: &mut Io<'_>) -> Result<Exit, Abort> {
    let mut command = Args::command();
    command.build();
    if let Some(name) = &args.command {
        let found = command.find_subcommand(name);
        command = found.cloned().ok_or_else(|| {
            let names = command.get_subcommands().map(clap::Command::get_name);
            let names: Vec<_> = names.collect();
            Abort::usage(format!("no such command; there are {}", names.join(", ")))
        })?;
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(command)
        .render(&mut page)
        .map_err(|error| Abort::new(Exit::Failed, error.to_string()))?;
    io.out(&String::from_utf8_lossy(&page));
    Ok(Exit::Done)
}
