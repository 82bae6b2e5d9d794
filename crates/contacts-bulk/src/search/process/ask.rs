//! Asks the sources.

use std::collections::{HashMap, HashSet};
use std::time::SystemTime;

use contacts_core::{ContactType, OrderId};

use crate::failure::Failure;
use crate::order_api::{ListFilter, OrderApi};
use crate::run::stop_policy::StopPolicy;
use crate::search::process::{Differing, Process};
use crate::search::source::{Rows, Source, SourceState, SourceUse, stops};
use crate::search::term::SearchTerm;
use crate::search::{SearchEvent, SearchStopped};

/// A search of the list that finds the first so many orders of the list ignores the filter (our own
/// decision).
const IGNORED: usize = 100;

/// The largest number of addresses that the search of the list is tested with (our own decision).
const MOST_CONTROLS: usize = 3;

/// What the search of the list found.
#[derive(Default)]
pub(super) struct ListSearch {
    pub(super) found: HashSet<OrderId>,
    /// Orders that no report names.
    pub(super) added: HashSet<OrderId>,
    pub(super) is_complete: bool,
    /// The server ignored what was searched for, and returned all orders.
    pub(super) is_ignored: bool,
}

impl<A: OrderApi, C: Fn() -> SystemTime, P: FnMut(SearchEvent<'_>)> Process<'_, A, C, P> {
    pub(super) fn list(&mut self) -> Result<(), SearchStopped> {
        let mut source = SourceUse::new(Source::OrderList, (self.clock)());
        let filter = self.filter(None);
        for order in self.api.list(&filter) {
            let order = order.map_err(|failure| self.stopped(failure))?;
            let Some(id) = order.id else {
                self.result.without_id += 1;
                continue;
            };
            let mut terms = self.search.terms.iter();
            let is_match = terms.any(|term| term.matches_common_name(&order));
            let position = self.listed.len();
            if self.by_id.insert(id, (position, is_match)).is_none() {
                self.listed.push(id);
            }
        }
        source.orders = self.listed.len();
        self.result.listed = self.listed.len();
        self.stop_policy = StopPolicy::new(self.listed.len(), 1);
        self.add_source(source);
        Ok(())
    }

    /// Asks for the report of each searched type, until one is not there: then all orders are read.
    pub(super) fn ask_reports(&mut self) -> Result<(), SearchStopped> {
        let mut types: Vec<_> = self.search.contact_types().collect();
        types.reverse();
        for contact_type in types {
            let mut used = SourceUse::new(Source::of(contact_type), (self.clock)());
            let rows = match contact_type {
                ContactType::Technical => self.report(),
                ContactType::Organization => self.organization_emails(),
            };
            let rows = rows.map(|rows| used.cover(rows, Rows::len));
            let rows = rows.or_else(|failure| used.fail(failure).map(|()| None));
            let rows = rows.map_err(|failure| self.stopped(failure))?;
            self.rows.extend(rows.map(|rows| (used.source, rows)));
            let is_useless = used.orders == 0;
            self.add_source(used);
            if is_useless {
                break;
            }
        }
        Ok(())
    }

    fn report(&self) -> Result<Option<Rows>, Failure> {
        let report = self.api.report()?;
        Ok(report.map(|report| Rows::of_report(report, |id| self.by_id.contains_key(&id))))
    }

    fn organization_emails(&self) -> Result<Option<Rows>, Failure> {
        let emails = self.api.organization_emails()?;
        Ok(emails.map(|emails| Rows::of_emails(emails, |id| self.by_id.contains_key(&id))))
    }

    /// Searches the list for each address. What it finds is added to the candidates.
    pub(super) fn search_list(&mut self, candidates: &[OrderId]) -> Result<(), SearchStopped> {
        let terms: Vec<_> = self.search.terms.iter().filter(|t| t.is_email()).collect();
        let mut search = ListSearch::default();
        if terms.is_empty() {
            return Ok(());
        }
        let mut used = SourceUse::new(Source::ListSearch, (self.clock)());
        for term in terms {
            match self.search_term(term, &mut search) {
                Ok(()) if search.is_ignored => used.state = SourceState::Unusable,
                Ok(()) => continue,
                Err(failure) => {
                    let failed = used.fail(failure);
                    failed.map_err(|failure| self.stopped(failure))?;
                }
            }
            break;
        }
        for id in candidates {
            search.added.remove(id);
        }
        search.is_complete = used.state == SourceState::Used;
        used.orders = search.found.len();
        self.add_source(used);
        self.list_search = search;
        Ok(())
    }

    /// Whether the search of the list finds orders by the addresses that they have now and a source does
    /// not know. Then it is more current than the source, and would have found what that one misses.
    pub(super) fn list_search_knows(&self, differing: &[Differing]) -> Result<bool, SearchStopped> {
        let mut by_email: HashMap<&str, Vec<OrderId>> = HashMap::new();
        for order in differing {
            let Some(email) = &order.email else {
                return Ok(false);
            };
            by_email.entry(email).or_default().push(order.order);
        }
        if by_email.len() > MOST_CONTROLS {
            return Ok(false);
        }
        for (email, orders) in by_email {
            let mut missing: HashSet<_> = orders.into_iter().collect();
            for order in self.api.list(&self.filter(Some(email))) {
                match order {
                    Ok(order) => drop(order.id.map(|id| missing.remove(&id))),
                    Err(failure) if stops(&failure) => return Err(self.stopped(failure)),
                    Err(_) => return Ok(false),
                }
            }
            if !missing.is_empty() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn search_term(&self, term: &SearchTerm, search: &mut ListSearch) -> Result<(), Failure> {
        let mut found = 0;
        let mut last = 0;
        for order in self.api.list(&self.filter(Some(term.text()))) {
            let Some(id) = order?.id else { continue };
            let Some((position, _)) = self.by_id.get(&id) else {
                continue;
            };
            found += 1;
            last = last.max(*position);
            search.found.insert(id);
            search.added.insert(id);
            if found == IGNORED && last + 1 == IGNORED && self.listed.len() > IGNORED {
                search.is_ignored = true;
                return Ok(());
            }
        }
        Ok(())
    }

    fn filter(&self, search: Option<&str>) -> ListFilter {
        ListFilter {
            status: self.search.status.clone(),
            search: search.map(ToOwned::to_owned),
        }
    }

    fn add_source(&mut self, used: SourceUse) {
        (self.progress)(SearchEvent::Asked(&used));
        self.result.sources.push(used);
    }
}
