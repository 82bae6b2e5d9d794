//! The sources of a search, and what they say of the orders.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::io::Read;
use std::time::SystemTime;

use contacts_core::{ContactType, Field, OrderContact, OrderId};
use serde::{Serialize, Serializer};

use crate::export::order_report::OrderReport;
use crate::failure::{Failure, FailureKind};
use crate::search::term::{self, SearchTerm, fold};

/// What a search asks before it reads orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, strum::Display)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Source {
    /// The list of orders.
    #[strum(to_string = "list of orders")]
    OrderList,
    /// The order report, which names the technical contacts.
    #[strum(to_string = "order report")]
    OrderReport,
    /// The reports query, which names the addresses of the organization contacts.
    #[strum(to_string = "reports query")]
    ReportsQuery,
    /// The search of the list, which finds addresses.
    #[strum(to_string = "search of the list")]
    ListSearch,
}

/// A source that was asked.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct SourceUse {
    /// The source.
    pub source: Source,
    /// When it was asked.
    #[serde(serialize_with = "time")]
    pub asked: SystemTime,
    /// What became of its answer.
    pub state: SourceState,
    /// The number of listed orders that it covers; for the search of the list, that it found.
    pub orders: usize,
    /// Why it could not be fetched.
    pub failure: Option<Failure>,
}

/// What became of the answer of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum SourceState {
    /// It was used.
    Used,
    /// The account does not have it.
    Missing,
    /// It could not be fetched.
    Failed,
    /// Its form is unexpected, it names no address, or it finds orders of all kinds.
    Unusable,
    /// It differs from an order that was read, so it was not used.
    Contradicted,
    /// It differs from an order that was read, and the search of the list knows that order as it is, so
    /// both were used.
    Behind,
}

impl Source {
    /// The report with the contacts of one type.
    pub(crate) const fn of(contact_type: ContactType) -> Self {
        match contact_type {
            ContactType::Technical => Self::OrderReport,
            ContactType::Organization => Self::ReportsQuery,
        }
    }
}

impl SourceUse {
    pub(crate) const fn new(source: Source, asked: SystemTime) -> Self {
        Self {
            source,
            asked,
            state: SourceState::Used,
            orders: 0,
            failure: None,
        }
    }

    /// Records how many orders a report covers; `None` if the account does not have it.
    pub(crate) fn cover<T>(&mut self, rows: Option<T>, len: impl Fn(&T) -> usize) -> Option<T> {
        self.orders = rows.as_ref().map_or(0, len);
        if self.orders == 0 {
            self.state = match rows {
                Some(_) => SourceState::Unusable,
                None => SourceState::Missing,
            };
        }
        rows
    }

    /// Records a failure. Returns it if it [stops] the command.
    pub(crate) fn fail(&mut self, failure: Failure) -> Result<(), Failure> {
        self.state = SourceState::Failed;
        self.failure = Some(failure.clone());
        if stops(&failure) {
            Err(failure)
        } else {
            Ok(())
        }
    }
}

/// Whether a failure of a source stops the command. A rejected key does not: a report may need another
/// permission than the requests before it.
pub(super) fn stops(failure: &Failure) -> bool {
    let kind = failure.kind();
    matches!(kind, FailureKind::Cancelled | FailureKind::RateLimited)
}

fn time<S: Serializer>(time: &SystemTime, serializer: S) -> Result<S::Ok, S::Error> {
    let time = (*time).max(SystemTime::UNIX_EPOCH);
    serializer.collect_str(&humantime::format_rfc3339_seconds(time))
}

/// What a source says of a contact: its address, and its name if it says so. Both are folded.
#[derive(PartialEq, Eq)]
pub(super) struct Row {
    email: Option<String>,
    name: Option<String>,
}

/// What a source says of the contacts of one type.
pub(super) struct Rows {
    pub(super) contact_type: ContactType,
    by_order: ByOrder<Row>,
}

/// What a source says of each order; `None` for one whose rows contradict each other.
pub(crate) struct ByOrder<T>(HashMap<OrderId, Option<T>>);

impl<T: PartialEq> ByOrder<T> {
    pub(crate) fn new() -> Self {
        Self(HashMap::new())
    }

    /// Adds a row; `None` if it is not usable.
    pub(crate) fn add(&mut self, order: OrderId, row: Option<T>) {
        match self.0.entry(order) {
            Entry::Vacant(entry) => drop(entry.insert(row)),
            Entry::Occupied(mut entry) if *entry.get() != row => drop(entry.insert(None)),
            Entry::Occupied(_) => {}
        }
    }

    pub(crate) fn get(&self, order: OrderId) -> Option<&T> {
        self.0.get(&order)?.as_ref()
    }

    /// The number of orders that it covers.
    pub(crate) fn len(&self) -> usize {
        self.0.values().flatten().count()
    }
}

impl Rows {
    pub(super) fn of_report(report: impl Read, is_listed: impl Fn(OrderId) -> bool) -> Self {
        let mut rows = Self::new(ContactType::Technical);
        let report = OrderReport::read(report);
        for (order, contact) in report.into_iter().flatten() {
            if is_listed(order) {
                rows.add(order, Row::of_contact(contact.as_ref()));
            }
        }
        rows.unless_without_address()
    }

    pub(super) fn of_emails(
        emails: Vec<(OrderId, Option<String>)>,
        is_listed: impl Fn(OrderId) -> bool,
    ) -> Self {
        let mut rows = Self::new(ContactType::Organization);
        for (order, email) in emails {
            if is_listed(order) {
                rows.add(order, Row::of_email(email.as_deref()));
            }
        }
        rows.unless_without_address()
    }

    fn new(contact_type: ContactType) -> Self {
        Self {
            contact_type,
            by_order: ByOrder::new(),
        }
    }

    fn add(&mut self, order: OrderId, row: Row) {
        self.by_order.add(order, Some(row).filter(Row::is_usable));
    }

    /// Without a single address, the source holds something else.
    fn unless_without_address(mut self) -> Self {
        let mut rows = self.by_order.0.values().flatten();
        if !rows.any(|row| row.email.is_some()) {
            self.by_order = ByOrder::new();
        }
        self
    }

    pub(super) fn len(&self) -> usize {
        self.by_order.len()
    }

    pub(super) fn get(&self, order: OrderId) -> Option<&Row> {
        self.by_order.get(order)
    }
}

impl Row {
    fn of_contact(contact: Option<&OrderContact>) -> Self {
        let email = contact.and_then(OrderContact::email);
        Self {
            name: Some(contact.map(term::name_of).unwrap_or_default()),
            ..Self::of_email(email)
        }
    }

    fn of_email(email: Option<&str>) -> Self {
        let email = email.map(fold).filter(|email| !email.is_empty());
        Self { email, name: None }
    }

    /// Whether the address looks like one, or like several. Shifted columns do not.
    fn is_usable(&self) -> bool {
        let email = self.email.as_ref();
        email.is_none_or(|email| addresses(email).all(term::is_address))
    }

    pub(super) fn may_match(&self, term: &SearchTerm) -> bool {
        let name = self.name.as_deref();
        let email = self.email.as_deref();
        match email {
            Some(email) => term.may_match(email, name),
            // A contact with a name and no address, if the source knows one.
            None => name.is_some_and(|name| !name.is_empty() && term.may_match("", Some(name))),
        }
    }

    /// Whether the row agrees with the contact that was read.
    pub(super) fn agrees_with(&self, contact: Option<&OrderContact>, with_name: bool) -> bool {
        let readable = |field| contact.is_none_or(|contact| contact.is_readable(field));
        let now = contact.and_then(OrderContact::email).map(fold);
        let same_email = match (&self.email, &now) {
            (Some(row), Some(now)) => row == now || addresses(row).any(|email| email == now),
            (None, None) => true,
            _ => false,
        };
        let name = || contact.map(term::name_of).unwrap_or_default();
        let same_name = !with_name || self.name.as_ref().is_none_or(|row| *row == name());
        let names_readable = readable(Field::FirstName) && readable(Field::LastName);
        (same_email || !readable(Field::Email)) && (same_name || !names_readable)
    }
}

/// The addresses in a folded cell.
fn addresses(folded: &str) -> impl Iterator<Item = &str> {
    let parts = folded.split([',', ';']).map(str::trim);
    parts.filter(|part| !part.is_empty())
}
