use super::Connection;

/// Show the user and the roles of the API key
///
/// A quick test of the API key, the region and the network before a long run.
#[derive(Debug, clap::Args)]
pub(crate) struct Whoami {
    #[command(flatten)]
    pub(crate) connection: Connection,
}
