use super::Connection;

/// Show the user and the roles of the API key
///
/// A quick test of the API key, the region and the network before a long run.
#[derive(Debug, clap::Args)]
#[command(after_help = PROFILES)]
pub(crate) struct Whoami {
    #[command(flatten)]
    pub(crate) connection: Connection,
}

const PROFILES: &str = "\
Profiles:
  # ~/.config/digicert-contacts/config.toml; on Windows
  # %APPDATA%\\digicert-contacts\\config.toml
  [default]
  api_key_command = \"pass show digicert\"

  [eu]
  region = \"eu\"
  api_key_file = \"~/.digicert-eu-key\"";
