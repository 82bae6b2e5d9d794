use clap::builder::{StringValueParser, TypedValueParser};
use contacts_bulk::search::SearchTerm;

use super::{Connection, SearchOptions, TableOptions};

/// Find the contacts with an e-mail address, a name or a domain
///
/// Prints a table of the contacts that match and their orders. A domain finds the contacts whose
/// address is in it, and the contacts of the orders whose common name is in it; `@DOMAIN` finds
/// addresses only. A name matches in any part of first and last name. Case does not matter.
///
/// Asks DigiCert's reports for the contacts of all orders, and reads the orders that may match and
/// those that no report covers. The reports have no names of organization contacts, so a search for
/// a name reads each order that has one, unless --contact-type excludes them. Standard error says
/// what was asked and how many orders were read.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Find {
    /// What to search for; with several, contacts that match any of them
    #[arg(value_name = "EMAIL|NAME|DOMAIN", required = true, value_parser = term())]
    pub(crate) terms: Vec<SearchTerm>,

    /// Print CSV that `check` and `apply` accept: --output csv
    #[arg(long, conflicts_with_all = ["json", "output"])]
    pub(crate) csv: bool,

    #[command(flatten)]
    pub(crate) table: TableOptions,

    #[command(flatten)]
    pub(crate) search: SearchOptions,

    #[command(flatten)]
    pub(crate) connection: Connection,
}

fn term() -> impl TypedValueParser<Value = SearchTerm> {
    StringValueParser::new().try_map(|text| SearchTerm::parse(&text))
}

const EXAMPLES: &str = "\
Examples:
  digicert-contacts find robin@example.com
  digicert-contacts find 'Robin Leaver' --contact-type technical_contact
  digicert-contacts find @example.com --csv > contacts.csv
  digicert-contacts find example.com --columns email,order_id -o jsonl
  digicert-contacts find www.example.com --sandbox --json";
