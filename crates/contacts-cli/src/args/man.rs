/// Print the manual page, or that of a command
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Man {
    /// The command
    pub(crate) command: Option<String>,
}

const EXAMPLES: &str = "\
Examples:
  digicert-contacts man | man -l -
  digicert-contacts man apply > digicert-contacts-apply.1";
