//! `GET /order/certificate`: the orders of the account, page by page, without their contacts.

use serde_json::{Map, Value, json};

use crate::account::Account;
use crate::answer::Answer;

/// A peer of DigiCert's documentation names it as the largest page.
const LARGEST_PAGE: usize = 1000;

pub(crate) fn answer(account: &Account, query: &str) -> Answer {
    let mut list = List {
        offset: 0,
        limit: LARGEST_PAGE,
        filters: Vec::new(),
    };
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        if let Err(answer) = list.set(&name, value.into_owned()) {
            return answer;
        }
    }
    let found: Vec<_> = account.orders().filter(|order| list.shows(order)).collect();
    let page = found.iter().skip(list.offset).take(list.limit);
    Answer::ok(&json!({
        "orders": page.map(|order| shown(order)).collect::<Vec<_>>(),
        "page": { "total": found.len(), "limit": list.limit, "offset": list.offset },
    }))
}

/// What a query asks for.
struct List {
    offset: usize,
    limit: usize,
    filters: Vec<(Filter, String)>,
}

#[derive(Clone, Copy)]
enum Filter {
    Status,
    Search,
    Product,
}

impl List {
    /// Takes one parameter; those that this sandbox does not know are ignored.
    fn set(&mut self, name: &str, value: String) -> Result<(), Answer> {
        match name {
            "offset" => self.offset = number(name, &value)?,
            "limit" => self.limit = number(name, &value)?.min(LARGEST_PAGE),
            "filters[status]" => self.filters.push((Filter::Status, value)),
            "filters[search]" => self.filters.push((Filter::Search, value)),
            "filters[product_name_id]" => self.filters.push((Filter::Product, value)),
            _ => {}
        }
        Ok(())
    }

    fn shows(&self, order: &Map<String, Value>) -> bool {
        self.filters.iter().all(|(filter, wanted)| match filter {
            Filter::Status => order.get("status").and_then(Value::as_str) == Some(wanted),
            Filter::Product => order
                .get("product")
                .is_some_and(|p| p["name_id"] == **wanted),
            // What DigiCert's search looks through is unknown; here it is what can be listed.
            Filter::Search => shown(order).to_string().contains(wanted.as_str()),
        })
    }
}

/// Invented: DigiCert's answer to a parameter that is no number is unknown.
fn number(name: &str, value: &str) -> Result<usize, Answer> {
    let message = || format!("`{name}` must be a number.");
    value
        .parse()
        .map_err(|_| Answer::invented("query_invalid", &message()))
}

/// An order as it is listed: without contacts, and with the name and type of its product.
fn shown(order: &Map<String, Value>) -> Value {
    const LISTED: [&str; 6] = [
        "id",
        "status",
        "certificate",
        "organization",
        "container",
        "date_created",
    ];
    let mut listed = Map::new();
    for name in LISTED {
        if let Some(value) = order.get(name) {
            listed.insert(name.to_owned(), value.clone());
        }
    }
    if let Some(product) = order.get("product") {
        let of = |name: &str| product.get(name).cloned().unwrap_or_default();
        let product = json!({ "name_id": of("name_id"), "name": of("name"), "type": of("type") });
        listed.insert("product".to_owned(), product);
    }
    Value::Object(listed)
}
