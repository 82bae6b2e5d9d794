//! `POST /reports/query`: DigiCert's Custom Reports API. Its documentation was available in part;
//! `docs/sandbox.md` says what is inferred or invented.

use std::cell::LazyCell;
use std::cmp::Reverse;

use serde_json::{Map, Value, json};

use super::contact::{ORGANIZATION, json_body};
use super::csv::{self, Column};
use super::filter::{Filters, Property, Rule};
use super::graphql::{self, Argument, Query};
use super::source::Source;
use super::user;
use crate::data::date;
use crate::data::order::Order;
use crate::http::request::Request;
use crate::http::response::Response;

/// Invented: the largest one is unknown. This is the one of the order report.
const MAX_ROWS: usize = 100_000;
const ID: &str = "/id";
const ORGANIZATION_EMAIL: &str = "/organization_contact/email";
const ACCOUNT_ID: &str = "/account_id";
const DATE_CREATED: &str = "/date_created";

/// The fields that DigiCert documents in the part of its page that was available. Those without a
/// pointer are null: the sandbox has no data for them.
const FIELDS: [Column; 28] = [
    ("account_id", ACCOUNT_ID),
    ("additional_emails", ""),
    ("agreement_id", ""),
    ("auto_renew", ""),
    ("ca_cert_id", "/certificate/ca_cert/id"),
    ("certificate_tracker_id", "/certificate/id"),
    ("common_name", "/certificate/common_name"),
    ("contacts_email", ORGANIZATION_EMAIL),
    ("container_id", "/container/id"),
    ("container_name", "/container/name"),
    ("cost", ""),
    ("csr", "/certificate/csr"),
    ("custom_renewal_message", ""),
    ("customer_order_id", ""),
    ("date_created", DATE_CREATED),
    ("dcv_method", ""),
    ("disable_issuance_email", ""),
    (
        "disable_renewal_notifications",
        "/disable_renewal_notifications",
    ),
    ("dns_names", "/certificate/dns_names"),
    ("id", ID),
    ("organization_id", "/organization/id"),
    ("product_name_id", "/product/name_id"),
    ("purchase_dns_names", ""),
    ("serial_number", "/certificate/serial_number"),
    ("status", "/status"),
    ("thumbprint", "/certificate/thumbprint"),
    ("valid_from", "/certificate/valid_from"),
    ("valid_till", "/certificate/valid_till"),
];

/// The arguments that filter, all documented. `id` is a number, the others are text.
const FILTERS: &[Property] = &[
    ("id", Rule::Equals(&["id"])),
    ("status", Rule::Status),
    ("valid_from", Rule::Since("certificate.valid_from")),
    ("valid_till", Rule::Until("certificate.valid_till")),
    ("container_id", Rule::Equals(&["container.id"])),
    ("organization_id", Rule::Equals(&["organization.id"])),
    ("product_name_id", Rule::Product),
    (
        "serial_number",
        Rule::Equals(&["certificate.serial_number"]),
    ),
    (
        "signature_hash",
        Rule::Equals(&["certificate.signature_hash"]),
    ),
    ("user_id", Rule::Equals(&["user.id"])),
    ("date_created", Rule::Since("date_created")),
    ("ca_cert_id", Rule::Equals(&["certificate.ca_cert.id"])),
    ("common_name", Rule::Equals(&["certificate.common_name"])),
    ("dns_names", Rule::Equals(&["certificate.dns_names"])),
    ("locale", Rule::Equals(&["locale"])),
    ("thumbprint", Rule::Equals(&["certificate.thumbprint"])),
    // The address of the customer order, of which the sandbox has none.
    ("email", Rule::Equals(&["email"])),
    (
        "search",
        Rule::Contains(&["certificate.common_name", "certificate.dns_names"]),
    ),
];

pub(super) fn post(source: &Source<'_>, request: &Request) -> Result<Response, Response> {
    let query = Query::parse(&json_body(request)?)?;
    let arguments = Arguments::parse(&query)?;
    let columns = columns(&query)?;
    let result = match arguments.id {
        Some(id) => source.order(id).map_or(Value::Null, |o| row(o, &columns)),
        None => arguments.rows(source, &columns),
    };
    let data = Map::from_iter([(query.key, result)]);
    Ok(Response::json(&json!({ "data": data })))
}

/// The key and the JSON pointer of each field.
fn columns(query: &Query) -> Result<Vec<(&str, &'static str)>, Response> {
    let column = |name: &str| {
        let unknown = || graphql::error(&format!("the field `{name}` does not exist"));
        pointer(name).ok_or_else(unknown)
    };
    let fields = query.fields.iter();
    fields
        .map(|(key, name)| Ok((key.as_str(), column(name)?)))
        .collect()
}

fn pointer(field: &str) -> Option<&'static str> {
    let (_, pointer) = FIELDS.iter().find(|(name, _)| *name == field)?;
    Some(pointer)
}

/// Each value is text, or null if there is none.
fn row(order: &Order, columns: &[(&str, &str)]) -> Value {
    let texts = texts(order, columns.iter().map(|(_, pointer)| *pointer));
    let values = texts.into_iter().map(|text| match text.as_str() {
        "" => Value::Null,
        _ => text.into(),
    });
    let keys = columns.iter().map(|(key, _)| (*key).to_owned());
    Value::Object(keys.zip(values).collect())
}

fn texts<'a>(order: &Order, pointers: impl Iterator<Item = &'a str>) -> Vec<String> {
    // Decoding an order takes most of the time, and the usual fields need none.
    let document = LazyCell::new(|| order.to_value());
    let text = |pointer| match pointer {
        "" => String::new(),
        ID => order.id.to_string(),
        ORGANIZATION_EMAIL => csv::cell(order.contact(ORGANIZATION).and_then(|c| c.get("email"))),
        ACCOUNT_ID => user::ACCOUNT_ID.to_string(),
        DATE_CREATED => {
            let text = csv::cell(document.pointer(pointer));
            date::timestamp(&text).unwrap_or(text)
        }
        _ => csv::cell(document.pointer(pointer)),
    };
    pointers.map(text).collect()
}

/// The arguments of a query.
struct Arguments {
    /// Of `order_details_by_id`.
    id: Option<u64>,
    filters: Filters,
    limit: usize,
    /// The JSON pointer of a field, and whether the sequence is descending.
    sort: Option<(&'static str, bool)>,
}

impl Arguments {
    fn parse(query: &Query) -> Result<Self, Response> {
        match query.name.as_str() {
            "order_details" => Self::of_list(query),
            "order_details_by_id" => Self::of_order(query),
            name => Err(graphql::error(&format!(
                "the query `{name}` does not exist"
            ))),
        }
    }

    fn of_order(query: &Query) -> Result<Self, Response> {
        let id = match &query.arguments[..] {
            [(name, argument)] if name == "id" => Some(integer(name, argument)?),
            _ => None,
        };
        let message = "`order_details_by_id` needs one argument, `id`";
        Ok(Self {
            id: Some(id.ok_or_else(|| graphql::error(message))?),
            filters: Filters::default(),
            limit: 1,
            sort: None,
        })
    }

    fn of_list(query: &Query) -> Result<Self, Response> {
        let (mut filters, mut sort, mut limit) = (Filters::default(), None, MAX_ROWS);
        for (name, argument) in &query.arguments {
            // In GraphQL, null is the same as no argument.
            if argument.value.is_null() {
                continue;
            }
            match name.as_str() {
                "sort" => sort = Some(parse_sort(argument)?),
                "limit" => limit = usize::try_from(integer(name, argument)?).unwrap_or(MAX_ROWS),
                _ => add_filter(&mut filters, name, argument)?,
            }
        }
        Ok(Self {
            id: None,
            filters,
            limit: limit.min(MAX_ROWS),
            sort,
        })
    }

    fn rows(&self, source: &Source<'_>, columns: &[(&str, &str)]) -> Value {
        let orders = source.orders().filter(|o| self.filters.match_order(o));
        let limit = source.limit(self.limit);
        let row = |order| row(order, columns);
        let Some((pointer, descending)) = self.sort else {
            return orders.take(limit).map(row).collect();
        };
        let mut orders: Vec<_> = orders.collect();
        let key = |order: &&Order| {
            let text = texts(order, [pointer].into_iter()).concat();
            (text.parse::<u64>().ok(), text)
        };
        // Equal orders stay in the sequence of their ids.
        if descending {
            orders.sort_by_cached_key(|order| Reverse(key(order)));
        } else {
            orders.sort_by_cached_key(key);
        }
        orders.into_iter().take(limit).map(row).collect()
    }
}

fn add_filter(filters: &mut Filters, name: &str, argument: &Argument) -> Result<(), Response> {
    let unknown = || graphql::error(&format!("the argument `{name}` does not exist"));
    let property = FILTERS.iter().find(|(known, _)| *known == name);
    let property = *property.ok_or_else(unknown)?;
    let value = match name {
        "id" => integer(name, argument)?.to_string(),
        _ => text_of(name, argument)?.to_owned(),
    };
    let added = filters.add(property, &value);
    added.ok_or_else(|| expected(name, "a date, as in `2027-03-14`"))
}

fn text_of<'a>(name: &str, argument: &'a Argument) -> Result<&'a str, Response> {
    check_type(name, argument, "String")?;
    let text = argument.value.as_str();
    text.ok_or_else(|| expected(name, "text"))
}

fn parse_sort(argument: &Argument) -> Result<(&'static str, bool), Response> {
    check_type("sort", argument, "[String]")?;
    let items = argument.value.as_array().map(Vec::as_slice);
    let texts: Option<Vec<_>> = items
        .unwrap_or_default()
        .iter()
        .map(Value::as_str)
        .collect();
    let sort = match texts.as_deref() {
        Some([field] | [field, "ASC"]) => pointer(field).zip(Some(false)),
        Some([field, "DESC"]) => pointer(field).zip(Some(true)),
        _ => None,
    };
    sort.ok_or_else(|| {
        expected(
            "sort",
            "a field and `ASC` or `DESC`, as in [\"id\", \"DESC\"]",
        )
    })
}

fn integer(name: &str, argument: &Argument) -> Result<u64, Response> {
    check_type(name, argument, "Int")?;
    let number = argument.value.as_u64().filter(|number| *number > 0);
    number.ok_or_else(|| expected(name, "a positive whole number"))
}

fn expected(name: &str, what: &str) -> Response {
    graphql::error(&format!("the argument `{name}` must be {what}"))
}

/// GraphQL rejects a variable of another type, even if its value fits.
fn check_type(name: &str, argument: &Argument, expected: &str) -> Result<(), Response> {
    match argument.declared_type.as_deref() {
        Some(declared) if declared != expected => Err(graphql::error(&format!(
            "the argument `{name}` has the type {expected}, its variable {declared}"
        ))),
        _ => Ok(()),
    }
}
