use std::path::PathBuf;

use super::{Connection, NotifyOption, new_file};

/// Change the contacts of one order
///
/// Reads the order, shows field by field what will change, asks for confirmation, sends one
/// request, and verifies the result. Contacts and fields that are not given keep their values. A
/// journal is written in advance, so that `undo` can restore the previous contacts. A field cannot be emptied, because it is not known how DigiCert treats empty values.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Set {
    /// Order id
    #[arg(value_name = "ORDER_ID")]
    pub(crate) order: String,

    /// Technical contact; a value may contain commas that are not followed by `NAME=`
    #[arg(long, value_name = "FIELD=VALUE,...")]
    pub(crate) technical: Option<String>,

    /// Organization contact
    #[arg(long, value_name = "FIELD=VALUE,...")]
    pub(crate) organization: Option<String>,

    /// Read the contacts from a JSON file, or - for standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["technical", "organization"])]
    #[arg(required_unless_present_any = ["technical", "organization"], long_help = FROM_JSON)]
    pub(crate) from_json: Option<PathBuf>,

    /// Change the order without asking for confirmation
    #[arg(long, short, aliases = ["auto-approve", "assume-yes"])]
    pub(crate) yes: bool,

    /// Journal to write, a new file; default: a file in the folder that `runs` lists, and none with
    /// --sandbox
    #[arg(long, value_name = "FILE", value_parser = new_file())]
    pub(crate) journal: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) notify: NotifyOption,

    #[command(flatten)]
    pub(crate) connection: Connection,
}

const FROM_JSON: &str = "\
Read the contacts from a JSON file, or - for standard input

As in the API:
  {\"contacts\": [{\"contact_type\": \"technical_contact\", ...}]}
or by contact type:
  {\"technical_contact\": {\"first_name\": \"Jane\", ...}}";

const EXAMPLES: &str = "\
Examples:
  digicert-contacts set 123456789 \\
    --technical first_name=Jane,last_name=Doe,email=jane.doe@example.com
  digicert-contacts set 123456789 --technical email=jane@example.com
  digicert-contacts set 123456789 --from-json jane.json --yes
  digicert-contacts set 100000001 --sandbox --yes \\
    --technical first_name=Jane,last_name=Doe,email=jane.doe@example.com

All users of this machine can see command lines; --from-json avoids that.";
