use clap_complete::Shell;

/// Print shell completions
#[derive(Clone, Copy, Debug, clap::Args)]
#[command(after_help = COMPLETIONS)]
pub(crate) struct Completions {
    /// Shell to print completions for
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}

const COMPLETIONS: &str = "\
Examples:
  digicert-contacts completions bash > \\
      ~/.local/share/bash-completion/completions/digicert-contacts
  digicert-contacts completions fish > \\
      ~/.config/fish/completions/digicert-contacts.fish
  digicert-contacts completions zsh > \"${fpath[1]}/_digicert-contacts\"";

/// Print the manual page, or that of a command
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = MAN)]
pub(crate) struct Man {
    /// Command to print the manual page of
    pub(crate) command: Option<String>,
}

const MAN: &str = "\
Examples:
  digicert-contacts man | man -l -
  digicert-contacts man apply > digicert-contacts-apply.1";
