use std::path::PathBuf;
use std::str::FromStr;

use super::{Connection, FORMATS, InputOptions, RunOptions, new_file};

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

    /// Change nothing and exit with code 6 if more than N orders, or P percent of the orders, would
    /// change
    #[arg(long, value_name = "N|P%")]
    pub(crate) max_changes: Option<MaxChanges>,

    /// Journal to write, a new file; default: a file in the folder that `runs` lists, and none with
    /// --sandbox
    #[arg(long, value_name = "FILE", value_parser = new_file())]
    pub(crate) journal: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) input: InputOptions,

    #[command(flatten)]
    pub(crate) connection: Connection,
}

/// The maximum number of orders that may change.
#[derive(Clone, Copy, Debug)]
pub(crate) enum MaxChanges {
    Orders(usize),
    Percent(usize),
}

impl MaxChanges {
    pub(crate) const fn permits(self, changes: usize, orders: usize) -> bool {
        match self {
            Self::Orders(max) => changes <= max,
            Self::Percent(max) => changes.saturating_mul(100) <= orders.saturating_mul(max),
        }
    }
}

impl FromStr for MaxChanges {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = |digits: &str| {
            let parsed = digits.parse();
            parsed.map_err(|_| "expected a number of orders, or a percentage such as 5%")
        };
        match text.strip_suffix('%') {
            Some(percent) => match number(percent)? {
                percent @ 0..=100 => Ok(Self::Percent(percent)),
                _ => Err("a percentage is at most 100%"),
            },
            None => number(text).map(Self::Orders),
        }
    }
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
