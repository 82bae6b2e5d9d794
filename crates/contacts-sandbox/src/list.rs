//! `GET /order/certificate`: the orders of the account, page by page, without their contacts.

use std::cmp::Ordering;

use serde_json::{Value, json};

use crate::account::Account;
use crate::answer::Answer;
use crate::csv;
use crate::message::Message;
use crate::order::Order;

/// A peer of DigiCert's documentation names it as the largest page.
const LARGEST_PAGE: usize = 1000;

/// What the list can be sorted by. That these are DigiCert's names is inferred from what it lists.
const SORTED_BY: [(&str, &str); 7] = [
    ("id", "/id"),
    ("order_id", "/id"),
    ("status", "/status"),
    ("date_created", "/date_created"),
    ("common_name", "/certificate/common_name"),
    ("valid_till", "/certificate/valid_till"),
    ("product_name_id", "/product/name_id"),
];

/// Invented: that CSV can be had is documented, its columns are not.
const COLUMNS: [(&str, &str); 9] = [
    ("order_id", "/id"),
    ("status", "/status"),
    ("common_name", "/certificate/common_name"),
    ("valid_till", "/certificate/valid_till"),
    ("product_name_id", "/product/name_id"),
    ("product_name", "/product/name"),
    ("organization_id", "/organization/id"),
    ("organization_name", "/organization/name"),
    ("date_created", "/date_created"),
];

pub(crate) fn answer(account: &Account, request: &Message) -> Answer {
    let list = match List::parse(request.query()) {
        Ok(list) => list,
        Err(answer) => return answer,
    };
    let found: Vec<_> = account.orders().filter(|order| list.shows(order)).collect();
    let total = found.len();
    let page = list.page(found);
    let accept = request.header("accept").unwrap_or_default();
    if prefers_csv(accept) {
        let mut text = csv::header(COLUMNS.iter().map(|(name, _)| *name));
        for order in page {
            csv::row(
                &mut text,
                COLUMNS.iter().map(|(_, at)| csv::cell(order.pointer(at))),
            );
        }
        return Answer::csv(text);
    }
    Answer::ok(&json!({
        "orders": page,
        "page": { "total": total, "limit": list.limit, "offset": list.offset },
    }))
}

/// Whether the first media type that is served here is CSV.
fn prefers_csv(accept: &str) -> bool {
    let types = accept.split(',').map(|part| {
        let name = part.split(';').next().unwrap_or_default();
        name.trim().to_ascii_lowercase()
    });
    let served = ["text/csv", "application/json", "application/*", "*/*"];
    let first = types
        .into_iter()
        .find(|name| served.contains(&name.as_str()));
    first.as_deref() == Some("text/csv")
}

/// Numbers as numbers, texts as texts, and what is missing first.
type Key = (Option<u64>, Option<String>);

/// What a query asks for.
struct List {
    offset: usize,
    limit: usize,
    status: Vec<String>,
    product: Vec<String>,
    /// In lower case.
    search: Vec<String>,
    /// Where a value stands, and what it must hold, in lower case.
    holds: Vec<(&'static str, String)>,
    /// Where the value stands, and whether the largest comes first.
    sort: Vec<(&'static str, bool)>,
}

impl List {
    fn parse(query: &str) -> Result<Self, Answer> {
        let mut list = Self {
            offset: 0,
            limit: LARGEST_PAGE,
            status: Vec::new(),
            product: Vec::new(),
            search: Vec::new(),
            holds: Vec::new(),
            sort: Vec::new(),
        };
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            list.set(&name, value.into_owned())?;
        }
        Ok(list)
    }

    /// Takes one parameter; those that this sandbox does not know are ignored.
    fn set(&mut self, name: &str, value: String) -> Result<(), Answer> {
        match name {
            "offset" => self.offset = number(name, &value)?,
            "limit" => self.limit = number(name, &value)?.min(LARGEST_PAGE),
            "sort" => self.sort = sort(&value)?,
            "filters[status]" => self.status.push(value),
            "filters[product_name_id]" => self.product.push(value),
            "filters[search]" => self.search.push(value.to_lowercase()),
            // These two are in no page of DigiCert's that we have; a client of theirs sends them.
            "filters[common_name]" | "filters[serial_number]" => {
                let at = match name {
                    "filters[common_name]" => "/certificate/common_name",
                    _ => "/certificate/serial_number",
                };
                self.holds.push((at, value.to_lowercase()));
            }
            _ => {}
        }
        Ok(())
    }

    fn shows(&self, order: &Order) -> bool {
        self.status.iter().all(|wanted| order.status() == wanted)
            && self.product.iter().all(|wanted| order.product() == wanted)
            // What DigiCert's search looks through is unknown; here it is what can be listed.
            && self.search.iter().all(|wanted| order.mentions(wanted))
            && (self.holds.is_empty() || self.held_by(&order.listed()))
    }

    fn held_by(&self, order: &Value) -> bool {
        self.holds.iter().all(|(at, wanted)| {
            let value = order.pointer(at).and_then(Value::as_str);
            value.is_some_and(|value| value.to_lowercase().contains(wanted))
        })
    }

    fn page(&self, orders: Vec<&Order>) -> Vec<Value> {
        if self.sort.is_empty() {
            let page = orders.into_iter().skip(self.offset).take(self.limit);
            return page.map(Order::listed).collect();
        }
        // The keys alone: an account of orders as trees of values would take ten times its space.
        let mut sorted: Vec<_> = orders
            .into_iter()
            .map(|order| (self.keys(order), order))
            .collect();
        // Stable, so that orders that compare equal stay in the order of their ids.
        sorted.sort_by(|(a, _), (b, _)| self.compare(a, b));
        let page = sorted.into_iter().skip(self.offset).take(self.limit);
        page.map(|(_, order)| order.listed()).collect()
    }

    /// What an order is sorted by.
    fn keys(&self, order: &Order) -> Vec<Key> {
        let listed = order.listed();
        let key = |at| {
            let value = listed.pointer(at)?;
            Some((value.as_u64(), value.as_str().map(str::to_owned)))
        };
        let keys = self.sort.iter();
        keys.map(|(at, _)| key(at).unwrap_or_default()).collect()
    }

    fn compare(&self, a: &[Key], b: &[Key]) -> Ordering {
        let by = |((a, b), (_, descending)): ((&Key, &Key), &(&str, bool))| {
            let order = a.cmp(b);
            if *descending { order.reverse() } else { order }
        };
        a.iter()
            .zip(b)
            .zip(&self.sort)
            .map(by)
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    }
}

fn sort(value: &str) -> Result<Vec<(&'static str, bool)>, Answer> {
    if value.is_empty() {
        return Ok(Vec::new());
    }
    let one = |part: &str| {
        let name = part.strip_prefix('-').unwrap_or(part);
        let (_, at) = SORTED_BY.iter().find(|(known, _)| *known == name)?;
        Some((*at, part.starts_with('-')))
    };
    let sort: Option<Vec<_>> = value.split(',').map(one).collect();
    // Invented: DigiCert's answer to an unknown name is unknown.
    sort.filter(|sort| sort.len() <= SORTED_BY.len())
        .ok_or_else(|| {
            let names = SORTED_BY.map(|(name, _)| name).join(", ");
            let most = SORTED_BY.len();
            let message = format!("`sort` takes at most {most} of {names}.");
            Answer::invented("sandbox_query_invalid", &message)
        })
}

/// Invented: DigiCert's answer to a parameter that is no number, or a huge one, is unknown.
pub(crate) fn number(name: &str, value: &str) -> Result<usize, Answer> {
    const LARGEST: usize = i32::MAX as usize;
    let digits = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
    let number = value.parse().ok().filter(|n| digits && *n <= LARGEST);
    number.ok_or_else(|| {
        let message = format!("`{name}` must be a number from 0 to {LARGEST}.");
        Answer::invented("sandbox_query_invalid", &message)
    })
}
