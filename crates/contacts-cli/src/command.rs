//! One module a command: what it does, in the order in which it does it.

mod apply;
mod check;
mod completions;
mod consent;
mod ending;
mod export;
mod exporting;
mod get;
mod input;
mod journal;
mod man;
mod new_file;
mod plan;
mod planning;
mod replace;
mod report;
mod resume;
mod running;
mod sandbox;
mod set;
mod undo;
mod whoami;

use crate::abort::Abort;
use crate::args::Command;
use crate::exit::Exit;
use crate::io::Io;
use crate::stop::Stop;
use crate::view;

pub(crate) fn run(command: Command, io: &mut Io<'_>, stop: &Stop) -> Exit {
    let json = match &command {
        Command::Apply(args) => args.output.json,
        Command::Check(args) => args.output.json,
        Command::Get(args) => args.output.json,
        Command::Plan(args) => args.output.json,
        Command::Resume(args) => args.output.json,
        Command::Sandbox(args) => args.output.json,
        Command::Undo(args) => args.output.json,
        Command::Set(args) => args.output.json,
        Command::Export(args) => args.output.json,
        Command::Replace(args) => args.output.json,
        Command::Report(args) => args.output.json,
        Command::Whoami(args) => args.output.json,
        Command::Completions(_) | Command::Man(_) => false,
    };
    let ended = match command {
        Command::Apply(args) => apply::run(&args, io, stop),
        Command::Check(args) => check::run(&args, io, stop),
        Command::Get(args) => get::run(&args, io, stop),
        Command::Plan(args) => plan::run(&args, io, stop),
        Command::Resume(args) => resume::run(&args, io, stop),
        Command::Sandbox(args) => sandbox::run(&args, io, stop),
        Command::Undo(args) => undo::run(&args, io, stop),
        Command::Set(args) => set::run(&args, io, stop),
        Command::Export(args) => export::run(&args, io, stop),
        Command::Replace(args) => replace::run(&args, io, stop),
        Command::Report(args) => report::run(&args, io, stop),
        Command::Whoami(args) => whoami::run(&args, io, stop),
        Command::Completions(args) => Ok(completions::run(args, io)),
        Command::Man(args) => man::run(&args, io),
    };
    ended.unwrap_or_else(|abort| tell(&abort, json, io))
}

fn tell(abort: &Abort, json: bool, io: &mut Io<'_>) -> Exit {
    if json {
        io.out(&view::json::error(abort));
    }
    io.err(&format!("error: {}\n", abort.message));
    abort.exit
}
