use std::path::PathBuf;

use super::{Connection, JournalOption, new_file};

/// Write an HTML report of a run, for a change ticket
///
/// Writes one self-contained HTML file: the plan, what changed, what failed and why, the progress
/// over time, and a table of all orders to search, sort and print. It contains contacts, so only
/// its owner can read it. Sends nothing, unless --whoami is given.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Report {
    #[command(flatten)]
    pub(crate) journal: JournalOption,

    /// File to write; it must not exist
    #[arg(long, short, value_name = "FILE", value_parser = new_file())]
    #[arg(aliases = ["output", "out"])]
    pub(crate) output_file: PathBuf,

    /// Include the user of the API key, as DigiCert reports it; needs the API key of the run
    #[arg(long)]
    pub(crate) whoami: bool,

    #[command(flatten)]
    pub(crate) connection: Connection,
}

const EXAMPLES: &str = "\
Examples:
  digicert-contacts report run.jsonl -o report.html
  digicert-contacts report --last -o report.html --whoami";
