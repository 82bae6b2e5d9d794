use std::path::PathBuf;

use super::{FILE, Output, Reading};

/// Check a file without sending anything
///
/// Everything that is wrong is told at once, each with line and column, and the same mistake on many
/// lines once. An order that is named in two of the files is found as well. No key is needed.
#[derive(Debug, clap::Args)]
pub(crate) struct Check {
    /// Files of CSV or JSON lines, or - for standard input
    #[arg(required = true, long_help = FILE)]
    pub(crate) files: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) reading: Reading,

    #[command(flatten)]
    pub(crate) output: Output,
}
