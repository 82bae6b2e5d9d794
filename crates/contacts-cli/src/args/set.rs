use std::path::PathBuf;

use super::{Connection, Output};

/// Change the contacts of one order
///
/// Reads the order, shows field by field what will change, asks, sends one request, and reads back
/// what was written. A contact that is not named stays as it is, and so does an optional field that
/// is left out. A field can't be emptied, since what DigiCert makes of an empty value is not known.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Set {
    /// Order id
    #[arg(value_name = "ORDER_ID")]
    pub(crate) order: String,

    /// The technical contact; a comma begins a further field only where a name and `=` follow
    #[arg(long, value_name = "FIELD=VALUE,...")]
    pub(crate) technical: Option<String>,

    /// The organization contact
    #[arg(long, value_name = "FIELD=VALUE,...")]
    pub(crate) organization: Option<String>,

    /// Take the contacts from a JSON file, or - for standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["technical", "organization"])]
    #[arg(required_unless_present_any = ["technical", "organization"], long_help = FROM_JSON)]
    pub(crate) from_json: Option<PathBuf>,

    /// Don't ask before changing the order
    #[arg(long)]
    pub(crate) yes: bool,

    #[command(flatten)]
    pub(crate) output: Output,

    #[command(flatten)]
    pub(crate) connection: Connection,
}

const FROM_JSON: &str = "\
Take the contacts from a JSON file, or - for standard input

As the API takes them:
  {\"contacts\": [{\"contact_type\": \"technical_contact\", ...}]}
or by their types:
  {\"technical_contact\": {\"first_name\": \"Jane\", ...}}";

const EXAMPLES: &str = "\
Examples:
  digicert-contacts set 123456789 \\
      --technical first_name=Jane,last_name=Doe,email=jane.doe@example.com
  digicert-contacts set 123456789 --from-json jane.json --yes
  digicert-contacts set 100000001 --sandbox --yes \\
      --technical first_name=Jane,last_name=Doe,email=jane.doe@example.com

What stands on a command line can be seen by every user of the machine.";
