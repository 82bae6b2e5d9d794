use std::num::NonZeroUsize;
use std::path::PathBuf;

use super::new_file;

/// How orders are changed.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch")]
pub(crate) struct Running {
    /// Don't ask before changing orders
    #[arg(long)]
    pub(crate) yes: bool,

    /// Read changed orders again and compare them with what was sent: the default
    #[arg(long, conflicts_with = "no_verify")]
    pub(crate) verify: bool,

    /// Don't read them again
    #[arg(long)]
    pub(crate) no_verify: bool,

    /// Change so many orders at most, as a canary; `resume` goes on with the rest
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<usize>,

    /// Stop once so many orders failed
    #[arg(long, value_name = "N")]
    pub(crate) stop_after_failures: Option<NonZeroUsize>,

    /// Read each order again before it is changed, and leave it alone where somebody changed it
    /// since the plan was made; a plan older than an hour is always checked so
    #[arg(long)]
    pub(crate) check_again: bool,

    /// Work on so many orders at the same time; DigiCert asks for one
    #[arg(long, value_name = "N", default_value_t = NonZeroUsize::MIN)]
    pub(crate) concurrency: NonZeroUsize,

    /// Write the orders that failed to a new CSV file, with the reasons in a column of their own
    #[arg(long, value_name = "FILE", value_parser = new_file())]
    pub(crate) rejects: Option<PathBuf>,
}
