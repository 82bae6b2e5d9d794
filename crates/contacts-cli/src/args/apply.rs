use std::path::PathBuf;
use std::str::FromStr;

use super::{Connection, FILE, Output, Reading, Running, new_file};

/// Change the contacts of all orders that a file names
///
/// Checks the whole file, reads each order, shows field by field what will change, and asks before
/// it changes anything. Then it sends one request for each order that needs it, reads back what was
/// written, and prints a summary. Of a plan that `plan` made it takes what was read then.
///
/// Each step is written to a journal before it is taken, so that `resume` finishes a run that was
/// cut off, and `undo` puts back what was there before.
///
/// One request is sent at a time, within DigiCert's limits of 100 in 5 seconds and 1000 in 3
/// minutes. Whether DigiCert sends e-mail to anybody when contacts change is not known.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Apply {
    /// CSV or JSON lines, a plan, or - for standard input
    #[arg(long_help = FILE)]
    pub(crate) file: PathBuf,

    #[command(flatten)]
    pub(crate) running: Running,

    /// Change nothing if more orders than this would change: a number, or so many % of the file's
    #[arg(long, value_name = "N|P%")]
    pub(crate) max_changes: Option<MaxChanges>,

    /// Where to keep the journal, a new file; by default one in the current folder that is named
    /// after the time, and none for --sandbox
    #[arg(long, value_name = "FILE", value_parser = new_file())]
    pub(crate) journal: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) reading: Reading,

    #[command(flatten)]
    pub(crate) output: Output,

    #[command(flatten)]
    pub(crate) connection: Connection,
}

/// The most orders that may change.
#[derive(Clone, Copy, Debug)]
pub(crate) enum MaxChanges {
    OrderApi(usize),
    Percent(usize),
}

impl MaxChanges {
    pub(crate) const fn permits(self, changes: usize, orders: usize) -> bool {
        match self {
            Self::OrderApi(most) => changes <= most,
            Self::Percent(most) => changes.saturating_mul(100) <= orders.saturating_mul(most),
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
                _ => Err("a percentage is 100% at most"),
            },
            None => number(text).map(Self::OrderApi),
        }
    }
}

const EXAMPLES: &str = "\
Examples:
  digicert-contacts apply contacts.csv                 show, ask, change
  digicert-contacts apply contacts.csv --limit 5       try it on five orders
  digicert-contacts apply plan.json --max-changes 200 --yes --json
                                                       for a script
  digicert-contacts apply contacts.csv --sandbox --yes
                                                       try it on the orders
                                                       100000001 to 100000014
                                                       of a demo account";
