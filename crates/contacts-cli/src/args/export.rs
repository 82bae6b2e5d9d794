use std::path::PathBuf;

use super::{Connection, Output, new_file};

/// Write the contacts of the account's orders into a file
///
/// The file has the format that `check` and `apply` take. All orders are listed and then read one by
/// one, because the list doesn't tell contacts: 50,000 orders take about two and a half hours.
///
/// What was read is kept in `FILE.partial` until the end. When an export is cut off, the same command
/// goes on where it ended; orders that were read before are not read again.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Export {
    /// The file; it must not be there yet
    #[arg(long, short, value_name = "FILE", value_parser = new_file())]
    pub(crate) output_file: PathBuf,

    /// Only contacts with this e-mail address
    #[arg(long, value_name = "EMAIL")]
    pub(crate) contact: Option<String>,

    /// Only technical contacts: takes one request where the account has the order report
    #[arg(long)]
    pub(crate) technical_only: bool,

    /// Only orders of this status, such as issued
    #[arg(long)]
    pub(crate) status: Option<String>,

    #[command(flatten)]
    pub(crate) output: Output,

    #[command(flatten)]
    pub(crate) connection: Connection,
}

const EXAMPLES: &str = "\
Examples:
  digicert-contacts export -o contacts.csv
  digicert-contacts export -o leaver.csv --contact robin@example.com
  digicert-contacts export -o issued.csv --status issued --sandbox";
