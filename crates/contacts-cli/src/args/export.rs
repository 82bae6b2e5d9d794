use std::path::PathBuf;

use super::{Connection, StatusOption, new_file};

/// Export the contacts of the account's orders to a file
///
/// Writes a file that `check` and `apply` accept. The list of orders contains no contacts, so each
/// order is read: 50,000 orders take about two and a half hours.
///
/// Progress is saved in `FILE.partial`. To resume an interrupted export, run the same command
/// again; it does not read any order twice.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Export {
    /// File to write; it must not exist
    #[arg(long, short, value_name = "FILE", value_parser = new_file())]
    #[arg(aliases = ["output", "out"])]
    pub(crate) output_file: PathBuf,

    /// Export only contacts with this e-mail address
    #[arg(long, value_name = "EMAIL")]
    pub(crate) contact: Option<String>,

    /// Export only technical contacts; takes few requests if the account has the order report
    #[arg(long)]
    pub(crate) technical_only: bool,

    #[command(flatten)]
    pub(crate) status: StatusOption,

    #[command(flatten)]
    pub(crate) connection: Connection,
}

const EXAMPLES: &str = "\
Examples:
  digicert-contacts export -o contacts.csv
  digicert-contacts export -o leaver.csv --contact robin@example.com
  digicert-contacts export -o issued.csv --status issued --sandbox";
