//! The port of the API: the API, its description, and a page for people.

use std::hash::{BuildHasher, RandomState};
use std::net::SocketAddr;

use serde_json::{Value, json};

use crate::api::error;
use crate::data::order::Order;
use crate::data::record::ContactChange;
use crate::data::shared::SharedState;
use crate::data::state::{Reply, State};
use crate::http::listener::Handler;
use crate::http::loopback::{has_loopback_host, is_loopback};
use crate::http::request::Request;
use crate::http::response::Response;
use crate::page::admin::parse_id;

const PAGE: &str = include_str!("page.html");
const OPENAPI: &str = include_str!("openapi.json");
/// The number of latest changes and requests on the page.
const SHOWN: usize = 50;
/// The orders of the page, by id.
const ORDERS: &str = "/live/orders/";

pub(crate) struct Site(pub(crate) SharedState);

impl Handler for Site {
    fn handle(&self, request: &Request, peer: SocketAddr) -> Reply {
        handle(&self.0, request, peer)
    }

    fn record_rejected(&self, request: &Request, response: &Response) {
        self.0
            .with(|state, now| state.record(request, response, None, now));
    }
}

fn handle(shared: &SharedState, request: &Request, peer: SocketAddr) -> Reply {
    let path = request.path();
    let is_page = path == "/" || path == "/live" || path.starts_with(ORDERS);
    if !is_page && path != "/openapi.json" {
        return shared.with(|state, now| state.handle(request, now));
    }
    if !matches!(request.method.as_str(), "GET" | "HEAD") {
        return error::method_not_allowed("GET").into();
    }
    if is_page && !(is_loopback(peer.ip()) && has_loopback_host(request)) {
        let message = "The page needs no key and is therefore served on loopback only.";
        return Response::error(403, "sandbox_loopback_only", message).into();
    }
    let response = match path {
        "/" => page(),
        "/live" => live(shared),
        "/openapi.json" => Response::json_text(OPENAPI),
        _ => order(shared, &path[ORDERS.len()..]).unwrap_or_else(|error| error),
    };
    response.into()
}

fn page() -> Response {
    // The standard library seeds its hashers with random numbers of the operating system.
    let nonce = format!("{:016x}", RandomState::new().hash_one("nonce"));
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; \
         connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    );
    let html = PAGE.replace("NONCE", &nonce);
    Response::new(200, "text/html; charset=utf-8", html)
        .with_header("content-security-policy", policy)
        .with_header("cache-control", "no-store")
        .with_header("referrer-policy", "no-referrer")
        .with_header("x-content-type-options", "nosniff")
}

/// The data of the page.
fn live(shared: &SharedState) -> Response {
    let json = shared.with(|state, now| {
        let mut json = state.summary(now);
        json["changes_made"] = json["changes"].take();
        let changes = state.changes.iter().rev().take(SHOWN);
        json["changes"] = changes
            .map(|change| with_common_name(state, change))
            .collect();
        let requests = state.requests.iter().rev().take(SHOWN);
        json["latest_requests"] = requests.map(|request| json!(request)).collect();
        json["faults"] = json!(state.faults.list());
        json
    });
    Response::json(&json).with_header("cache-control", "no-store")
}

/// An order of the account with its latest changes.
fn order(shared: &SharedState, id: &str) -> Result<Response, Response> {
    let id = parse_id(id)?;
    let json = shared.with(|state, _| {
        let order = state.account.order(id)?.to_value();
        let changes: Vec<_> = state.changes_of(id).rev().take(SHOWN).collect();
        Some(json!({ "order": order, "changes": changes }))
    });
    let response = Response::json(&json.ok_or_else(error::order_not_found)?);
    Ok(response.with_header("cache-control", "no-store"))
}

fn with_common_name(state: &State, change: &ContactChange) -> Value {
    let mut json = json!(change);
    let order = state.account.order(change.order_id);
    json["common_name"] = json!(order.and_then(Order::common_name));
    json
}
