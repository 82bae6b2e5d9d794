use std::path::PathBuf;

use super::{Connection, Output, new_file};

/// Make a page of a run for the change ticket
///
/// One HTML file that needs nothing else: what was asked for, what changed, what failed and why, the
/// progress over time, and a table of all orders to search, sort and print. It holds the contacts'
/// values, so it is made for its owner alone. Nothing is sent, unless `--whoami` is given.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Report {
    /// The journal of the run
    #[arg(value_name = "JOURNAL")]
    pub(crate) journal: PathBuf,

    /// The page; it must not be there yet
    #[arg(long, short, value_name = "FILE", value_parser = new_file())]
    pub(crate) output_file: PathBuf,

    /// Ask DigiCert whom the key acts for, and name them; it has to be the key of the run
    #[arg(long)]
    pub(crate) whoami: bool,

    #[command(flatten)]
    pub(crate) output: Output,

    #[command(flatten)]
    pub(crate) connection: Connection,
}

const EXAMPLES: &str = "\
Examples:
  digicert-contacts report run.jsonl -o report.html
  digicert-contacts report run.jsonl -o report.html --whoami";
