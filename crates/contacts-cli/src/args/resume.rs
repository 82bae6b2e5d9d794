use std::path::PathBuf;

use super::{Connection, Output, Running};

/// Go on with a run that ended early
///
/// The journal tells which orders came to their end; they get no request. Orders whose request was
/// begun while nobody knows how it ended get it again, which is harmless for their contacts, and so
/// do orders that failed for a reason that is not their own, such as a refused key.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Resume {
    /// Journal of the run
    pub(crate) journal: PathBuf,

    #[command(flatten)]
    pub(crate) running: Running,

    /// Go on with another API key of the same account, after the first was replaced
    #[arg(long)]
    pub(crate) other_key: bool,

    #[command(flatten)]
    pub(crate) output: Output,

    #[command(flatten)]
    pub(crate) connection: Connection,
}

const EXAMPLES: &str = "\
Examples:
  digicert-contacts resume run.jsonl
  digicert-contacts resume run.jsonl --other-key --yes";
