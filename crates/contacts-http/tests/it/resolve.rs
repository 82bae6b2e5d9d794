//! An unknown outcome of an update is resolved by reading the order.

use std::io::Write;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use contacts_core::{Contact, ContactsUpdate, Order, Outcome};
use contacts_http::{Builder, Error, OnRateLimit, RateLimit, Retry, Updated};
use serde_json::{Value, json};

use crate::server::{Server, client_for, order, read_request, update};

/// What a server does with an update.
#[derive(Clone)]
pub(crate) struct Put {
    applied: bool,
    /// The status line and headers, or nothing to close the connection.
    answer: &'static str,
    after: Duration,
}

impl Put {
    pub(crate) const fn new(applied: bool, answer: &'static str) -> Self {
        let after = Duration::ZERO;
        Self {
            applied,
            answer,
            after,
        }
    }

    const fn after(self, after: Duration) -> Self {
        Self { after, ..self }
    }
}

const BROKEN: &str = "";

/// A server of one order that has no contact at first. The last of `puts` is repeated.
pub(crate) fn order_server(puts: Vec<Put>) -> Server {
    server_from(json!({"status": "issued"}), puts, |_| None)
}

/// The answer to a read can be another one than the order.
fn server_from(
    order: Value,
    puts: Vec<Put>,
    other: impl Fn(usize) -> Option<&'static str> + Send + Sync + 'static,
) -> Server {
    let order = Mutex::new(order);
    Server::with_handler(move |mut stream, log| {
        let request = read_request(&mut stream);
        let method = request[..4].to_owned();
        let is_same = |r: &&String| r.starts_with(&method);
        let number = log.lock().unwrap().iter().filter(is_same).count();
        log.lock().unwrap().push(request.clone());
        let (mut answer, mut body) = ("200 OK", String::new());
        if method == "PUT " {
            let put = &puts[number.min(puts.len() - 1)];
            if put.applied {
                apply(&mut order.lock().unwrap(), &request);
            }
            std::thread::sleep(put.after);
            answer = put.answer;
        } else if let Some(other) = other(number) {
            answer = other;
        } else {
            body = order.lock().unwrap().to_string();
        }
        if answer != BROKEN {
            let length = body.len();
            let _ = write!(
                stream,
                "HTTP/1.1 {answer}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
            );
        }
    })
}

fn apply(order: &mut Value, request: &str) {
    let json = request.split_once("\r\n\r\n").unwrap().1;
    let update: Value = serde_json::from_str(json).unwrap();
    for contact in update["contacts"].as_array().unwrap() {
        let mut contact = contact.clone();
        contact.as_object_mut().unwrap().remove("language_id");
        let contact_type = contact["contact_type"].as_str().unwrap().to_owned();
        order[contact_type] = contact;
    }
}

fn send(server: &Server, update: &ContactsUpdate) -> Result<Updated, Error> {
    send_with(server, update, |builder| builder)
}

fn send_with(
    server: &Server,
    update: &ContactsUpdate,
    configure: impl FnOnce(Builder) -> Builder,
) -> Result<Updated, Error> {
    let builder = client_for(&server.base_url()).timeout(Duration::from_secs(20));
    let builder = configure(builder.retry(Retry::default()));
    builder.build().unwrap().update_contacts(order(), update)
}

fn requests(server: &Server) -> (usize, usize) {
    (server.puts(), server.gets())
}

/// The number of attempts of an update that a read confirmed.
fn confirmed(result: Result<Updated, Error>) -> u32 {
    match result.unwrap() {
        Updated::ConfirmedByReading { attempts, .. } => attempts,
        other => panic!("{other:?}"),
    }
}

fn with_language() -> ContactsUpdate {
    let jane = Contact::draft("Jane", "Doe", "jane.doe@example.com").language_id("1");
    ContactsUpdate::technical(jane.build().unwrap())
}

const fn applied(answer: &'static str) -> Put {
    Put::new(true, answer)
}

const fn not_applied(answer: &'static str) -> Put {
    Put::new(false, answer)
}

#[test]
fn an_update_that_is_answered_after_the_timeout_is_sent_once() {
    let server = order_server(vec![applied("204 X").after(Duration::from_secs(4))]);
    let result = send_with(&server, &update(), |b| b.timeout(Duration::from_secs(2)));
    assert_eq!(confirmed(result), 1);
    assert_eq!(requests(&server), (1, 1));
}

#[test]
fn an_update_that_was_applied_before_a_failure_is_sent_once() {
    for answer in [
        BROKEN,
        "408 X",
        "500 X",
        "502 X",
        "503 X\r\nretry-after: 1",
        "504 X",
        "520 X",
        "200 X",
        "201 X",
        "202 X\r\nretry-after: 0",
        "303 X",
        "403 X\r\ncontent-type: text/html",
    ] {
        let server = order_server(vec![applied(answer)]);
        assert_eq!(confirmed(send(&server, &update())), 1, "{answer}");
        assert_eq!(requests(&server), (1, 1), "{answer}");
    }
}

#[test]
fn an_update_that_was_not_applied_is_sent_again() {
    for answer in [BROKEN, "500 X"] {
        let server = order_server(vec![not_applied(answer), applied("204 X")]);
        let updated = send(&server, &update()).unwrap();
        assert_eq!(updated, Updated::Accepted, "{answer}");
        assert_eq!(requests(&server), (2, 1), "{answer}");
    }
}

#[test]
fn the_order_is_read_after_the_last_attempt() {
    let puts = vec![
        not_applied("503 X"),
        not_applied("503 X"),
        applied("503 X\r\nretry-after: 1"),
    ];
    let server = order_server(puts);
    assert_eq!(confirmed(send(&server, &update())), 3);
    assert_eq!(requests(&server), (3, 3));
    let server = order_server(vec![applied("503 X")]);
    let result = send_with(&server, &update(), |b| b.retry(Retry::none()));
    assert_eq!(confirmed(result), 1);
    assert_eq!(requests(&server), (1, 1));
}

#[test]
fn an_update_that_is_never_applied_fails_after_all_attempts() {
    for (answer, attempts) in [("503 X", 3), ("200 X", 1), (BROKEN, 3)] {
        let server = order_server(vec![not_applied(answer)]);
        let error = send(&server, &update()).unwrap_err();
        assert_eq!(error.attempts(), attempts, "{answer}");
        assert_eq!(error.outcome(), Outcome::Unknown, "{answer}");
        let attempts = usize::try_from(attempts).unwrap();
        assert_eq!(requests(&server), (attempts, attempts), "{answer}");
    }
}

#[test]
fn a_rejection_after_an_unknown_outcome_is_resolved_as_well() {
    let server = order_server(vec![not_applied(BROKEN), applied("404 X")]);
    assert_eq!(confirmed(send(&server, &update())), 2);
    assert_eq!(requests(&server), (2, 2));
}

#[test]
fn a_read_that_fails_leaves_the_outcome_unknown() {
    // Only a failure that can be temporary is repeated.
    for (answer, reads) in [
        (BROKEN, 3),
        ("500 X", 3),
        ("404 X", 2),
        ("403 X", 2),
        ("204 X", 2),
        ("200 X", 2),
    ] {
        let server = server_from(json!({}), vec![applied("502 X")], move |_| Some(answer));
        let error = send(&server, &update()).unwrap_err();
        assert_eq!((error.attempts(), error.status()), (1, Some(502)));
        assert_eq!(error.outcome(), Outcome::Unknown);
        assert_eq!(requests(&server), (1, reads), "{answer}");
    }
    let other = json!({"id": 7, "technical_contact": {}});
    let server = server_from(other, vec![applied("200 X")], |_| None);
    let error = send(&server, &update()).unwrap_err();
    assert_eq!(
        error.status(),
        Some(200),
        "the answer was for another order"
    );
}

#[test]
fn an_update_that_cannot_have_been_applied_causes_no_read() {
    for answer in ["400 X", "404 X", "302 X"] {
        let server = order_server(vec![applied(answer)]);
        let error = send(&server, &update()).unwrap_err();
        assert_eq!(error.outcome(), Outcome::Rejected, "{answer}");
        assert_eq!(requests(&server), (1, 0), "{answer}");
    }
}

#[test]
fn a_language_is_not_confirmed_by_an_order_that_could_have_been_the_same_before() {
    let server = order_server(vec![applied("500 X")]);
    let error = send(&server, &with_language()).unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert_eq!(requests(&server), (3, 3));
}

#[test]
fn a_language_is_confirmed_by_an_order_that_changed_between_two_reads() {
    let server = order_server(vec![not_applied("500 X"), applied("500 X")]);
    assert_eq!(confirmed(send(&server, &with_language())), 2);
    assert_eq!(requests(&server), (2, 2));
}

#[test]
fn a_value_that_is_not_readable_is_not_confirmed() {
    let mut contact = json!({"first_name": 7, "last_name": "Doe", "email": "jane.doe@example.com"});
    for (first_name, is_confirmed) in [(json!(7), false), (json!("Jane"), true)] {
        contact["first_name"] = first_name;
        let order = json!({"technical_contact": contact});
        let server = server_from(order, vec![not_applied("200 X")], |_| None);
        assert_eq!(send(&server, &update()).is_ok(), is_confirmed);
    }
}

#[test]
fn a_read_needs_a_permit_of_the_rate_limit() {
    let server = order_server(vec![applied("500 X")]);
    let limit = |requests| [RateLimit::new(requests, Duration::from_secs(60))];
    for (requests, is_confirmed) in [(1, false), (2, true)] {
        let result = send_with(&server, &update(), |builder| {
            let builder = builder.rate_limits(limit(requests));
            builder.on_rate_limit(OnRateLimit::Fail)
        });
        assert_eq!(result.is_ok(), is_confirmed);
    }
    assert_eq!(requests(&server), (2, 1));
}

#[test]
fn an_order_that_somebody_else_changed_between_two_attempts_is_not_overwritten() {
    let colleague = |number| {
        let body =
            r#"{"technical_contact": {"first_name": "A", "email": "colleague@example.com"}}"#;
        let length = body.len();
        (number == 0).then(|| {
            &*Box::leak(
                format!("200 OK\r\ncontent-length: {length}\r\n\r\n{body}").into_boxed_str(),
            )
        })
    };
    let put = || vec![not_applied("503 X"), applied("204 X")];
    let send = |server: &Server, is_changed: fn(&Order) -> bool| {
        let builder = client_for(&server.base_url()).retry(Retry::default());
        let client = builder.build().unwrap();
        client.update_contacts_unless(order(), &update(), || false, is_changed)
    };
    let is_colleague = |now: &Order| {
        let contact = now.technical_contact.as_ref().unwrap();
        contact.email() == Some("colleague@example.com")
    };
    let server = server_from(json!({}), put(), colleague);
    let error = send(&server, is_colleague).unwrap_err();
    assert_eq!(
        (requests(&server), error.outcome()),
        ((1, 1), Outcome::Unknown)
    );
    assert!(!error.is_unavailable() && !error.is_retryable());
    insta::assert_snapshot!(error, @"the contacts of order 100000001 could not be changed: somebody else has changed the order since it was read before; the update is not sent");

    // Without a condition, the update is sent again, and so is one to an order that is as before.
    let server = server_from(json!({}), put(), colleague);
    assert_eq!(send(&server, |_| false).unwrap(), Updated::Accepted);
    assert_eq!(requests(&server), (2, 1));
    let server = order_server(put());
    assert_eq!(
        send(&server, |now| now.technical_contact.is_some()).unwrap(),
        Updated::Accepted
    );
    assert_eq!(requests(&server), (2, 1));
}

#[test]
fn a_cancelled_update_is_not_resolved() {
    let flag = Arc::new(AtomicBool::new(false));
    let set = Arc::clone(&flag);
    let server = Server::with_handler(move |mut stream, log| {
        log.lock().unwrap().push(read_request(&mut stream));
        set.store(true, Ordering::SeqCst);
    });
    let error = send_with(&server, &update(), |builder| {
        builder.cancelled(move || flag.load(Ordering::SeqCst))
    });
    let error = error.unwrap_err();
    assert!(error.is_cancelled());
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert_eq!(requests(&server), (1, 0));
}
