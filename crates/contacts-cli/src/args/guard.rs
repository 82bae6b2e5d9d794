use std::path::PathBuf;

use contacts_bulk::policy::MaxChanges;

use super::new_file;

/// What a plan must fulfil before it is applied, and the journal of the run.
#[derive(Debug, clap::Args)]
pub(crate) struct GuardOptions {
    /// Change nothing and exit with code 6 if more than N orders, or P percent of the orders of the plan,
    /// would change
    #[arg(long, value_name = "N|P%")]
    pub(crate) max_changes: Option<MaxChanges>,

    /// Change nothing and exit with code 7 if the plan violates the policy in a TOML file
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,

    /// Journal to write, a new file; default: a file in the folder that `runs` lists, and none with
    /// --sandbox
    #[arg(long, value_name = "FILE", value_parser = new_file())]
    pub(crate) journal: Option<PathBuf>,
}

impl GuardOptions {
    /// Whether anything depends on the whole plan.
    pub(crate) const fn needs_plan(&self) -> bool {
        self.max_changes.is_some() || self.policy.is_some()
    }
}
