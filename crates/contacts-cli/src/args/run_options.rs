use std::num::NonZeroUsize;
use std::path::PathBuf;

use super::new_file;

/// How a run changes orders.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch")]
pub(crate) struct RunOptions {
    /// Change orders without asking for confirmation
    #[arg(long)]
    pub(crate) yes: bool,

    /// Read changed orders again and compare them with the update (default)
    #[arg(long, conflicts_with = "no_verify")]
    pub(crate) verify: bool,

    /// Do not verify changed orders
    #[arg(long)]
    pub(crate) no_verify: bool,

    /// Change at most N orders; `resume` continues with the rest
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<usize>,

    /// Stop after N failed orders
    #[arg(long, value_name = "N")]
    pub(crate) stop_after_failures: Option<NonZeroUsize>,

    /// Read each order again before changing it, and skip it if it changed since the plan was made;
    /// always on for plans older than an hour
    #[arg(long)]
    pub(crate) check_again: bool,

    /// Number of concurrent requests; DigiCert recommends one
    #[arg(long, value_name = "N", default_value_t = NonZeroUsize::MIN)]
    pub(crate) concurrency: NonZeroUsize,

    /// Write the orders that were not changed to a new CSV file, with a column `reason`
    #[arg(long, value_name = "FILE", value_parser = new_file())]
    pub(crate) rejects: Option<PathBuf>,
}
