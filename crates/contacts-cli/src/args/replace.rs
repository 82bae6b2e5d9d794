use std::path::PathBuf;

use super::{Connection, Output, new_file};

/// Write the file that puts a successor in somebody's place on all orders
///
/// Finds every contact with the e-mail address of the person before and writes a file in which the
/// successor stands instead, and a plan of it, for `apply`. It changes nothing itself. Optional fields that the
/// successor's file leaves out are left out here too, so the orders keep those of the person before.
///
/// The orders are listed and read as `export` does, and it is gone on with in the same way.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Replace {
    /// E-mail address of the person before
    #[arg(long, value_name = "EMAIL")]
    pub(crate) from: String,

    /// JSON file with the successor, or - for standard input
    #[arg(long = "with", value_name = "FILE", long_help = WITH)]
    pub(crate) successor: PathBuf,

    /// The file to write; it must not be there yet
    #[arg(long, short, value_name = "FILE", value_parser = new_file())]
    pub(crate) output_file: PathBuf,

    /// Also make a plan of it in this file, as `plan` does
    #[arg(long, value_name = "FILE", value_parser = new_file())]
    pub(crate) plan: Option<PathBuf>,

    /// Only orders of this status, such as issued
    #[arg(long)]
    pub(crate) status: Option<String>,

    #[command(flatten)]
    pub(crate) output: Output,

    #[command(flatten)]
    pub(crate) connection: Connection,
}

const WITH: &str = "\
JSON file with the successor, or - for standard input

  {\"first_name\": \"Jane\", \"last_name\": \"Doe\",
   \"email\": \"jane.doe@example.com\", \"telephone\": \"+1 555 0100\"}";

const EXAMPLES: &str = "\
Examples:
  digicert-contacts replace --from robin@example.com --with jane.json \\
      -o changes.csv --plan plan.json
  digicert-contacts apply plan.json";
