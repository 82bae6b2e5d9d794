use std::num::NonZeroUsize;
use std::path::PathBuf;

use contacts_bulk::{RunSettings, Verify};

use super::{NotifyOption, new_file};

/// How a run changes orders.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch")]
pub(crate) struct RunOptions {
    /// Change orders without asking for confirmation
    #[arg(long, short, aliases = ["auto-approve", "assume-yes"])]
    pub(crate) yes: bool,

    /// Which changed orders to read again and compare with the update; if a random sample of N has a
    /// mismatch, the others are read as well; with `report`, those that the account's reports do not
    /// prove
    #[arg(long, value_name = "all|sample:N|report|none", default_value = "all")]
    pub(crate) verify: Verify,

    /// Do not verify changed orders: --verify none
    #[arg(long, conflicts_with = "verify")]
    pub(crate) no_verify: bool,

    /// Change at most N orders; `resume` continues with the rest
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<usize>,

    /// Stop after N failed orders
    #[arg(long, value_name = "N")]
    pub(crate) stop_after_failures: Option<NonZeroUsize>,

    /// Do not read orders before changing them; a change that somebody made since the plan is
    /// overwritten
    #[arg(long)]
    pub(crate) no_refresh: bool,

    /// Accepted for one release: orders are always read before they are changed
    #[arg(long, hide = true, conflicts_with = "no_refresh")]
    pub(crate) check_again: bool,

    /// Number of concurrent requests; DigiCert recommends one
    #[arg(long, value_name = "N", default_value_t = NonZeroUsize::MIN)]
    #[arg(aliases = ["parallelism", "jobs"])]
    pub(crate) concurrency: NonZeroUsize,

    /// Write the orders that were not changed to a new CSV file, with a column `reason`
    #[arg(long, value_name = "FILE", value_parser = new_file())]
    pub(crate) rejects: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) notify: NotifyOption,
}

impl RunOptions {
    /// Whether changed orders are verified.
    pub(crate) fn verifies(&self) -> bool {
        !self.no_verify && self.verify != Verify::None
    }

    /// Whether changed orders are verified by the account's reports.
    pub(crate) fn verifies_by_report(&self) -> bool {
        !self.no_verify && self.verify == Verify::Report
    }

    pub(crate) fn settings(&self) -> RunSettings {
        let mut settings = RunSettings::default()
            .concurrency(self.concurrency)
            .verify(self.verify);
        if self.no_verify {
            settings = settings.skip_verification();
        }
        if self.no_refresh {
            settings = settings.no_refresh();
        }
        if let Some(limit) = self.limit {
            settings = settings.limit(limit);
        }
        if let Some(failures) = self.stop_after_failures {
            settings = settings.stop_after_failures(failures);
        }
        settings
    }
}
