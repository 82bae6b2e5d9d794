use std::path::PathBuf;

use clap::builder::{StringValueParser, TypedValueParser};

use super::{Connection, FORMATS, GuardOptions, InputOptions, RunOptions};

/// Change the contacts of all orders in a file
///
/// Validates the whole file, reads each order, shows field by field what will change, and asks for
/// confirmation. Then sends one request for each order that needs it, verifies the result, and
/// prints a summary. With --yes and without --max-changes, reads and changes order by order.
///
/// Each order is read immediately before its request. If a contact that the update names changed
/// since the plan, nothing is sent for the order.
///
/// Each step is written to a journal in advance. `resume` continues an interrupted run; `undo`
/// restores the previous contacts.
///
/// Sends one request at a time, within DigiCert's limits of 100 per 5 seconds and 1000 per 3
/// minutes. It is not known whether DigiCert sends e-mail when contacts change.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Apply {
    /// CSV or JSON Lines file, a plan, or - for standard input
    #[arg(long_help = format!("{FILE}\n\n{FORMATS}"))]
    pub(crate) file: PathBuf,

    #[command(flatten)]
    pub(crate) run: RunOptions,

    #[command(flatten)]
    pub(crate) guard: GuardOptions,

    /// Apply only the plan with this digest, which `plan -o` printed
    #[arg(long, value_name = "SHA256", value_parser = digest())]
    pub(crate) expect_digest: Option<String>,

    #[command(flatten)]
    pub(crate) input: InputOptions,

    #[command(flatten)]
    pub(crate) connection: Connection,
}

/// Parses a digest of a plan, with or without `sha256:`.
fn digest() -> impl TypedValueParser<Value = String> {
    StringValueParser::new().try_map(|text| {
        let hex = text.strip_prefix("sha256:").unwrap_or(&text);
        if hex.len() == 64 && hex.chars().all(|c| c.is_ascii_hexdigit()) {
            Ok(format!("sha256:{}", hex.to_ascii_lowercase()))
        } else {
            Err("expected 64 hexadecimal digits, as `plan -o` prints them")
        }
    })
}

const FILE: &str = "CSV or JSON Lines file in UTF-8, a plan, or - for standard input";

const EXAMPLES: &str = "\
Examples:
  digicert-contacts apply contacts.csv             show, confirm, change
  digicert-contacts apply contacts.csv --limit 5   change five orders
  digicert-contacts apply plan.json --max-changes 200 --yes --json
                                                   in a script
  digicert-contacts apply contacts.csv --sandbox --yes
                                                   try it on the orders
                                                   100000001 to 100000014
                                                   of a demo account";
