use clap::CommandFactory;

use crate::args::{Args, Completions, Man};
use crate::error::CommandError;
use crate::exit::Exit;
use crate::session::Session;

pub(crate) fn completions(
    args: Completions,
    session: &mut Session<'_, '_>,
) -> Result<Exit, CommandError> {
    let mut command = Args::command();
    let name = command.get_name().to_owned();
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, name, &mut script);
    print(&script, session)
}

pub(crate) fn man(args: &Man, session: &mut Session<'_, '_>) -> Result<Exit, CommandError> {
    let mut command = Args::command();
    command.build();
    if let Some(name) = &args.command {
        let found = command.find_subcommand(name);
        command = found.cloned().ok_or_else(|| {
            let names = command.get_subcommands().map(clap::Command::get_name);
            let names = names.collect::<Vec<_>>().join(", ");
            CommandError::usage(format!("unknown command; the commands are {names}"))
        })?;
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(command)
        .render(&mut page)
        .map_err(|error| CommandError::failed(error.to_string()))?;
    print(&page, session)
}

fn print(output: &[u8], session: &mut Session<'_, '_>) -> Result<Exit, CommandError> {
    if session.json {
        return Err(CommandError::usage("this command has no JSON output"));
    }
    session.io.out(&String::from_utf8_lossy(output));
    Ok(Exit::Done)
}
