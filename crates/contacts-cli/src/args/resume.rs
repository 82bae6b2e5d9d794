use super::{Connection, JournalOption, RunOptions};

/// Resume an interrupted run
///
/// Skips the orders that the journal shows as finished. If the outcome of a request is unknown, reads
/// the order, and sends the request again only if it was not applied. Also retries orders that failed for
/// a general reason, such as a rejected API key.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Resume {
    #[command(flatten)]
    pub(crate) journal: JournalOption,

    #[command(flatten)]
    pub(crate) run: RunOptions,

    /// Resume with another API key of the same account, for example after the key was replaced
    #[arg(long)]
    pub(crate) other_key: bool,

    #[command(flatten)]
    pub(crate) connection: Connection,
}

const EXAMPLES: &str = "\
Examples:
  digicert-contacts resume run.jsonl
  digicert-contacts resume --last
  digicert-contacts resume run.jsonl --other-key --yes";
