//! An account with reports that can be missing, cut, malformed, behind or wrong.

use std::io::Read;
use std::sync::atomic::{AtomicUsize, Ordering};

use contacts_bulk::search::{Search, SearchResult, SearchTerm};
use contacts_bulk::{Failure, FailureKind, ListFilter, OrderApi};
use contacts_core::{ContactType, ContactsUpdate, Order, OrderId, Outcome};
use serde_json::{Value, json};

use crate::run::noon;

pub(crate) const LEAVER: &str = "robin@example.com";

type Emails = Vec<contacts_bulk::OrganizationEmail>;

/// Orders 1 to N. Requests are counted.
pub(crate) struct SearchAccount {
    /// The addresses of the organization contact and of the technical contact.
    pub(crate) orders: Vec<[String; 2]>,
    /// The order report; `None` if the account has none.
    pub(crate) report: Result<Option<Vec<u8>>, FailureKind>,
    /// The answer of the reports query.
    pub(crate) emails: Result<Option<Emails>, FailureKind>,
    pub(crate) list_search: ListSearch,
    pub(crate) requests: AtomicUsize,
    pub(crate) fails: Vec<u64>,
    /// The orders whose technical contact is not an object.
    pub(crate) unreadable: Vec<u64>,
}

/// What the search of the list does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum ListSearch {
    Finds,
    FindsNothing,
    IgnoresTheFilter,
    Fails,
    EndsEarly,
}

impl SearchAccount {
    /// The leaver is the technical contact of each order in `technical`, and the organization contact
    /// of each in `organization`. All others have other contacts, and every tenth none.
    pub(crate) fn new(orders: u64, technical: &[u64], organization: &[u64]) -> Self {
        let email = |id: u64, leaver: &[u64]| match id {
            id if leaver.contains(&id) => LEAVER.to_owned(),
            id if id % 10 == 0 => String::new(),
            id => format!("person{}@example.com", id % 7),
        };
        let orders = (1..=orders).map(|id| [email(id, organization), email(id, technical)]);
        let mut account = Self {
            orders: orders.collect(),
            report: Ok(None),
            emails: Ok(None),
            list_search: ListSearch::Finds,
            requests: AtomicUsize::new(0),
            fails: Vec::new(),
            unreadable: Vec::new(),
        };
        account.refresh();
        account
    }

    /// Twenty contacts of the leaver in a thousand orders.
    pub(crate) fn with_twenty() -> Self {
        let technical: Vec<_> = (0..15).map(|n| 7 + n * 60).collect();
        let organization: Vec<_> = (0..5).map(|n| 11 + n * 180).collect();
        Self::new(1000, &technical, &organization)
    }

    /// Brings both reports up to date.
    pub(crate) fn refresh(&mut self) {
        let mut report = "order_id,tech_first_name,tech_last_name,tech_email,tech_title,\
                          tech_telephone,csr\n"
            .to_owned();
        for (id, [_, email]) in (1..).zip(&self.orders) {
            let name = if email.is_empty() { "" } else { "Robin" };
            let row = format!("\"{id}\",\"{name}\",\"{name}\",\"{email}\",\"\",\"\",\"a\nb\"\n");
            report.push_str(&row);
        }
        self.report = Ok(Some(report.into_bytes()));
        self.refresh_emails();
    }

    /// Brings the reports query up to date.
    pub(crate) fn refresh_emails(&mut self) {
        let email = |email: &String| Some(email.clone()).filter(|email| !email.is_empty());
        let emails = (1_u64..).zip(&self.orders);
        let emails = emails.map(|(n, [organization, _])| (id(n), email(organization)));
        self.emails = Ok(Some(emails.collect()));
    }

    /// Makes the leaver the contact of an order, which the reports do not know yet.
    pub(crate) fn assign(&mut self, id: usize, contact_type: ContactType) {
        let index = usize::from(contact_type == ContactType::Technical);
        LEAVER.clone_into(&mut self.orders[id - 1][index]);
    }

    pub(crate) fn count(&self) -> usize {
        self.requests.load(Ordering::Relaxed)
    }

    fn request(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    fn order(&self, id: u64) -> Value {
        let contact = |email: &String| match email.as_str() {
            "" => Value::Null,
            email => json!({"first_name": "Robin", "last_name": "Robin", "email": email}),
        };
        let [organization, technical] = &self.orders[usize::try_from(id).unwrap() - 1];
        let technical = match contact(technical) {
            _ if self.unreadable.contains(&id) => json!("Robin"),
            technical => technical,
        };
        json!({
            "id": id, "status": "issued", "certificate": {"common_name": format!("{id}.example.net")},
            "organization_contact": contact(organization), "technical_contact": technical,
        })
    }
}

pub(crate) fn id(id: u64) -> OrderId {
    OrderId::parse(&id.to_string()).unwrap()
}

fn failure(kind: FailureKind) -> Failure {
    Failure::new(kind, Outcome::NotSent, "no answer")
}

impl OrderApi for SearchAccount {
    fn read(&self, order: OrderId) -> Result<Order, Failure> {
        self.request();
        if self.fails.contains(&order.get()) {
            return Err(failure(FailureKind::NotFound));
        }
        Ok(serde_json::from_value(self.order(order.get())).unwrap())
    }

    fn update(&self, _: OrderId, _: &ContactsUpdate) -> Result<(), Failure> {
        panic!("a search changes nothing")
    }

    /// A request for each thousand orders.
    fn list(&self, filter: &ListFilter) -> Box<dyn Iterator<Item = Result<Order, Failure>> + '_> {
        let search = filter.search.clone().map(|text| text.to_lowercase());
        let is_found = move |id: u64| match (&search, self.list_search) {
            (None, _) | (_, ListSearch::IgnoresTheFilter) => true,
            (_, ListSearch::FindsNothing) => false,
            (Some(text), _) => {
                let emails = &self.orders[usize::try_from(id).unwrap() - 1];
                emails.iter().any(|email| email.contains(text))
            }
        };
        let ids = 1..=u64::try_from(self.orders.len()).unwrap();
        let ids: Vec<_> = ids.filter(|id| is_found(*id)).collect();
        if filter.search.is_some() && self.list_search == ListSearch::Fails {
            self.request();
            return Box::new(std::iter::once(Err(failure(FailureKind::Other))));
        }
        let ends = filter.search.is_some() && self.list_search == ListSearch::EndsEarly;
        let end = ends.then(|| Err(failure(FailureKind::Unavailable)));
        let taken = if ends { 3 } else { usize::MAX };
        let orders = ids.into_iter().take(taken).enumerate();
        let orders = orders.map(|(index, id)| {
            if index % 1000 == 0 {
                self.request();
            }
            let name = format!("{id}.example.net");
            let order = json!({"id": id, "certificate": {"common_name": name}});
            Ok(serde_json::from_value(order).unwrap())
        });
        Box::new(orders.chain(end))
    }

    fn report(&self) -> Result<Option<Box<dyn Read>>, Failure> {
        self.request();
        let report = self.report.clone().map_err(failure)?;
        Ok(report.map(|text| Box::new(std::io::Cursor::new(text)) as Box<dyn Read>))
    }

    fn organization_emails(&self) -> Result<Option<Emails>, Failure> {
        self.request();
        self.emails.clone().map_err(failure)
    }
}

/// The contacts that a search finds, such as `7 technical_contact`.
pub(crate) fn contacts(result: &SearchResult) -> Vec<String> {
    let orders = result.orders().iter();
    let contacts = orders.flat_map(|order| {
        let contacts = order.contacts.iter();
        contacts.map(|contact| format!("{} {}", order.order_id, contact.contact_type))
    });
    contacts.collect()
}

pub(crate) fn leaver() -> Search {
    Search::new([SearchTerm::email("Robin@Example.com").unwrap()])
}

pub(crate) fn run(search: &Search, account: &SearchAccount) -> SearchResult {
    search.run(account, noon, |_| {}).unwrap()
}

/// Searches with and without the sources, expects the same result, and returns the one with them.
pub(crate) fn find(account: &SearchAccount) -> SearchResult {
    let result = run(&leaver(), account);
    let all = run(&leaver().read_all(), account);
    assert_eq!(all.read(), account.orders.len());
    assert_eq!(contacts(&result), contacts(&all));
    result
}
