use super::{Connection, TableOptions};

/// Show the contacts of orders
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Get {
    /// Order ids
    #[arg(required = true, value_name = "ORDER_ID")]
    pub(crate) orders: Vec<String>,

    #[command(flatten)]
    pub(crate) table: TableOptions,

    #[command(flatten)]
    pub(crate) connection: Connection,
}

const EXAMPLES: &str = "\
Examples:
  digicert-contacts get 123456789
  digicert-contacts get 123456789 123456790 --json
  digicert-contacts get 123456789 123456790 --output table
  digicert-contacts get 100000001 --sandbox";
