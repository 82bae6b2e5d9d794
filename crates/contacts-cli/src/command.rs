//! What the commands do, one module each.

mod apply;
mod audit;
mod check;
mod export;
pub(crate) mod export_run;
mod fields;
mod find;
mod generate;
mod get;
mod input;
mod journal;
mod new_file;
pub(crate) mod notify;
mod plan;
mod policy;
mod replace;
mod report;
mod resume;
mod run;
pub(crate) mod runs;
mod sandbox;
mod search;
mod set;
mod state;
mod successor;
mod undo;
mod whoami;

use clap::CommandFactory;

use crate::args::{Args, Command, LogOptions};
use crate::command::notify::Notification;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::logging::Logging;
use crate::session::Session;
use crate::view;

pub(crate) fn run(command: Command, log: &LogOptions, session: &mut Session<'_, '_>) -> Exit {
    if log.verbose > 0 {
        // The log has the end of standard error.
        session.io.without_status();
    }
    let notification = Notification::of(&command);
    let result = Logging::start(log).and_then(|_logging| dispatch(command, session));
    let exit = result.unwrap_or_else(|error| report_error(&error, session));
    if let (Some(notification), Some(run)) = (notification, session.ended_run.take()) {
        notification.send(&run, exit, session);
    }
    exit
}

fn dispatch(command: Command, session: &mut Session<'_, '_>) -> Result<Exit, CommandError> {
    match command {
        Command::Apply(args) => apply::run(&args, session),
        Command::Audit(args) => audit::run(&args, session),
        Command::Check(args) => check::run(&args, session),
        Command::Completions(args) => generate::completions(args, session),
        Command::Export(args) => export::run(&args, session),
        Command::Find(args) => find::run(&args, session),
        Command::Get(args) => get::run(&args, session),
        Command::Man(args) => generate::man(&args, session),
        Command::Plan(args) => plan::run(&args, session),
        Command::Replace(args) => replace::run(&args, session),
        Command::Report(args) => report::run(&args, session),
        Command::Resume(args) => resume::run(&args, session),
        Command::Runs(args) => runs::run(&args, session),
        Command::Sandbox(args) => sandbox::run(&args, session),
        Command::Set(args) => set::run(&args, session),
        Command::Undo(args) => undo::run(&args, session),
        Command::Version => Ok(version(session)),
        Command::Whoami(args) => whoami::run(&args, session),
    }
}

fn version(session: &mut Session<'_, '_>) -> Exit {
    let text = Args::command().render_version();
    session.print(&text, &view::json::version());
    Exit::Done
}

fn report_error(error: &CommandError, session: &mut Session<'_, '_>) -> Exit {
    if session.json {
        session.document(&view::json::error(error));
    }
    session.error(&error.message);
    error.exit
}
