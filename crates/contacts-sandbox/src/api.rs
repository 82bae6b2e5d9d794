//! The routes of the API: from a request to its response, without a connection.

mod contact;
mod csv;
pub(crate) mod error;
mod filter;
mod list;
pub(crate) mod query;
mod report;
mod user;

use std::time::Duration;

use crate::data::account::Account;
use crate::data::record::ContactChange;
use crate::data::ring_buffer::RingBuffer;
use crate::data::role::KeyRole;
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
    User,
}

impl<'a> Route<'a> {
    fn parse(path: &'a str) -> Option<Self> {
        let path = path.strip_prefix(BASE_PATH)?;
        // Clients of DigiCert's ask with and without it.
        let parts: Vec<_> = path.strip_suffix('/').unwrap_or(path).split('/').collect();
        let route = match parts[..] {
            ["user", "me"] => Self::User,
            ["order", "certificate"] => Self::List,
            ["report", "order"] => Self::Report,
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
            Self::List | Self::Order(_) | Self::Certificate(_) | Self::Report | Self::User => "GET",
        }
    }

    const fn is_permitted(&self, role: KeyRole) -> bool {
        match self {
            Self::User => true,
            Self::Contact(_) => role.may_change_orders(),
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
        Route::List | Route::Certificate(_) | Route::Report | Route::User => None,
    }
}

/// Responds to a request whose key has this role and is within its rate limits.
pub(crate) fn respond(
    account: &mut Account,
    changes: &mut RingBuffer<ContactChange>,
    role: KeyRole,
    request: &Request,
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
    let response = match route {
        Route::User => Ok(user::get(role)),
        Route::List => list::get(account, request),
        Route::Report => report::get(account, request.query()),
        Route::Order(id) => order(account, id),
        Route::Certificate(id) => certificate(account, id),
        Route::Contact(id) => parse_id(id)
            .and_then(|id| account.order_mut(id))
            .ok_or_else(error::order_not_found)
            .and_then(|order| contact::put(order, changes, request, now)),
    };
    response.unwrap_or_else(|error| error)
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
