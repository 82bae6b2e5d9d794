use std::path::PathBuf;

use clap::{Arg, ArgAction};
use clap_complete::Shell;

/// Print shell completions
#[derive(Clone, Copy, Debug, clap::Args)]
#[command(after_help = COMPLETIONS, arg(no_json()))]
pub(crate) struct Completions {
    /// Shell to print completions for
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}

const COMPLETIONS: &str = "\
In the current shell:
  source <(digicert-contacts completions bash)
  source <(digicert-contacts completions zsh)
  digicert-contacts completions fish | source

In every new shell:
  mkdir -p ~/.local/share/bash-completion/completions
  digicert-contacts completions bash > \\
      ~/.local/share/bash-completion/completions/digicert-contacts

  mkdir -p ~/.config/fish/completions
  digicert-contacts completions fish > \\
      ~/.config/fish/completions/digicert-contacts.fish

  mkdir -p ~/.zfunc
  digicert-contacts completions zsh > ~/.zfunc/_digicert-contacts
For zsh, ~/.zshrc needs `fpath+=~/.zfunc` before `compinit`.";

/// Print the manual page, or that of a command
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = MAN, arg(no_json()))]
pub(crate) struct Man {
    /// Command to print the manual page of
    pub(crate) command: Option<String>,

    /// Write all manual pages to this folder
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    pub(crate) output_dir: Option<PathBuf>,
}

const MAN: &str = "\
Examples:
  digicert-contacts man | man -l -
  digicert-contacts man apply > digicert-contacts-apply.1
  digicert-contacts man --output-dir ~/.local/share/man/man1";

/// The global option, hidden from the help of a command without a JSON document.
fn no_json() -> Arg {
    Arg::new("json")
        .long("json")
        .action(ArgAction::SetTrue)
        .hide(true)
}
