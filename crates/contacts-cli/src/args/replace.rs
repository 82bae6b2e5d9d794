use std::path::PathBuf;

use super::{Connection, StatusOption, new_file};

/// Write a file that replaces a person with a successor on all orders
///
/// Finds every contact with the person's e-mail address and writes a file for `apply` that names
/// the successor instead; with --plan, also a plan. Changes nothing itself. Optional fields that
/// the successor leaves out keep the person's values.
///
/// Lists and reads orders as `export` does, and resumes in the same way.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Replace {
    /// E-mail address of the person to replace
    #[arg(long, value_name = "EMAIL")]
    pub(crate) from: String,

    /// JSON file with the successor, or - for standard input
    #[arg(long = "with", value_name = "FILE", long_help = WITH)]
    pub(crate) successor: PathBuf,

    /// File to write; it must not exist
    #[arg(long, short, value_name = "FILE", value_parser = new_file())]
    pub(crate) output_file: PathBuf,

    /// Also save a plan to this file, as `plan` does
    #[arg(long, value_name = "FILE", value_parser = new_file())]
    pub(crate) plan: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) status: StatusOption,

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
