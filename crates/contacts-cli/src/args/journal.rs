use std::path::PathBuf;

/// The journal of a run.
#[derive(Debug, clap::Args)]
pub(crate) struct JournalOption {
    /// Journal of the run
    #[arg(value_name = "JOURNAL", required_unless_present = "last")]
    pub(crate) journal: Option<PathBuf>,

    /// Use the journal of the last run, the first one that `runs` lists
    #[arg(long, conflicts_with = "journal")]
    pub(crate) last: bool,
}
