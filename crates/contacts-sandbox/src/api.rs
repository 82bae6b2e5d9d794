//! From a request to its answer, without a connection.

use serde_json::{Map, Value, json};

use crate::account::{Account, Role};
use crate::answer::Answer;
use crate::message::Message;
use crate::{contact, list};

/// What a path names.
enum Route {
    List,
    Order(String),
    Contact(String),
    Me,
}

impl Route {
    fn of(path: &str) -> Option<Self> {
        let rest = path.strip_prefix("/services/v2/")?;
        if rest == "user/me" {
            return Some(Self::Me);
        }
        if rest == "order/certificate" {
            return Some(Self::List);
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
            Self::List | Self::Order(_) | Self::Me => "GET",
        }
    }
}

pub(crate) fn answer(account: &mut Account, request: &Message) -> Answer {
    let key = request.header("x-dc-devkey").unwrap_or_default();
    let Some(role) = account.role(key) else {
        return Answer::invalid_key();
    };
    let Some(route) = Route::of(request.path()) else {
        return Answer::no_route();
    };
    if request.method != route.method() {
        return Answer::wrong_method(route.method());
    }
    match route {
        Route::Me => me(role),
        Route::List => list::answer(account, request.query()),
        Route::Order(id) => match number(&id).and_then(|id| account.order(id)) {
            Some(order) => Answer::ok(&shown(order)),
            None => Answer::no_order(),
        },
        Route::Contact(id) => update(account, role, &id, request),
    }
}

fn update(account: &mut Account, role: Role, id: &str, request: &Message) -> Answer {
    if !role.may_change() {
        return Answer::missing_permission();
    }
    let Some(order) = number(id).and_then(|id| account.order_mut(id)) else {
        return Answer::no_order();
    };
    let media = request.header("content-type").unwrap_or_default();
    if !media
        .split(';')
        .next()
        .is_some_and(|m| m.trim().eq_ignore_ascii_case("application/json"))
    {
        let message = "The sandbox reads `Content-Type: application/json` only.";
        return Answer::error(415, "sandbox_content_type", message);
    }
    match contact::update(order, &request.body) {
        Ok(()) => Answer::no_content(),
        Err(answer) => answer,
    }
}

fn number(id: &str) -> Option<u64> {
    id.bytes()
        .all(|b| b.is_ascii_digit())
        .then(|| id.parse().ok())?
}

/// `language_id` has never been seen in an answer of DigiCert's.
fn shown(order: &Map<String, Value>) -> Value {
    let mut order = order.clone();
    for kind in ["organization_contact", "technical_contact"] {
        if let Some(Value::Object(contact)) = order.get_mut(kind) {
            contact.shift_remove("language_id");
        }
    }
    Value::Object(order)
}

fn me(role: Role) -> Answer {
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
