/// What to run after a run.
#[derive(Debug, clap::Args)]
pub(crate) struct NotifyOption {
    /// Shell command to run after the run, also after one that was stopped, with a JSON summary
    /// without contacts on its standard input
    #[arg(long, value_name = "COMMAND")]
    pub(crate) notify: Option<String>,
}
