use std::path::PathBuf;

use super::{Connection, Output, new_file};

/// Plan to put back what a run found before it changed it
///
/// Reads each order that the run changed, or may have changed, shows what would go back, and lists
/// what can't and why. It changes nothing; `apply` carries the plan out.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Undo {
    /// Journal of the run
    pub(crate) journal: PathBuf,

    /// Keep the plan in a new file
    #[arg(long, short, value_name = "FILE", value_parser = new_file())]
    pub(crate) output_file: PathBuf,

    /// Undo with another API key of the same account than that of the run
    #[arg(long)]
    pub(crate) other_key: bool,

    #[command(flatten)]
    pub(crate) output: Output,

    #[command(flatten)]
    pub(crate) connection: Connection,
}

const EXAMPLES: &str = "\
Examples:
  digicert-contacts undo run.jsonl -o back.json
  digicert-contacts apply back.json";
