//! What the API's port serves: the API, its description, and a page for people.

use std::hash::{BuildHasher, RandomState};
use std::net::SocketAddr;

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::inside::Inside;
use crate::listener::Port;
use crate::local::{named_local, of_this_machine};
use crate::message::Message;
use crate::state::{Handled, State};

const PAGE: &str = include_str!("page.html");
const OPENAPI: &str = include_str!("openapi.json");
/// How many of the latest changes and requests the page shows.
const SHOWN: usize = 50;

pub(crate) struct Site(pub(crate) Inside);

impl Port for Site {
    fn answer(&self, request: &Message, peer: SocketAddr) -> Handled {
        answer(&self.0, request, peer)
    }

    fn refused(&self, request: &Message, answer: &Answer) {
        self.0
            .with(|state, now| state.record(request, answer.status, None, now));
    }
}

fn answer(inside: &Inside, request: &Message, peer: SocketAddr) -> Handled {
    let served = match request.path() {
        "/" => page,
        "/live" => live,
        "/openapi.json" => |_: &Inside| Answer::json(OPENAPI),
        _ => return inside.with(|state, now| state.answer(request, now)),
    };
    if !matches!(request.method.as_str(), "GET" | "HEAD") {
        return Answer::wrong_method("GET").into();
    }
    if request.path() != "/openapi.json" && !(of_this_machine(peer.ip()) && named_local(request)) {
        let message = "The page needs no key, so that it is served on loopback only.";
        return Answer::error(403, "sandbox_loopback_only", message).into();
    }
    served(inside).into()
}

fn page(_: &Inside) -> Answer {
    // The standard library seeds its hashers from the operating system's random numbers.
    let nonce = format!("{:016x}", RandomState::new().hash_one("nonce"));
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; \
         connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    );
    Answer::of(
        200,
        "text/html; charset=utf-8",
        PAGE.replace("NONCE", &nonce),
    )
    .with("content-security-policy", policy)
    .with("cache-control", "no-store")
    .with("referrer-policy", "no-referrer")
    .with("x-content-type-options", "nosniff")
}

fn live(inside: &Inside) -> Answer {
    let json = inside.with(|state, now| {
        let mut json = state.summary(now);
        json["changes_made"] = json["changes"].take();
        json["changes"] = changes(state);
        let requests = state.log.iter().rev().take(SHOWN);
        json["latest_requests"] = requests.map(crate::RecordedRequest::to_json).collect();
        json["faults"] = state.faults.json();
        json
    });
    Answer::ok(&json).with("cache-control", "no-store")
}

fn changes(state: &State) -> Value {
    let one = |change: &crate::ContactChange| {
        let mut json = change.to_json();
        let order = state.account.order(change.order_id);
        let name = order.and_then(|order| {
            let members = order.members();
            members.get("certificate")?.get("common_name").cloned()
        });
        json["common_name"] = json!(name);
        json
    };
    state.history.iter().rev().take(SHOWN).map(one).collect()
}
