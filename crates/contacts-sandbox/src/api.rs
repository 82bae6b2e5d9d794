//! From a request to its answer, without a connection.

use std::time::Duration;

use serde_json::json;

use crate::account::Account;
use crate::answer::Answer;
use crate::history::History;
use crate::message::Message;
use crate::role::KeyRole;
use crate::{contact, list, report};

pub(crate) const BASE_PATH: &str = "/services/v2";

/// What a path names.
enum Route {
    List,
    Order(String),
    Contact(String),
    Certificate(String),
    Report,
    Me,
}

impl Route {
    fn of(path: &str) -> Option<Self> {
        let rest = path.strip_prefix(BASE_PATH)?.strip_prefix('/')?;
        match rest {
            "user/me" => return Some(Self::Me),
            "order/certificate" => return Some(Self::List),
            "report/order" => return Some(Self::Report),
            _ => {}
        }
        if let Some(id) = rest.strip_prefix("certificate/") {
            let one = !id.is_empty() && !id.contains('/');
            return one.then(|| Self::Certificate(id.to_owned()));
        }
        let rest = rest.strip_prefix("order/certificate/")?;
        match rest.split_once('/') {
            None if !rest.is_empty() => Some(Self::Order(rest.to_owned())),
            Some((id, "contact")) if !id.is_empty() => Some(Self::Contact(id.to_owned())),
            _ => None,
        }
    }

    const fn method(&self) -> &'static str {
        match self {
            Self::Contact(_) => "PUT",
            Self::List | Self::Order(_) | Self::Certificate(_) | Self::Report | Self::Me => "GET",
        }
    }

    const fn permitted(&self, role: KeyRole) -> bool {
        match self {
            Self::Me => true,
            Self::Contact(_) => role.may_change_orders(),
            Self::List | Self::Order(_) | Self::Certificate(_) | Self::Report => {
                role.may_read_orders()
            }
        }
    }
}

/// The order that a path is about, for faults that are about orders.
pub(crate) fn order_of(path: &str) -> Option<u64> {
    match Route::of(path)? {
        Route::Order(id) | Route::Contact(id) => number(&id),
        Route::List | Route::Certificate(_) | Route::Report | Route::Me => None,
    }
}

/// The answer to a request whose key has this role and is within its limits.
pub(crate) fn answer(
    account: &mut Account,
    history: &mut History,
    role: KeyRole,
    request: &Message,
    now: Duration,
) -> Answer {
    let Some(route) = Route::of(request.path()) else {
        return Answer::no_route();
    };
    if request.method != route.method() {
        return Answer::wrong_method(route.method());
    }
    if !route.permitted(role) {
        return Answer::missing_permission();
    }
    match route {
        Route::Me => me(role),
        Route::List => list::answer(account, request),
        Route::Report => report::answer(account, request.query()),
        Route::Order(name) => {
            let order = number(&name).and_then(|id| account.order(id));
            match order.or_else(|| account.order_of_certificate(&name)) {
                Some(order) => Answer::json(order.shown()),
                None => Answer::no_order(),
            }
        }
        Route::Certificate(id) => {
            let id = number(&id).map(|id| id.to_string()).unwrap_or_default();
            match account.order_of_certificate(&format!("id {id}")) {
                Some(order) => Answer::ok(&order.certificate()),
                None => Answer::no_certificate(),
            }
        }
        Route::Contact(id) => {
            let Some(id) = number(&id).filter(|id| account.order(*id).is_some()) else {
                return Answer::no_order();
            };
            match update(account, id, request) {
                Ok(written) => {
                    history.record(id, written, now);
                    Answer::no_content()
                }
                Err(answer) => answer,
            }
        }
    }
}

fn update(
    account: &mut Account,
    id: u64,
    request: &Message,
) -> Result<Vec<contact::Written>, Answer> {
    let order = account.order_mut(id).ok_or_else(Answer::no_order)?;
    let media = request.header("content-type").unwrap_or_default();
    let media = media.split(';').next().unwrap_or_default().trim();
    if !media.eq_ignore_ascii_case("application/json") {
        let message = "The sandbox reads `Content-Type: application/json` only.";
        return Err(Answer::error(415, "sandbox_content_type", message));
    }
    contact::update(order, &request.body)
}

fn number(id: &str) -> Option<u64> {
    id.bytes()
        .all(|b| b.is_ascii_digit())
        .then(|| id.parse().ok())?
}

fn me(role: KeyRole) -> Answer {
    let (id, name) = role.listed();
    Answer::ok(&json!({
        "id": 1,
        "username": "sandbox",
        "account": { "id": 1 },
        "first_name": "Sandbox",
        "last_name": "User",
        "email": "sandbox@example.com",
        "status": "active",
        "access_roles": [{ "id": id, "name": name }],
    }))
}
