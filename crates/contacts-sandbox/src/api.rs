//! The routes of the API: from a request to its response, without a connection.

mod contact;
mod csv;
mod custom_report;
pub(crate) mod error;
mod filter;
pub(crate) mod graphql;
mod list;
pub(crate) mod query;
mod report;
mod source;
mod user;

use std::time::Duration;

use self::source::Source;
use crate::data::account::Account;
use crate::data::record::ContactChange;
use crate::data::ring_buffer::RingBuffer;
use crate::data::role::KeyRole;
use crate::fault::Fault;
use crate::http::request::Request;
use crate::http::response::Response;

const BASE_PATH: &str = "/services/v2/";

/// The resource that a path names.
enum Route<'a> {
    List,
    /// By order id, thumbprint or serial number.
    Order(&'a str),
    Contact(&'a str),
    Certificate(&'a str),
    Report,
    CustomReport,
    User,
}

impl<'a> Route<'a> {
    fn parse(path: &'a str) -> Option<Self> {
        let path = path.strip_prefix(BASE_PATH)?;
        let parts: Vec<_> = without_slash(path).split('/').collect();
        let route = match parts[..] {
            ["user", "me"] => Self::User,
            ["order", "certificate"] => Self::List,
            ["report", "order"] => Self::Report,
            ["reports", "query"] => Self::CustomReport,
            ["certificate", id] if !id.is_empty() => Self::Certificate(id),
            ["order", "certificate", id] if !id.is_empty() => Self::Order(id),
            ["order", "certificate", id, "contact"] if !id.is_empty() => Self::Contact(id),
            _ => return None,
        };
        Some(route)
    }

    const fn method(&self) -> &'static str {
        match self {
            Self::Contact(_) => "PUT",
            Self::CustomReport => "POST",
            Self::List | Self::Order(_) | Self::Certificate(_) | Self::Report | Self::User => "GET",
        }
    }

    const fn is_permitted(&self, role: KeyRole) -> bool {
        match self {
            Self::User => true,
            // DigiCert documents that View Only permits GET only.
            Self::Contact(_) | Self::CustomReport => role.may_change_orders(),
            Self::List | Self::Order(_) | Self::Certificate(_) | Self::Report => {
                role.may_read_orders()
            }
        }
    }
}

/// The id of the order that a path names, for faults that match orders.
pub(crate) fn order_id(path: &str) -> Option<u64> {
    match Route::parse(path)? {
        Route::Order(id) | Route::Contact(id) => parse_id(id),
        Route::List | Route::Certificate(_) | Route::Report | Route::CustomReport | Route::User => {
            None
        }
    }
}

/// The path below the base path, for faults that match paths.
pub(crate) fn relative_path(path: &str) -> &str {
    without_slash(path.strip_prefix(BASE_PATH).unwrap_or(path))
}

/// Clients of DigiCert's ask with and without a slash at the end.
fn without_slash(path: &str) -> &str {
    path.strip_suffix('/').unwrap_or(path)
}

/// Responds to a request whose key has this role and is within its rate limits.
pub(crate) fn respond(
    account: &mut Account,
    changes: &mut RingBuffer<ContactChange>,
    role: KeyRole,
    request: &Request,
    fault: Option<&Fault>,
    now: Duration,
) -> Response {
    let Some(route) = Route::parse(request.path()) else {
        return error::route_not_found();
    };
    if request.method != route.method() {
        return error::method_not_allowed(route.method());
    }
    if !route.is_permitted(role) {
        return error::missing_permission();
    }
    if let Some(response) = fault.and_then(Fault::absence) {
        return response;
    }
    let source = || Source::new(account, changes, fault, now);
    let response = match route {
        Route::User => Ok(user::get(role)),
        Route::List => list::get(account, request),
        Route::Report => report::get(&source(), request.query()),
        Route::CustomReport => custom_report::post(&source(), request),
        Route::Order(id) => order(account, id),
        Route::Certificate(id) => certificate(account, id),
        Route::Contact(id) => parse_id(id)
            .and_then(|id| account.order_mut(id))
            .ok_or_else(error::order_not_found)
            .and_then(|order| contact::put(order, changes, request, now)),
    };
    let response = response.unwrap_or_else(|error| error);
    response.cut(fault.map_or(usize::MAX, Fault::max_bytes))
}

fn order(account: &Account, id: &str) -> Result<Response, Response> {
    let order = parse_id(id).and_then(|id| account.order(id));
    let order = order.or_else(|| account.order_by_certificate(id));
    let order = order.ok_or_else(error::order_not_found)?;
    Ok(Response::json_text(order.api_json()))
}

fn certificate(account: &Account, id: &str) -> Result<Response, Response> {
    let order = parse_id(id).and_then(|id| account.order_by_certificate_id(id));
    let order = order.ok_or_else(error::certificate_not_found)?;
    Ok(Response::json(&order.certificate_details()))
}

fn parse_id(id: &str) -> Option<u64> {
    id.bytes()
        .all(|b| b.is_ascii_digit())
        .then(|| id.parse().ok())?
}
