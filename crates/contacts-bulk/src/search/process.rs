//! The steps of a search.

mod ask;

use std::collections::{HashMap, HashSet};
use std::time::SystemTime;

use contacts_core::{ContactType, Field, Order, OrderContact, OrderId, Outcome};

use crate::failure::{Failure, FailureKind};
use crate::order_api::OrderApi;
use crate::plan::order::ReadTime;
use crate::run::stop_policy::StopPolicy;
use crate::search::process::ask::ListSearch;
use crate::search::result::{FoundContact, FoundOrder, SearchResult};
use crate::search::source::{Rows, Source, SourceState};
use crate::search::term::{SearchTerm, fold};
use crate::search::{ReadReason, Search, SearchEvent, SearchStopped};

/// The number of orders in a random sample (our own decision).
const SAMPLE: usize = 10;

/// An order that differs from what a source says of it.
struct Differing {
    source: Source,
    order: OrderId,
    /// The address of its contact.
    email: Option<String>,
    /// Whether its other contact has the address too, so that the search of the list may find the order
    /// by that one.
    is_ambiguous: bool,
}

pub(super) struct Process<'a, A, C, P> {
    search: &'a Search,
    api: &'a A,
    clock: C,
    progress: P,
    /// The listed orders, in their sequence.
    listed: Vec<OrderId>,
    /// The position in the list, and whether the common name matches.
    by_id: HashMap<OrderId, (usize, bool)>,
    rows: Vec<(Source, Rows)>,
    list_search: ListSearch,
    /// The orders that were read and differ from what a source says, not judged yet.
    differing: Vec<Differing>,
    /// Orders that were read, or could not be.
    done: HashSet<OrderId>,
    stop_policy: StopPolicy,
    result: SearchResult,
}

impl<'a, A: OrderApi, C: Fn() -> SystemTime, P: FnMut(SearchEvent<'_>)> Process<'a, A, C, P> {
    pub(super) fn new(search: &'a Search, api: &'a A, clock: C, progress: P) -> Self {
        Self {
            search,
            api,
            clock,
            progress,
            listed: Vec::new(),
            by_id: HashMap::new(),
            rows: Vec::new(),
            list_search: ListSearch::default(),
            differing: Vec::new(),
            done: HashSet::new(),
            stop_policy: StopPolicy::new(usize::MAX, 1),
            result: SearchResult::default(),
        }
    }

    pub(super) fn run(mut self) -> Result<SearchResult, SearchStopped> {
        self.list()?;
        if !self.search.read_all {
            self.ask_reports()?;
        }
        let candidates = self.orders(Self::is_candidate);
        let is_narrowed = self.listed.iter().any(|id| self.is_covered(*id));
        if is_narrowed {
            self.narrow(candidates)?;
        }
        self.read_rest()?;
        if !self.result.orders.is_empty() && !self.is_confirmed() && self.list_search.is_complete {
            let mut sources = self.result.sources.iter_mut();
            if let Some(used) = sources.find(|used| used.source == Source::ListSearch) {
                used.state = SourceState::Contradicted;
            }
        }
        let by_id = &self.by_id;
        let position = |order: &FoundOrder| by_id.get(&order.order_id).map(|(index, _)| *index);
        self.result.orders.sort_by_key(position);
        Ok(self.result)
    }

    /// Reads the orders that should match, and a sample of the others unless the search of the list
    /// confirms what was found.
    fn narrow(&mut self, mut candidates: Vec<OrderId>) -> Result<(), SearchStopped> {
        self.search_list(&candidates)?;
        let mut sample = Vec::new();
        let added = self.orders(|this, id| this.list_search.added.contains(&id));
        if self.list_search.is_ignored {
            sample = fastrand::choose_multiple(added, SAMPLE);
        } else {
            candidates.extend(added);
        }
        self.read(candidates, ReadReason::Candidate)?;
        let is_unconfirmed = self.result.orders.is_empty() || !self.is_confirmed();
        if sample.is_empty() && is_unconfirmed {
            let others = self.orders(|this, id| this.is_covered(id) && !this.done.contains(&id));
            sample = fastrand::choose_multiple(others, SAMPLE);
        }
        self.result.sampled = sample.len();
        self.read(sample, ReadReason::Sample)
    }

    /// Whether the search of the list found every order that matches, and so would have found others.
    fn is_confirmed(&self) -> bool {
        let search = &self.list_search;
        let mut matching = self.result.orders.iter().map(|order| order.order_id);
        search.is_complete
            && self.search.terms.iter().all(SearchTerm::is_email)
            && matching.all(|id| search.found.contains(&id))
    }

    /// Reads what no source covers, until no other source turns out to be wrong.
    fn read_rest(&mut self) -> Result<(), SearchStopped> {
        loop {
            let rest = self.orders(|this, id| !this.is_covered(id) && !this.done.contains(&id));
            if rest.is_empty() {
                return Ok(());
            }
            let sources = self.result.sources.iter();
            let mut wrong = sources.filter(|used| used.state == SourceState::Contradicted);
            let reason = match wrong.next_back() {
                Some(used) => ReadReason::Contradicted(used.source),
                None if self.search.read_all => ReadReason::All,
                None => ReadReason::NotCovered,
            };
            self.read(rest, reason)?;
        }
    }

    fn read(&mut self, orders: Vec<OrderId>, reason: ReadReason) -> Result<(), SearchStopped> {
        if orders.is_empty() {
            return Ok(());
        }
        let count = orders.len();
        (self.progress)(SearchEvent::Reading {
            orders: count,
            reason,
        });
        for id in orders {
            let sent = (ReadTime::now(), (self.clock)());
            let order = self.api.read(id);
            self.done.insert(id);
            let must_stop = self.stop_policy.must_stop(order.as_ref().err());
            match order {
                Err(failure) if must_stop => return Err(self.stopped(failure)),
                Err(failure) => {
                    (self.progress)(SearchEvent::ReadFailed(id, &failure));
                    self.result.failed.push((id, failure));
                }
                Ok(order) => {
                    self.result.read += 1;
                    self.compare(id, &order);
                    self.add(id, order, sent);
                    (self.progress)(SearchEvent::Read(id));
                }
            }
        }
        self.judge()
    }

    /// Compares an order with what the sources say.
    fn compare(&mut self, id: OrderId, order: &Order) {
        let with_name = self.search.terms.iter().any(SearchTerm::needs_names);
        for (source, rows) in &self.rows {
            let contact = order.contact(rows.contact_type);
            let row = rows.get(id);
            if row.is_some_and(|row| !row.agrees_with(contact, with_name)) {
                let email = |contact: &'_ OrderContact| contact.email().map(fold);
                let emails = ContactType::ALL.map(|of| order.contact(of).and_then(email));
                self.differing.push(Differing {
                    source: *source,
                    order: id,
                    is_ambiguous: emails[0] == emails[1],
                    email: contact.and_then(OrderContact::email).map(ToOwned::to_owned),
                });
            }
        }
    }

    /// Stops using the sources that differ from orders, unless the search of the list is more current.
    fn judge(&mut self) -> Result<(), SearchStopped> {
        let differing = std::mem::take(&mut self.differing);
        if differing.is_empty() {
            return Ok(());
        }
        let is_proof = |used: Source| {
            differing
                .iter()
                .any(|d| d.source == used && !d.is_ambiguous)
        };
        let proven = differing.iter().all(|order| is_proof(order.source));
        let state = if proven && self.is_confirmed() && self.list_search_knows(&differing)? {
            SourceState::Behind
        } else {
            SourceState::Contradicted
        };
        let differs = |source| differing.iter().any(|order| order.source == source);
        for used in &mut self.result.sources {
            if differs(used.source) {
                used.state = state;
            }
        }
        if state == SourceState::Contradicted {
            self.rows.retain(|(source, _)| !differs(*source));
        }
        Ok(())
    }

    fn add(&mut self, order_id: OrderId, order: Order, sent: (ReadTime, SystemTime)) {
        let (instant, read_at) = sent;
        let contacts = self.search.contact_types().filter_map(|contact_type| {
            let contact = order.contact(contact_type)?;
            let mut terms = self.search.terms.iter();
            let term = terms.position(|term| term.matches(&order, contact))?;
            Some(FoundContact { contact_type, term })
        });
        let contacts: Vec<_> = contacts.collect();
        if contacts.is_empty()
            && !self.search.terms.is_empty()
            && let Some(contact_type) = self.unreadable(&order)
        {
            let message = format!("order {order_id}: the {contact_type} cannot be read");
            let failure = Failure::new(FailureKind::Other, Outcome::Rejected, message);
            (self.progress)(SearchEvent::ReadFailed(order_id, &failure));
            self.result.failed.push((order_id, failure));
        }
        if !contacts.is_empty() || self.search.terms.is_empty() {
            self.result.orders.push(FoundOrder {
                order_id,
                order,
                read_at,
                contacts,
                instant,
            });
        }
    }

    /// A searched contact with a field that cannot be read, so that it is not known whether it matches.
    fn unreadable(&self, order: &Order) -> Option<ContactType> {
        let with_name = self.search.terms.iter().any(SearchTerm::needs_names);
        let fields = [
            (Field::Email, true),
            (Field::FirstName, with_name),
            (Field::LastName, with_name),
        ];
        self.search.contact_types().find(|contact_type| {
            let contact = order.contact(*contact_type);
            contact.is_some_and(|contact| {
                let mut fields = fields.iter();
                fields.any(|(field, is_searched)| *is_searched && !contact.is_readable(*field))
            })
        })
    }

    fn orders(&self, include: impl Fn(&Self, OrderId) -> bool) -> Vec<OrderId> {
        let orders = self.listed.iter().copied();
        orders.filter(|id| include(self, *id)).collect()
    }

    /// Whether a source says of each searched contact what it is.
    fn is_covered(&self, id: OrderId) -> bool {
        self.search.contact_types().all(|contact_type| {
            let mut rows = self.rows.iter();
            rows.any(|(_, rows)| rows.contact_type == contact_type && rows.get(id).is_some())
        })
    }

    fn is_candidate(&self, id: OrderId) -> bool {
        let rows = self.rows.iter().filter_map(|(_, rows)| rows.get(id));
        let mut terms = rows.flat_map(|row| self.search.terms.iter().map(move |term| (row, term)));
        self.by_id.get(&id).is_some_and(|(_, is_match)| *is_match)
            || terms.any(|(row, term)| row.may_match(term))
    }

    fn stopped(&self, failure: Failure) -> SearchStopped {
        SearchStopped {
            failure,
            read: self.result.read,
            listed: self.listed.len(),
        }
    }
}
