//! The command line. What each command does is in [`crate::command`].

mod apply;
mod check;
mod completions;
mod connection;
mod export;
mod get;
mod man;
mod new_file;
mod output;
mod plan;
mod rate_limit;
mod reading;
mod replace;
mod report;
mod resume;
mod running;
mod sandbox;
mod set;
mod undo;
mod whoami;

pub(crate) use apply::{Apply, MaxChanges};
pub(crate) use check::Check;
pub(crate) use completions::Completions;
pub(crate) use connection::{Connection, Region};
pub(crate) use export::Export;
pub(crate) use get::Get;
pub(crate) use man::Man;
pub(crate) use new_file::new_file;
pub(crate) use output::Output;
pub(crate) use plan::Plan;
pub(crate) use rate_limit::RateLimit;
use reading::FILE;
pub(crate) use reading::Reading;
pub(crate) use replace::Replace;
pub(crate) use report::Report;
pub(crate) use resume::Resume;
pub(crate) use running::Running;
pub(crate) use sandbox::Sandbox;
pub(crate) use set::Set;
pub(crate) use undo::Undo;
pub(crate) use whoami::Whoami;

use clap::builder::styling::Styles;
use clap::{Parser, Subcommand};

/// Changes the contacts of DigiCert certificate orders: one order or fifty thousand, checked before
/// anything is sent. Not an official DigiCert product.
#[derive(Debug, Parser)]
#[command(name = "digicert-contacts", version, styles = Styles::plain(), after_help = EXIT_CODES)]
#[command(disable_help_subcommand = true, term_width = 80)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXIT_CODES: &str = "\
Exit codes:
  0    all done, or nothing to do
  1    failed: no connection, output that can't be written, plan declined
  2    plan --detailed-exitcode: there is something to change
  3    finished, but some orders were not changed
  4    the API key was refused
  5    the account's rate limit is used up
  64   wrong command line, or no API key
  65   wrong or unreadable input
  130  stopped by Ctrl-C

Try it without a key:
  digicert-contacts get 100000001 --sandbox";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Apply(Apply),
    Check(Check),
    Completions(Completions),
    Export(Export),
    Get(Get),
    Man(Man),
    Plan(Plan),
    Replace(Replace),
    Report(Report),
    Resume(Resume),
    Sandbox(Sandbox),
    Set(Set),
    Undo(Undo),
    Whoami(Whoami),
}
