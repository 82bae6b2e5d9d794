use std::path::PathBuf;

use super::{Connection, FILE, Output, Reading, new_file};

/// Show what a file would change, and keep it as a plan
///
/// Checks the whole file, reads each order, and shows field by field what would change. It changes
/// nothing. The plan holds the contacts that were read, so that `apply` changes what was shown and
/// leaves alone what somebody else changed in the meantime.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Plan {
    /// CSV or JSON lines, or - for standard input
    #[arg(long_help = FILE)]
    pub(crate) file: PathBuf,

    /// Keep the plan in a new file
    #[arg(long, short, value_name = "FILE", value_parser = new_file())]
    pub(crate) output_file: Option<PathBuf>,

    /// Exit with 2 if there is something to change
    #[arg(long)]
    pub(crate) detailed_exitcode: bool,

    #[command(flatten)]
    pub(crate) reading: Reading,

    #[command(flatten)]
    pub(crate) output: Output,

    #[command(flatten)]
    pub(crate) connection: Connection,
}

const EXAMPLES: &str = "\
Examples:
  digicert-contacts plan contacts.csv -o plan.json
  digicert-contacts apply plan.json";
