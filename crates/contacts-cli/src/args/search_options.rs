use clap::builder::{PossibleValuesParser, TypedValueParser};
use contacts_bulk::search::{Search, SearchTerm};
use contacts_core::ContactType;

use super::StatusOption;

/// Which orders and contacts a search covers.
#[derive(Debug, clap::Args)]
pub(crate) struct SearchOptions {
    /// Search only this contact of each order; by default both
    #[arg(long, value_name = "TYPE", value_parser = contact_type())]
    pub(crate) contact_type: Option<ContactType>,

    #[command(flatten)]
    pub(crate) status: StatusOption,

    /// Read every order instead of asking for reports, which may be behind: 50,000 orders take about
    /// two and a half hours
    #[arg(long)]
    pub(crate) read_all: bool,
}

impl SearchOptions {
    pub(crate) fn search(&self, terms: impl IntoIterator<Item = SearchTerm>) -> Search {
        let mut search = Search::new(terms);
        if let Some(contact_type) = self.contact_type {
            search = search.contact_type(contact_type);
        }
        if let Some(status) = &self.status.status {
            search = search.status(status);
        }
        if self.read_all {
            search = search.read_all();
        }
        search
    }
}

pub(super) fn contact_type() -> impl TypedValueParser<Value = ContactType> {
    let names = ContactType::ALL.map(ContactType::as_str);
    PossibleValuesParser::new(names).try_map(|name| ContactType::parse(&name))
}
