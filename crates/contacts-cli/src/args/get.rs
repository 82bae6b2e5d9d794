use super::{Connection, Output};

/// Show the contacts of orders
#[derive(Debug, clap::Args)]
#[command(after_help = GET_EXAMPLES)]
pub(crate) struct Get {
    /// Order ids
    #[arg(required = true, value_name = "ORDER_ID")]
    pub(crate) orders: Vec<String>,

    #[command(flatten)]
    pub(crate) output: Output,

    #[command(flatten)]
    pub(crate) connection: Connection,
}

const GET_EXAMPLES: &str = "\
Examples:
  digicert-contacts get 123456789
  digicert-contacts get 123456789 123456790 --json
  digicert-contacts get 100000001 --sandbox";
