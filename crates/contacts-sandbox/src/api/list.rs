//! `GET /order/certificate`: the orders of the account in pages, without their contacts.

use std::cmp::Ordering;

use serde_json::{Value, json};

use super::csv::{self, Column};
use super::filter::{self, Filters};
use super::{error, query};
use crate::data::account::Account;
use crate::data::order::Order;
use crate::http::request::Request;
use crate::http::response::Response;

/// From a third-party client.
const MAX_PAGE: usize = 1000;

/// The sort keys. The names are inferred from the fields of the list.
const SORT_KEYS: [Column; 7] = [
    ("id", "/id"),
    ("order_id", "/id"),
    ("status", "/status"),
    ("date_created", "/date_created"),
    ("common_name", "/certificate/common_name"),
    ("valid_till", "/certificate/valid_till"),
    ("product_name_id", "/product/name_id"),
];

/// CSV is documented, its columns are not. Their names are inferred from a third-party client that
/// reads `id`, `certificate.common_name` and `certificate.days_remaining`.
const COLUMNS: [Column; 21] = [
    ("id", "/id"),
    ("certificate.id", "/certificate/id"),
    ("certificate.common_name", "/certificate/common_name"),
    ("certificate.dns_names", "/certificate/dns_names"),
    ("certificate.valid_till", "/certificate/valid_till"),
    ("certificate.days_remaining", "/certificate/days_remaining"),
    ("certificate.signature_hash", "/certificate/signature_hash"),
    ("status", "/status"),
    ("is_renewed", "/is_renewed"),
    ("date_created", "/date_created"),
    ("organization.id", "/organization/id"),
    ("organization.name", "/organization/name"),
    ("validity_years", "/validity_years"),
    (
        "disable_renewal_notifications",
        "/disable_renewal_notifications",
    ),
    ("container.id", "/container/id"),
    ("container.name", "/container/name"),
    ("product.name_id", "/product/name_id"),
    ("product.name", "/product/name"),
    ("product.type", "/product/type"),
    ("has_duplicates", "/has_duplicates"),
    ("product_name_id", "/product_name_id"),
];

pub(super) fn get(account: &Account, request: &Request) -> Result<Response, Response> {
    let query = ListQuery::parse(request.query())?;
    let orders = account.orders();
    let matching: Vec<_> = orders.filter(|o| query.filters.match_order(o)).collect();
    let total = matching.len();
    let page = query.page(matching);
    let accepts_csv = || prefers_csv(request.header("accept").unwrap_or_default());
    if query.csv.unwrap_or_else(accepts_csv) {
        return Ok(Response::csv(csv::table(&COLUMNS, page.into_iter())));
    }
    Ok(Response::json(&json!({
        "orders": page,
        "page": { "total": total, "limit": query.limit, "offset": query.offset },
    })))
}

/// Whether CSV comes first among the media types that are served here.
fn prefers_csv(accept: &str) -> bool {
    let mut types = accept.split(',').map(|part| {
        let name = part.split(';').next().unwrap_or_default();
        name.trim().to_ascii_lowercase()
    });
    let served = ["text/csv", "application/json", "application/*", "*/*"];
    let first = types.find(|name| served.contains(&name.as_str()));
    first.as_deref() == Some("text/csv")
}

/// Sorts missing values before numbers, and numbers before text.
type SortKey = (Option<u64>, Option<String>);

struct ListQuery {
    offset: usize,
    limit: usize,
    filters: Filters,
    /// JSON pointers to fields, and the direction.
    sort: Vec<(&'static str, Direction)>,
    /// Whether `content_type`, which a third-party client sends, selects CSV.
    csv: Option<bool>,
}

#[derive(Clone, Copy)]
enum Direction {
    Ascending,
    Descending,
}

impl ListQuery {
    fn parse(query: &str) -> Result<Self, Response> {
        let mut list = Self {
            offset: 0,
            limit: MAX_PAGE,
            filters: Filters::parse(query, filter::OF_LIST)?,
            sort: Vec::new(),
            csv: None,
        };
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "offset" => list.offset = query::number(&name, &value)?,
                "limit" => list.limit = query::number(&name, &value)?.min(MAX_PAGE),
                "sort" => list.sort = parse_sort(&value)?,
                "content_type" => list.csv = Some(value == "csv"),
                _ => {}
            }
        }
        Ok(list)
    }

    fn page(&self, orders: Vec<&Order>) -> Vec<Value> {
        if self.sort.is_empty() {
            let page = orders.into_iter().skip(self.offset).take(self.limit);
            return page.map(Order::list_entry).collect();
        }
        // Only the keys are decoded: whole orders would take ten times the memory.
        let keyed = orders.into_iter().map(|order| (self.keys(order), order));
        let mut sorted: Vec<_> = keyed.collect();
        // A stable sort keeps equal orders in the sequence of their ids.
        sorted.sort_by(|(a, _), (b, _)| self.compare(a, b));
        let page = sorted.into_iter().skip(self.offset).take(self.limit);
        page.map(|(_, order)| order.list_entry()).collect()
    }

    fn keys(&self, order: &Order) -> Vec<SortKey> {
        let entry = order.list_entry();
        let key = |pointer| {
            let value = entry.pointer(pointer)?;
            Some((value.as_u64(), value.as_str().map(str::to_owned)))
        };
        let pointers = self.sort.iter().map(|(pointer, _)| *pointer);
        pointers.map(|p| key(p).unwrap_or_default()).collect()
    }

    fn compare(&self, a: &[SortKey], b: &[SortKey]) -> Ordering {
        let keys = a.iter().zip(b).zip(&self.sort);
        keys.map(|((a, b), (_, direction))| match direction {
            Direction::Ascending => a.cmp(b),
            Direction::Descending => b.cmp(a),
        })
        .fold(Ordering::Equal, Ordering::then)
    }
}

fn parse_sort(value: &str) -> Result<Vec<(&'static str, Direction)>, Response> {
    if value.is_empty() {
        return Ok(Vec::new());
    }
    let parse = |part: &str| {
        let (name, direction) = match part.strip_prefix('-') {
            Some(name) => (name, Direction::Descending),
            None => (part, Direction::Ascending),
        };
        let (_, pointer) = SORT_KEYS.iter().find(|(known, _)| *known == name)?;
        Some((*pointer, direction))
    };
    let sort: Option<Vec<_>> = value.split(',').map(parse).collect();
    // DigiCert's response to an unknown name is unknown.
    sort.filter(|sort| sort.len() <= SORT_KEYS.len())
        .ok_or_else(|| {
            let names = SORT_KEYS.map(|(name, _)| name).join(", ");
            let max = SORT_KEYS.len();
            let message = format!("`sort` takes at most {max} of {names}.");
            error::bad_request("sandbox_query_invalid", &message)
        })
}
