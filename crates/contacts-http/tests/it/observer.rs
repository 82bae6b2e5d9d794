//! The events of a call, as its client's observer gets them.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use contacts_core::{OrderId, Outcome};
use contacts_http::{
    BaseUrl, Builder, CallEvent, CallEventKind, Client, OrderFilter, RateLimit, Retry,
};
use contacts_sandbox::Sandbox;

use crate::resolve::{Put, order_server};
use crate::server::{Server, client_for, order, update};

/// The events of a client, one on each line, without the host and times.
#[derive(Clone, Default)]
struct Events(Arc<Mutex<Vec<String>>>);

impl Events {
    fn observe(&self, builder: Builder) -> Builder {
        let events = self.clone();
        builder.observer(move |event| events.0.lock().unwrap().push(line(event)))
    }

    fn take(&self) -> String {
        std::mem::take(&mut *self.0.lock().unwrap()).join("\n")
    }
}

fn line(event: &CallEvent<'_>) -> String {
    let url = event.url();
    let path = url.split_once("/services/v2/").unwrap().1;
    let order = event
        .order()
        .map_or("no order".to_owned(), |id| id.to_string());
    let what = match event.kind() {
        CallEventKind::Request => "request".to_owned(),
        CallEventKind::Response {
            status,
            elapsed,
            error,
            ..
        } => {
            assert!(elapsed < Duration::from_secs(5));
            let outcome = error.map(|error| format!(", {}: {error}", error.outcome()));
            format!("response {status:?}{}", outcome.unwrap_or_default())
        }
        CallEventKind::Retry { error, wait, .. } => {
            let known = if wait > Duration::from_secs(1) {
                "longer"
            } else {
                "short"
            };
            format!("retry after a {known} wait: {error}")
        }
        CallEventKind::Wait { time, reason, .. } => {
            format!(
                "wait of {:.0} s: {}",
                time.as_secs_f64().ceil(),
                reason.as_str()
            )
        }
        _ => "unknown".to_owned(),
    };
    format!(
        "{} {path} [{order}] {}: {what}",
        event.method(),
        event.attempt()
    )
}

fn builder(sandbox: &Sandbox) -> Builder {
    let builder = Client::builder(sandbox.api_key().parse().unwrap());
    builder.base_url(BaseUrl::parse(&sandbox.base_url()).unwrap())
}

#[test]
fn every_request_has_an_event_before_and_after_it() {
    let (sandbox, events) = (Sandbox::start().unwrap(), Events::default());
    let client = events.observe(builder(&sandbox)).build().unwrap();
    client.order(OrderId::parse("100000001").unwrap()).unwrap();
    client.whoami().unwrap();
    client.order_report().unwrap();
    client.organization_emails().unwrap();
    let search = OrderFilter::default().search("robin.leaver@example.com");
    assert!(client.orders(search).all(|order| order.is_ok()));
    insta::assert_snapshot!(events.take(), @"
    GET order/certificate/100000001 [100000001] 1: request
    GET order/certificate/100000001 [100000001] 1: response Some(200)
    GET user/me [no order] 1: request
    GET user/me [no order] 1: response Some(200)
    GET report/order [no order] 1: request
    GET report/order [no order] 1: response Some(200)
    POST reports/query [no order] 1: request
    POST reports/query [no order] 1: response Some(200)
    GET order/certificate [no order] 1: request
    GET order/certificate [no order] 1: response Some(200)
    ");
}

#[test]
fn a_failed_request_has_its_error_and_its_status() {
    let events = Events::default();
    let sandbox = Sandbox::start().unwrap();
    let client = events.observe(builder(&sandbox)).build().unwrap();
    client.order(OrderId::parse("7").unwrap()).unwrap_err();
    let garbage = Server::with_status("200 OK", "", "[]");
    let builder = events.observe(client_for(&garbage.base_url()));
    builder.build().unwrap().order(order()).unwrap_err();
    let builder = events.observe(client_for("http://127.0.0.1:1/services/v2"));
    builder.build().unwrap().order(order()).unwrap_err();
    insta::assert_snapshot!(events.take(), @"
    GET order/certificate/7 [7] 1: request
    GET order/certificate/7 [7] 1: response Some(404), rejected: order 7 could not be read: the server answered 404: not_found|order: The order does not exist in this account.
    GET order/certificate/100000001 [100000001] 1: request
    GET order/certificate/100000001 [100000001] 1: response Some(200), rejected: order 100000001 could not be read: the response is not an order; check the base URL
    GET order/certificate/100000001 [100000001] 1: request
    GET order/certificate/100000001 [100000001] 1: response None, not-sent: order 100000001 could not be read: no connection
    ");
}

#[test]
fn retries_waits_and_the_reads_between_attempts_have_events() {
    let server = order_server(vec![Put::new(false, "503 X"), Put::new(true, "500 X")]);
    let events = Events::default();
    let builder = client_for(&server.base_url()).retry(Retry::default());
    let client = events.observe(builder).build().unwrap();
    client.update_contacts(order(), &update()).unwrap();
    insta::assert_snapshot!(events.take(), @"
    PUT order/certificate/100000001/contact [100000001] 1: request
    PUT order/certificate/100000001/contact [100000001] 1: response Some(503), unknown: the contacts of order 100000001 could not be changed: the server answered 503 with an empty body instead of DigiCert's JSON; the service, or a proxy in front of it, is unavailable: try again later
    PUT order/certificate/100000001/contact [100000001] 1: retry after a short wait: the contacts of order 100000001 could not be changed: the server answered 503 with an empty body instead of DigiCert's JSON; the service, or a proxy in front of it, is unavailable: try again later
    PUT order/certificate/100000001/contact [100000001] 2: wait of 1 s: backoff
    GET order/certificate/100000001 [100000001] 1: request
    GET order/certificate/100000001 [100000001] 1: response Some(200)
    PUT order/certificate/100000001/contact [100000001] 2: request
    PUT order/certificate/100000001/contact [100000001] 2: response Some(500), unknown: the contacts of order 100000001 could not be changed: the server answered 500 with an empty body instead of DigiCert's JSON; the service, or a proxy in front of it, is unavailable: try again later (after 2 attempts)
    PUT order/certificate/100000001/contact [100000001] 2: retry after a short wait: the contacts of order 100000001 could not be changed: the server answered 500 with an empty body instead of DigiCert's JSON; the service, or a proxy in front of it, is unavailable: try again later (after 2 attempts)
    PUT order/certificate/100000001/contact [100000001] 3: wait of 1 s: backoff
    GET order/certificate/100000001 [100000001] 2: request
    GET order/certificate/100000001 [100000001] 2: response Some(200)
    ");
}

#[test]
fn a_pause_after_a_429_and_a_wait_for_the_rate_limit_have_their_reasons() {
    let throttled = Put::new(false, "429 X\r\nretry-after: 1");
    let server = order_server(vec![throttled, Put::new(true, "204 X")]);
    let events = Events::default();
    let throttling = client_for(&server.base_url()).retry(Retry::default());
    let client = events.observe(throttling).build().unwrap();
    client.update_contacts(order(), &update()).unwrap();
    let limited = client_for(&server.base_url());
    let limited = limited.rate_limits([RateLimit::new(1, Duration::from_millis(1200))]);
    let client = events.observe(limited).build().unwrap();
    for _ in 0..2 {
        client.order(order()).unwrap();
    }
    insta::assert_snapshot!(events.take(), @"
    PUT order/certificate/100000001/contact [100000001] 1: request
    PUT order/certificate/100000001/contact [100000001] 1: response Some(429), rejected: the contacts of order 100000001 could not be changed: the server answered 429 with an empty body instead of DigiCert's JSON; too many requests: wait before the next one; retry after 1 s
    PUT order/certificate/100000001/contact [100000001] 1: retry after a short wait: the contacts of order 100000001 could not be changed: the server answered 429 with an empty body instead of DigiCert's JSON; too many requests: wait before the next one; retry after 1 s
    PUT order/certificate/100000001/contact [100000001] 2: wait of 1 s: throttled
    PUT order/certificate/100000001/contact [100000001] 2: request
    PUT order/certificate/100000001/contact [100000001] 2: response Some(204)
    GET order/certificate/100000001 [100000001] 1: request
    GET order/certificate/100000001 [100000001] 1: response Some(200)
    GET order/certificate/100000001 [100000001] 1: wait of 2 s: rate-limit
    GET order/certificate/100000001 [100000001] 1: request
    GET order/certificate/100000001 [100000001] 1: response Some(200)
    ");
}

#[test]
fn a_call_that_is_cancelled_at_a_request_does_not_send_it() {
    let server = order_server(vec![]);
    let (events, cancel) = (Events::default(), Arc::new(AtomicBool::new(false)));
    let (log, set, asked) = (events.clone(), Arc::clone(&cancel), Arc::clone(&cancel));
    let client = client_for(&server.base_url())
        .observer(move |event| {
            log.0.lock().unwrap().push(line(event));
            set.store(true, Ordering::SeqCst);
        })
        .cancelled(move || asked.load(Ordering::SeqCst))
        .build()
        .unwrap();
    let error = client.update_contacts(order(), &update()).unwrap_err();
    assert!(error.is_cancelled());
    assert_eq!((error.attempts(), error.outcome()), (0, Outcome::NotSent));
    assert_eq!(server.requests().len(), 0);
    insta::assert_snapshot!(events.take(), @"
    PUT order/certificate/100000001/contact [100000001] 1: request
    PUT order/certificate/100000001/contact [100000001] 1: response None, not-sent: the contacts of order 100000001 could not be changed: cancelled
    ");
}
