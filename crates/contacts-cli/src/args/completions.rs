use clap_complete::Shell;

/// Print the completions of a shell
#[derive(Clone, Copy, Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}

const EXAMPLES: &str = "\
Examples:
  digicert-contacts completions bash > \\
      ~/.local/share/bash-completion/completions/digicert-contacts
  digicert-contacts completions fish > \\
      ~/.config/fish/completions/digicert-contacts.fish";
