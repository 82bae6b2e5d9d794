use std::path::PathBuf;

use super::{Connection, JournalOption, new_file};

/// Make a plan that restores the contacts from before a run
///
/// Reads each order that the run changed or may have changed, shows what would be restored, and
/// lists what cannot be restored and why. Changes nothing; `apply` the plan to restore.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Undo {
    #[command(flatten)]
    pub(crate) journal: JournalOption,

    /// Save the plan to a new file
    #[arg(long, short, value_name = "FILE", value_parser = new_file())]
    #[arg(aliases = ["output", "out"])]
    pub(crate) output_file: PathBuf,

    /// Use another API key than the run did; it must belong to the same account
    #[arg(long)]
    pub(crate) other_key: bool,

    #[command(flatten)]
    pub(crate) connection: Connection,
}

const EXAMPLES: &str = "\
Examples:
  digicert-contacts undo run.jsonl -o undo.json
  digicert-contacts undo --last -o undo.json
  digicert-contacts apply undo.json";
