//! Finds the orders whose contacts match, and reads few of the others.
//!
//! DigiCert's list of orders has no contacts, so a search that reads every order takes one request for
//! each. A [`Search`] asks for reports first, which name the contacts of all orders in one request.
//! They only narrow the search:
//!
//! | source | what it does |
//! |---|---|
//! | the list of orders | decides which orders exist |
//! | the order report | names the technical contacts |
//! | the reports query | names the e-mail addresses of the organization contacts |
//! | the search of the list | adds orders that the reports do not name; asked for e-mail addresses only |
//! | reading an order | decides whether it matches |
//!
//! An order is read if a report says that it matches, or does not cover it: because the account has no
//! such report, or it failed, ends early, contradicts itself or has no address where one should be.
//!
//! A report may be behind. Each order that is read is compared with what the reports say of it. If one
//! differs, the search of the list is asked for the address that the order has now: if it finds the
//! order, it is more current than the report, and what it adds makes up for what the report misses.
//! Otherwise the report is not used, and everything that it covered is read. If the search of the list does
//! not confirm all orders that match, 10 random orders that should not match are read as well.
//!
//! What remains: an order that recently got the contact, of which the report does not know yet and the
//! search of the list neither. [`Search::read_all`] excludes that.

mod process;
mod result;
pub(crate) mod source;
mod term;

use std::fmt;
use std::time::SystemTime;

use contacts_core::{ContactType, OrderId};

use crate::failure::Failure;
use crate::order_api::OrderApi;
use crate::search::process::Process;

pub use result::{FoundContact, FoundOrder, SearchResult};
pub use source::{Source, SourceState, SourceUse};
pub(crate) use term::fold;
pub use term::{SearchTerm, SearchTermError};

/// A search for contacts.
///
/// ```
/// use std::time::SystemTime;
/// use contacts_bulk::search::{Search, SearchTerm};
/// use contacts_bulk::{Failure, ListFilter, OrderApi};
/// use contacts_core::{Contact, ContactType, ContactsUpdate, Order, OrderId};
///
/// struct Fake;
///
/// impl OrderApi for Fake {
///     fn update(&self, _: OrderId, _: &ContactsUpdate) -> Result<(), Failure> {
///         panic!("a search changes nothing")
///     }
///     fn list(&self, _: &ListFilter) -> Box<dyn Iterator<Item = Result<Order, Failure>> + '_> {
///         Box::new([7, 8].into_iter().map(|id| Ok(Order::from_json(format!(r#"{{"id": {id}}}"#).as_bytes()).unwrap())))
///     }
///     fn read(&self, id: OrderId) -> Result<Order, Failure> {
///         let json = format!(r#"{{"technical_contact": {{"first_name": "A", "last_name": "B", "email": "{id}@example.com"}}}}"#);
///         Ok(Order::from_json(json.as_bytes()).unwrap())
///     }
/// }
///
/// let search = Search::new([SearchTerm::email("8@example.com")?]).contact_type(ContactType::Technical);
/// let result = search.run(&Fake, SystemTime::now, |_| {}).unwrap();
/// assert_eq!((result.listed(), result.read(), result.orders().len()), (2, 2, 1));
///
/// let jane = Contact::draft("Jane", "Doe", "jane@example.com").build().unwrap();
/// let plan = result.plan_replacement(|_| &jane);
/// assert_eq!(plan.summary().changes, 1);
/// # Ok::<(), contacts_bulk::search::SearchTermError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Search {
    terms: Vec<SearchTerm>,
    contact_type: Option<ContactType>,
    status: Option<String>,
    read_all: bool,
}

/// The progress of a search.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum SearchEvent<'a> {
    /// A source was asked.
    Asked(&'a SourceUse),
    /// Orders are about to be read.
    Reading {
        /// The number of orders.
        orders: usize,
        /// Why they are read.
        reason: ReadReason,
    },
    /// An order was read.
    Read(OrderId),
    /// An order could not be read, so it is not known whether it matches.
    ReadFailed(OrderId, &'a Failure),
}

/// Why a search reads orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ReadReason {
    /// A source says that they match.
    Candidate,
    /// A random sample of those that should not match.
    Sample,
    /// [`Search::read_all`] was requested.
    All,
    /// No source covers them.
    NotCovered,
    /// What a source says of an order differs from the order, so all that it covered are read.
    Contradicted(Source),
}

/// A search stopped early. Nothing was changed.
#[derive(Clone, Debug)]
pub struct SearchStopped {
    failure: Failure,
    read: usize,
    listed: usize,
}

impl Search {
    /// A search for contacts that match any of `terms`.
    pub fn new(terms: impl IntoIterator<Item = SearchTerm>) -> Self {
        Self {
            terms: terms.into_iter().collect(),
            contact_type: None,
            status: None,
            read_all: false,
        }
    }

    /// A search that reads every order and finds all of them, also those without contacts.
    #[must_use]
    pub fn all() -> Self {
        Self::new([]).read_all()
    }

    /// Searches the contacts of one type; by default of both.
    #[must_use]
    pub const fn contact_type(mut self, contact_type: ContactType) -> Self {
        self.contact_type = Some(contact_type);
        self
    }

    /// Searches only orders with this status, such as `pending`. DigiCert's filter decides which
    /// orders these are; it includes expired orders in `issued`.
    #[must_use]
    pub fn status(mut self, status: impl Into<String>) -> Self {
        self.status = Some(status.into());
        self
    }

    /// Reads every order and uses no report.
    #[must_use]
    pub const fn read_all(mut self) -> Self {
        self.read_all = true;
        self
    }

    /// Runs the search. `clock` returns the time of day; `progress` is called on this thread.
    ///
    /// # Errors
    /// Returns [`SearchStopped`] if the orders cannot be listed, or for the reasons of
    /// [`Plan::fetch`](crate::Plan::fetch). A report that cannot be fetched is not an error.
    pub fn run(
        &self,
        api: &impl OrderApi,
        clock: impl Fn() -> SystemTime,
        progress: impl FnMut(SearchEvent<'_>),
    ) -> Result<SearchResult, SearchStopped> {
        Process::new(self, api, clock, progress).run()
    }

    fn contact_types(&self) -> impl Iterator<Item = ContactType> + use<> {
        let searched = self.contact_type;
        let all = ContactType::ALL.into_iter();
        all.filter(move |of| searched.is_none_or(|searched| searched == *of))
    }
}

impl SearchStopped {
    /// The cause.
    #[must_use]
    pub const fn failure(&self) -> &Failure {
        &self.failure
    }

    /// The number of orders that were read.
    #[must_use]
    pub const fn read(&self) -> usize {
        self.read
    }
}

impl fmt::Display for SearchStopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (read, listed) = (self.read, self.listed);
        write!(
            f,
            "search stopped after {read} of {listed} orders were read, nothing was changed"
        )?;
        if self.failure.is_cancelled() {
            return Ok(());
        }
        write!(f, ": {}", self.failure)
    }
}

impl std::error::Error for SearchStopped {}
