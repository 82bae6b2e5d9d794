//! The command line. [`crate::command`] implements the commands.

mod apply;
mod audit;
mod check;
mod connection;
mod export;
mod find;
mod generate;
mod get;
mod guard;
mod hint;
mod input;
mod journal;
mod log_options;
mod notify;
mod plan;
mod replace;
mod report;
mod resume;
mod run_options;
mod runs;
mod sandbox;
mod search_options;
mod set;
mod status;
mod table_options;
mod undo;
mod whoami;

pub(crate) use apply::Apply;
pub(crate) use audit::Audit;
pub(crate) use check::Check;
pub(crate) use connection::{Connection, RateLimit, Region};
pub(crate) use export::Export;
pub(crate) use find::Find;
pub(crate) use generate::{Completions, Man};
pub(crate) use get::Get;
pub(crate) use guard::GuardOptions;
pub(crate) use hint::parse;
use input::{FORMATS, InputOptions, new_file};
pub(crate) use journal::JournalOption;
pub(crate) use log_options::LogOptions;
pub(crate) use notify::NotifyOption;
pub(crate) use plan::{Plan, PlanFormat};
pub(crate) use replace::Replace;
pub(crate) use report::Report;
pub(crate) use resume::Resume;
pub(crate) use run_options::RunOptions;
pub(crate) use runs::Runs;
pub(crate) use sandbox::Sandbox;
pub(crate) use search_options::SearchOptions;
use search_options::contact_type;
pub(crate) use set::Set;
pub(crate) use status::StatusOption;
pub(crate) use table_options::{Column, OutputFormat, TableOptions};
pub(crate) use undo::Undo;
pub(crate) use whoami::Whoami;

use clap::builder::styling::Styles;
use clap::{Parser, Subcommand};

/// Change the contacts of DigiCert certificate orders
///
/// Changes one order or fifty thousand, and validates all of them before anything is sent. Not an
/// official DigiCert product.
#[derive(Debug, Parser)]
#[command(name = "digicert-contacts", version, styles = Styles::plain(), after_help = EXIT_CODES)]
#[command(term_width = 80)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// Print one JSON document instead of text
    #[arg(long, global = true)]
    pub(crate) json: bool,

    #[command(flatten)]
    pub(crate) log: LogOptions,
}

const EXIT_CODES: &str = "\
Exit codes:
  0    finished, or nothing to do
  1    failed: no connection, output cannot be written, or not confirmed
  2    --detailed-exitcode: orders would change, or contacts look wrong
  3    some orders were not changed, read, verified or restorable
  4    the API key was rejected
  5    the account's rate limit is exhausted
  6    more changes than --max-changes allows; nothing was changed
  7    the plan violates --policy; nothing was changed
  64   usage error, or no API key
  65   invalid or unreadable input
  130  interrupted by Ctrl-C, SIGTERM or SIGHUP

Try it without an API key:
  digicert-contacts get 100000001 --sandbox";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Apply(Apply),
    Audit(Audit),
    #[command(aliases = ["validate", "lint"])]
    Check(Check),
    #[command(alias = "completion")]
    Completions(Completions),
    #[command(aliases = ["backup", "dump"])]
    Export(Export),
    #[command(aliases = ["search", "grep"])]
    Find(Find),
    #[command(aliases = ["show", "view", "describe", "inspect"])]
    Get(Get),
    #[command(alias = "manual")]
    Man(Man),
    #[command(aliases = ["diff", "preview"])]
    Plan(Plan),
    Replace(Replace),
    Report(Report),
    #[command(alias = "continue")]
    Resume(Resume),
    #[command(aliases = ["history", "journals"])]
    Runs(Runs),
    #[command(aliases = ["serve", "server"])]
    Sandbox(Sandbox),
    Set(Set),
    #[command(aliases = ["rollback", "revert", "restore"])]
    Undo(Undo),
    /// Print the version
    Version,
    #[command(alias = "me")]
    Whoami(Whoami),
}
