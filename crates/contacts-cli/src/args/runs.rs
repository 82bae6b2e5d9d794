/// List the runs whose journals are in the default folder
///
/// The last run comes first. A run is unfinished if `resume` has orders to change, and in progress if
/// another process changes them. Journals that --journal put elsewhere are not listed.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Runs {
    /// Remove the journals of finished runs that were last written at least DAYS days ago; these runs
    /// can then not be undone
    #[arg(long, value_name = "DAYS")]
    pub(crate) prune: Option<u32>,
}

const EXAMPLES: &str = "\
Journals:
  # ~/.local/state/digicert-contacts; on Windows
  # %APPDATA%\\digicert-contacts

Examples:
  digicert-contacts runs
  digicert-contacts undo --last -o undo.json
  digicert-contacts runs --prune 90";
