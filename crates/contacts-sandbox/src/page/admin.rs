//! The admin address: inspection, faults at run time, the clock and snapshots. It needs no key, and
//! is on loopback only.

use std::net::SocketAddr;
use std::time::Duration;

use serde::Serialize;
use serde_json::{Value, json};

use crate::api::{error, query};
use crate::clock::Clock;
use crate::data::order::Order;
use crate::data::record::seconds;
use crate::data::ring_buffer::RingBuffer;
use crate::data::shared::SharedState;
use crate::data::snapshot::{self, Snapshot};
use crate::data::state::Reply;
use crate::http::listener::Handler;
use crate::http::loopback::has_loopback_host;
use crate::http::request::Request;
use crate::http::response::Response;

/// The most entries of a record in one response.
const MAX_ENTRIES: usize = 10_000;

pub(crate) struct Admin(pub(crate) SharedState);

impl Handler for Admin {
    fn handle(&self, request: &Request, _: SocketAddr) -> Reply {
        handle(&self.0, request)
            .unwrap_or_else(|error| error)
            .into()
    }

    /// Only requests to the API are recorded.
    fn record_rejected(&self, _: &Request, _: &Response) {}
}

fn handle(shared: &SharedState, request: &Request) -> Result<Response, Response> {
    if request.header("origin").is_some() || !has_loopback_host(request) {
        let message = "The admin address does not serve pages in a browser.";
        return Err(Response::error(403, "sandbox_loopback_only", message));
    }
    let parts: Vec<_> = request.path().trim_start_matches('/').split('/').collect();
    match (request.method.as_str(), &parts[..]) {
        ("GET", ["state"]) => Ok(shared.with(|state, now| Response::json(&state.summary(now)))),
        ("GET", ["requests"]) => shared.with(|state, _| entries(request, &state.requests)),
        ("GET", ["changes"]) => shared.with(|state, _| entries(request, &state.changes)),
        ("GET", ["orders", id]) => order(shared, id),
        ("GET", ["orders", id, "changes"]) => changes_of(shared, id),
        ("GET", ["faults"]) => Ok(shared.with(|state, _| Response::json(state.faults.list()))),
        ("POST", ["faults"]) => add_fault(shared, request),
        ("DELETE", ["faults"]) => {
            shared.with(|state, _| state.faults.clear());
            Ok(Response::no_content())
        }
        ("DELETE", ["faults", id]) => remove_fault(shared, id),
        ("DELETE", ["windows"]) => {
            shared.with(|state, _| state.windows.clear());
            Ok(Response::no_content())
        }
        ("POST", ["clock"]) => advance(shared, request),
        ("GET", ["snapshot"]) => save(shared),
        ("PUT", ["snapshot"]) => restore(shared, request),
        _ => Err(error::route_not_found()),
    }
}

/// The entries after the number in the query, so that a program can poll for new ones.
fn entries<T: Serialize>(request: &Request, buffer: &RingBuffer<T>) -> Result<Response, Response> {
    let defaults = [("after", 0), ("limit", MAX_ENTRIES)];
    let [after, limit] = query::numbers(request.query(), defaults)?;
    let entries = buffer.after(after as u64).take(limit.min(MAX_ENTRIES));
    Ok(Response::json(&entries.collect::<Vec<_>>()))
}

pub(super) fn parse_id(text: &str) -> Result<u64, Response> {
    let error = |_| error::bad_request("sandbox_query_invalid", "An id must be a number.");
    text.parse().map_err(error)
}

fn order(shared: &SharedState, id: &str) -> Result<Response, Response> {
    let id = parse_id(id)?;
    let order = shared.with(|state, _| state.account.order_anywhere(id).map(Order::to_value));
    let order = order.ok_or_else(error::order_not_found)?;
    Ok(Response::json(&order))
}

fn changes_of(shared: &SharedState, id: &str) -> Result<Response, Response> {
    let id = parse_id(id)?;
    Ok(shared.with(|state, _| Response::json(&state.changes_of(id).collect::<Vec<_>>())))
}

fn add_fault(shared: &SharedState, request: &Request) -> Result<Response, Response> {
    let text = std::str::from_utf8(&request.body).unwrap_or_default();
    let fault = text.parse();
    match fault.and_then(|fault| shared.with(|state, _| state.faults.add(fault))) {
        Ok(id) => Ok(Response::json(&json!({ "id": id }))),
        Err(error) => Err(error::bad_request("sandbox_fault", &error.to_string())),
    }
}

fn remove_fault(shared: &SharedState, id: &str) -> Result<Response, Response> {
    let id = parse_id(id)?;
    if shared.with(|state, _| state.faults.remove(id)) {
        return Ok(Response::no_content());
    }
    let message = "There is no fault with this id.";
    Err(Response::error(404, "sandbox_no_fault", message))
}

fn advance(shared: &SharedState, request: &Request) -> Result<Response, Response> {
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let time = body["advance"].as_f64();
    let Some(time) = time.and_then(|time| Duration::try_from_secs_f64(time).ok()) else {
        let message = "The body must be {\"advance\": SECONDS}.";
        return Err(error::bad_request("sandbox_clock", message));
    };
    let Clock::Manual(clock) = &shared.clock else {
        let message = "This sandbox uses the system clock. Start it with a manual clock.";
        return Err(error::bad_request("sandbox_clock", message));
    };
    clock.advance(time);
    let now = seconds::rounded(clock.now());
    Ok(Response::json(&json!({ "now": now })))
}

fn save(shared: &SharedState) -> Result<Response, Response> {
    let mut bytes = Vec::new();
    let written =
        shared.with(|state, _| snapshot::write(&state.account, &state.changes, &mut bytes));
    if let (Ok(()), Ok(text)) = (written, String::from_utf8(bytes)) {
        return Ok(Response::new(200, "application/x-ndjson", text));
    }
    let message = "The snapshot cannot be written.";
    Err(Response::error(500, "sandbox_snapshot", message))
}

fn restore(shared: &SharedState, request: &Request) -> Result<Response, Response> {
    let snapshot = Snapshot::read(&mut request.body.as_slice())
        .map_err(|error| error::bad_request("sandbox_snapshot", &error.to_string()))?;
    shared.restore(snapshot);
    Ok(Response::no_content())
}
