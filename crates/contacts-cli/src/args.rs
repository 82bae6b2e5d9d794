//! The command line. What each command does is in [`crate::command`].

mod apply;
mod completions;
mod connection;
mod export;
mod man;
mod new_file;
mod plan;
mod rate_limit;
mod replace;
mod report;
mod resume;
mod running;
mod sandbox;
mod set;
mod undo;
mod whoami;

use std::path::PathBuf;

pub(crate) use apply::{Apply, MaxChanges};
pub(crate) use completions::Completions;
pub(crate) use connection::{Connection, Region};
pub(crate) use export::Export;
pub(crate) use man::Man;
pub(crate) use new_file::new_file;
pub(crate) use plan::Plan;
pub(crate) use rate_limit::RateLimit;
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

const FILE: &str = "\
File of CSV or JSON lines in UTF-8, or - for standard input

CSV: one contact a row, with these columns in any order:
  order_id      digits
  contact_type  technical_contact or organization_contact
  first_name    at most 128 characters
  last_name     at most 128 characters
  email         at most 255 characters
  job_title     optional, at most 64 characters
  telephone     optional, at most 32 characters
  language_id   optional, 1 to 3 digits
An empty optional cell leaves the order's value as it is.
A column `reason` is passed over.

JSON lines: an object a line, with contacts as the API takes them:
  {\"order_id\": \"...\", \"contacts\": [...]}
They are known by their first character or by the suffix .jsonl.";

/// Check a file without sending anything
///
/// Everything that is wrong is told at once, each with line and column, and the same mistake on many
/// lines once. An order that is named in two of the files is found as well. No key is needed.
#[derive(Debug, clap::Args)]
pub(crate) struct Check {
    /// Files of CSV or JSON lines, or - for standard input
    #[arg(required = true, long_help = FILE)]
    pub(crate) files: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) reading: Reading,

    #[command(flatten)]
    pub(crate) output: Output,
}

/// Show the contacts of orders
#[derive(Debug, clap::Args)]
#[command(after_help = GET_EXAMPLES)]
pub(crate) struct Get {
    /// Order ids
    #[arg(required = true, value_name = "ORDER_ID")]
    pub(crate) orders: Vec<String>,

    #[command(flatten)]
    pub(crate) output: Output,

    #[command(flatten)]
    pub(crate) connection: Connection,
}

const GET_EXAMPLES: &str = "\
Examples:
  digicert-contacts get 123456789
  digicert-contacts get 123456789 123456790 --json
  digicert-contacts get 100000001 --sandbox";

#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct Reading {
    /// Drop white space around cells instead of refusing it
    #[arg(long)]
    pub(crate) trim: bool,
}

#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct Output {
    /// Print one JSON document instead of text
    #[arg(long)]
    pub(crate) json: bool,
}
