//! The admin address: looking in, faults at run time, the clock, snapshots. No key, loopback only.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::clock::Clock;
use crate::inside::Inside;
use crate::list::number;
use crate::listener::Port;
use crate::local::named_local;
use crate::message::Message;
use crate::order::Order;
use crate::snapshot;
use crate::state::Handled;

/// How many entries of a record are told at most.
const MOST: usize = 10_000;

pub(crate) struct Admin(pub(crate) Inside);

impl Port for Admin {
    fn answer(&self, request: &Message, _: SocketAddr) -> Handled {
        answer(&self.0, request).into()
    }

    /// The log is of the API alone.
    fn refused(&self, _: &Message, _: &Answer) {}
}

fn answer(inside: &Inside, request: &Message) -> Answer {
    if request.header("origin").is_some() || !named_local(request) {
        let message = "The admin address does not answer pages in a browser.";
        return Answer::error(403, "sandbox_loopback_only", message);
    }
    let parts: Vec<_> = request.path().trim_start_matches('/').split('/').collect();
    let answered = match (request.method.as_str(), &parts[..]) {
        ("GET", ["state"]) => Ok(Answer::ok(&inside.with(|state, now| state.summary(now)))),
        ("GET", ["requests"]) => requests(inside, request),
        ("GET", ["changes"]) => changes(inside, request),
        ("GET", ["orders", id]) => order(inside, id),
        ("GET", ["orders", id, "changes"]) => history(inside, id),
        ("GET", ["faults"]) => Ok(Answer::ok(&inside.with(|state, _| state.faults.json()))),
        ("POST", ["faults"]) => add_fault(inside, request),
        ("DELETE", ["faults"]) => {
            inside.with(|state, _| state.faults.clear());
            Ok(Answer::no_content())
        }
        ("DELETE", ["faults", id]) => remove_fault(inside, id),
        ("DELETE", ["windows"]) => {
            inside.with(|state, _| state.windows.clear());
            Ok(Answer::no_content())
        }
        ("POST", ["clock"]) => advance(inside, request),
        ("GET", ["snapshot"]) => save(inside),
        ("PUT", ["snapshot"]) => restore(inside, request),
        _ => Err(Answer::no_route()),
    };
    answered.unwrap_or_else(|refused| refused)
}

/// The entries after the number that the query names, so that a program can follow.
fn page<'a, T: 'a>(
    request: &Message,
    entries: impl Iterator<Item = &'a T>,
    number_of: impl Fn(&T) -> u64,
    json: impl Fn(&T) -> Value,
) -> Result<Answer, Answer> {
    let (mut after, mut limit) = (0, MOST);
    for (name, value) in form_urlencoded::parse(request.query().as_bytes()) {
        match &*name {
            "after" => after = number(&name, &value)? as u64,
            "limit" => limit = number(&name, &value)?.min(MOST),
            _ => {}
        }
    }
    let entries = entries.skip_while(|entry| number_of(entry) <= after);
    let list: Vec<_> = entries.take(limit).map(json).collect();
    Ok(Answer::ok(&list.into()))
}

fn requests(inside: &Inside, request: &Message) -> Result<Answer, Answer> {
    inside.with(|state, _| {
        page(
            request,
            state.log.iter(),
            |r| r.number,
            crate::RecordedRequest::to_json,
        )
    })
}

fn changes(inside: &Inside, request: &Message) -> Result<Answer, Answer> {
    inside.with(|state, _| {
        page(
            request,
            state.history.iter(),
            |c| c.number,
            crate::ContactChange::to_json,
        )
    })
}

fn parse_id(text: &str) -> Result<u64, Answer> {
    text.parse()
        .map_err(|_| Answer::invented("sandbox_query_invalid", "An id is a number."))
}

fn order(inside: &Inside, id: &str) -> Result<Answer, Answer> {
    let id = parse_id(id)?;
    let order = inside.with(|state, _| state.account.order_anywhere(id).map(Order::whole));
    order
        .map(|order| Answer::ok(&order))
        .ok_or_else(Answer::no_order)
}

fn history(inside: &Inside, id: &str) -> Result<Answer, Answer> {
    let id = parse_id(id)?;
    let changes = inside.with(|state, _| state.history_of(id));
    let list: Vec<_> = changes.iter().map(crate::ContactChange::to_json).collect();
    Ok(Answer::ok(&list.into()))
}

fn add_fault(inside: &Inside, request: &Message) -> Result<Answer, Answer> {
    let text = std::str::from_utf8(&request.body).unwrap_or_default();
    let added = text
        .parse()
        .and_then(|fault| inside.with(|state, _| state.faults.add(fault)));
    match added {
        Ok(id) => Ok(Answer::ok(&json!({ "id": id }))),
        Err(error) => Err(Answer::invented("sandbox_fault", &error.to_string())),
    }
}

fn remove_fault(inside: &Inside, id: &str) -> Result<Answer, Answer> {
    let id = parse_id(id)?;
    if inside.with(|state, _| state.faults.remove(id)) {
        return Ok(Answer::no_content());
    }
    Err(Answer::error(
        404,
        "sandbox_no_fault",
        "There is no such fault.",
    ))
}

fn advance(inside: &Inside, request: &Message) -> Result<Answer, Answer> {
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let by = body["advance"].as_f64();
    let by = by.and_then(|by| Duration::try_from_secs_f64(by).ok());
    let Some(by) = by else {
        let message = "The body must be {\"advance\": seconds}.";
        return Err(Answer::invented("sandbox_clock", message));
    };
    let Clock::Manual(clock) = &inside.clock else {
        let message = "This sandbox goes by the machine's clock, which can't be moved.";
        return Err(Answer::invented("sandbox_clock", message));
    };
    clock.advance(by);
    let now = crate::history::seconds(clock.now());
    Ok(Answer::ok(&json!({ "now": now })))
}

fn save(inside: &Inside) -> Result<Answer, Answer> {
    let mut bytes = Vec::new();
    let written = inside
        .with(|state, _| snapshot::write(&state.account, &state.history, &mut bytes))
        .map_err(|_| ())
        .and_then(|()| String::from_utf8(bytes).map_err(|_| ()));
    match written {
        Ok(text) => Ok(Answer::of(200, "application/x-ndjson", text)),
        Err(()) => Err(Answer::error(
            500,
            "sandbox_snapshot",
            "It can't be written.",
        )),
    }
}

fn restore(inside: &Inside, request: &Message) -> Result<Answer, Answer> {
    let read = snapshot::read(&mut request.body.as_slice())
        .map_err(|error| Answer::invented("sandbox_snapshot", &error.to_string()))?;
    inside.replace(read);
    Ok(Answer::no_content())
}
