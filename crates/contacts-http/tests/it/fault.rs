//! Servers that do not behave as documented.

use std::io::Write;
use std::net::TcpListener;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use contacts_core::Outcome;
use contacts_http::Retry;

use crate::server::{Server, chain, client_for, order, read_request, update};

#[test]
fn a_redirect_is_an_error_and_the_key_is_not_sent_elsewhere() {
    for status in [
        "301 Moved",
        "302 Found",
        "303 See Other",
        "307 Temporary",
        "308 Permanent",
    ] {
        let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
        elsewhere.set_nonblocking(true).unwrap();
        let location = format!("location: http://{}/\r\n", elsewhere.local_addr().unwrap());
        let server = Server::with_status(status, &location, "");
        let error = server
            .client()
            .update_contacts(order(), &update())
            .unwrap_err();
        // A 303 says that the server processed the request.
        let outcome = match status {
            "303 See Other" => Outcome::Unknown,
            _ => Outcome::Rejected,
        };
        assert_eq!(error.outcome(), outcome, "{status}");
        let expected = format!(
            "the contacts of order 100000001 could not be changed: the server answered {}, \
             a redirect, which is not followed; check the base URL",
            &status[..3],
        );
        assert_eq!(error.to_string(), expected);
        assert!(server.client().order(order()).is_err());
        assert!(elsewhere.accept().is_err(), "no connection");
        assert_eq!(server.puts(), 1);
    }
}

#[test]
fn only_204_is_success() {
    for status in ["200 OK", "201 Created", "202 Accepted", "205 Reset"] {
        let server = Server::with_status(status, "", "");
        let error = server
            .client()
            .update_contacts(order(), &update())
            .unwrap_err();
        assert_eq!(error.outcome(), Outcome::Unknown, "{status}");
    }
}

#[test]
fn a_final_status_is_not_retried() {
    for status in [200, 301, 400, 401, 403, 404, 405, 406, 418, 501, 505] {
        let server = Server::with_status(&format!("{status} X"), "", "");
        let builder = client_for(&server.base_url()).retry(Retry::default());
        let client = builder.build().unwrap();
        let error = client.update_contacts(order(), &update()).unwrap_err();
        assert_eq!((error.status(), error.attempts()), (Some(status), 1));
        assert_eq!(server.puts(), 1, "{status}");
    }
}

#[test]
fn a_failure_says_whether_the_order_may_have_been_changed() {
    for (status, outcome) in [
        ("400 Bad Request", Outcome::Rejected),
        ("401 Unauthorized", Outcome::Unknown),
        ("403 Forbidden", Outcome::Unknown),
        ("404 Not Found", Outcome::Rejected),
        ("408 Request Timeout", Outcome::Unknown),
        ("429 Too Many Requests", Outcome::Rejected),
        ("500 Internal Server Error", Outcome::Unknown),
        ("502 Bad Gateway", Outcome::Unknown),
        ("503 Service Unavailable", Outcome::Unknown),
    ] {
        let server = Server::with_status(
            status,
            "content-type: text/html\r\n",
            "<html>\u{1b}[2J</html>",
        );
        let error = server
            .client()
            .update_contacts(order(), &update())
            .unwrap_err();
        assert_eq!(error.outcome(), outcome, "{status}");
        assert_eq!(error.is_rate_limited(), status.starts_with("429"));
        // A rejection by this API has an error code, in JSON.
        assert!(!error.is_auth(), "a page is not about the key");
        assert_eq!(error.is_unavailable(), !error.is_rate_limited(), "{status}");
        assert!(
            !error.is_not_found(),
            "a 404 without the code is not about the order"
        );
        assert!(!chain(&error).contains("html"), "{error}");
    }
}

#[test]
fn a_rejection_with_an_error_code_affects_one_order_only() {
    let body = r#"{"errors":[{"code":"invalid|contact"}]}"#;
    for (status, unavailable) in [
        ("400 Bad Request", false),
        ("404 Not Found", false),
        ("409 Conflict", false),
        ("408 Request Timeout", true),
        ("500 Internal Server Error", true),
    ] {
        let server = Server::with_status(status, "", body);
        let error = server
            .client()
            .update_contacts(order(), &update())
            .unwrap_err();
        assert_eq!(error.is_unavailable(), unavailable, "{status}");
    }
}

#[test]
fn nothing_is_sent_without_a_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}/services/v2", listener.local_addr().unwrap());
    drop(listener);
    let error = client_for(&base_url)
        .build()
        .unwrap()
        .update_contacts(order(), &update())
        .unwrap_err();
    assert!(error.is_connect() && error.is_unavailable());
    assert_eq!(error.outcome(), Outcome::NotSent);
    insta::assert_snapshot!(error, @"the contacts of order 100000001 could not be changed: no connection");
    assert!(chain(&error).contains("refused"), "{}", chain(&error));
}

#[test]
fn a_broken_exchange_has_an_unknown_outcome() {
    for bytes in [
        &b""[..],
        b"HTTP/1.1 20",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 204",
    ] {
        let server = Server::with_response(bytes);
        let error = server
            .client()
            .update_contacts(order(), &update())
            .unwrap_err();
        assert_eq!(error.outcome(), Outcome::Unknown, "{bytes:?}");
        assert_eq!((server.puts(), server.gets()), (1, 1));
    }
}

#[test]
fn a_silent_server_causes_a_timeout() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    let client = client_for(&base_url)
        .timeout(Duration::from_millis(200))
        .build()
        .unwrap();
    let started = Instant::now();
    let error = client.update_contacts(order(), &update()).unwrap_err();
    assert!(error.is_timeout(), "{}", chain(&error));
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert!(started.elapsed() < Duration::from_secs(10));
}

#[test]
fn an_unreadable_order_is_an_error() {
    let huge = format!("{{\"x\":\"{}\"}}", "y".repeat(5 << 20));
    for (body, message) in [
        (
            r#"{"id": 1"#,
            "the response cannot be parsed: not JSON: EOF while parsing an object at line 1, column 8",
        ),
        ("", "the response is not an order; check the base URL"),
        ("[]", "the response is not an order; check the base URL"),
        (r#"{"id": 100000002}"#, "the response is for another order"),
        (
            r#"{"id": "100000002", "status": "issued"}"#,
            "the response is for another order",
        ),
        (huge.as_str(), "the response is larger than 4 MiB"),
    ] {
        let server = Server::with_status("200 OK", "", body);
        let error = server.client().order(order()).unwrap_err();
        assert_eq!(
            chain(&error),
            format!("order 100000001 could not be read: {message}")
        );
    }
}

#[test]
fn the_size_of_an_error_body_is_limited() {
    let server = Server::with_status("400 Bad Request", "", &"x".repeat(1 << 20));
    let error = server
        .client()
        .update_contacts(order(), &update())
        .unwrap_err();
    assert_eq!((error.status(), error.api_errors().len()), (Some(400), 0));
}

#[test]
fn an_extra_response_is_not_taken_for_the_response_to_the_next_request() {
    const CHANGED: &[u8] = b"HTTP/1.1 204 No Content\r\n\r\n";
    for at_once in [true, false] {
        let (written, both_written) = mpsc::channel();
        let (first, written) = (AtomicBool::new(true), Mutex::new(written));
        let server = Server::with_handler(move |mut stream, log| {
            log.lock().unwrap().push(read_request(&mut stream));
            if !first.swap(false, Ordering::SeqCst) {
                let _ = stream.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n");
                return;
            }
            if at_once {
                stream.write_all(&[CHANGED, CHANGED].concat()).unwrap();
            } else {
                stream.write_all(CHANGED).unwrap();
                std::thread::sleep(Duration::from_millis(50));
                stream.write_all(CHANGED).unwrap();
            }
            written.lock().unwrap().send(()).unwrap();
            log.lock().unwrap().push(read_request(&mut stream));
        });
        let client = server.client();
        client.update_contacts(order(), &update()).unwrap();
        both_written.recv().unwrap();
        let second = client.update_contacts(order(), &update());
        assert_eq!(second.unwrap_err().outcome(), Outcome::Rejected);
    }
}
