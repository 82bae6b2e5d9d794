use super::{Connection, Output};

/// Show whom the API key acts for, and what it may do
///
/// A quick way to see whether the key, the region and the network are right before a long run.
#[derive(Debug, clap::Args)]
pub(crate) struct Whoami {
    #[command(flatten)]
    pub(crate) output: Output,

    #[command(flatten)]
    pub(crate) connection: Connection,
}
