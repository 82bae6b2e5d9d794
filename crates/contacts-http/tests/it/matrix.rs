//! The fault matrix: the result of an update for every fault of a server.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use contacts_http::{Error, Retry, Updated};

use crate::server::{Log, Server, client_for, order, read_request, update};

/// What a server does with a connection.
type Handler = Box<dyn Fn(TcpStream, &Log) + Send + Sync>;

/// Reads the request, writes these bytes, and closes the connection.
fn responds(bytes: impl Into<Vec<u8>>) -> Handler {
    let bytes = bytes.into();
    Box::new(move |mut stream, log| {
        log.lock().unwrap().push(read_request(&mut stream));
        let _ = stream.write_all(&bytes);
    })
}

fn status(status: &str, headers: &str, body: &str) -> Handler {
    let length = body.len();
    responds(format!(
        "HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\n\r\n{body}"
    ))
}

/// Reads the request, then calls `step`, which closes the connection.
fn then(step: impl Fn(TcpStream) + Send + Sync + 'static) -> Handler {
    Box::new(move |mut stream, log| {
        log.lock().unwrap().push(read_request(&mut stream));
        step(stream);
    })
}

/// The same server, which applied the update before its fault: a read returns the contact.
fn applied(handler: Handler) -> Handler {
    Box::new(move |mut stream, log| {
        let mut method = [0; 3];
        if stream.peek(&mut method).is_ok() && &method == b"GET" {
            log.lock().unwrap().push(read_request(&mut stream));
            let length = UPDATED.len();
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{UPDATED}"
            );
        } else {
            handler(stream, log);
        }
    })
}

fn drip(mut stream: TcpStream) {
    for byte in b"HTTP/1.1 204 No Content\r\n\r\n" {
        thread::sleep(Duration::from_secs(1));
        if stream.write_all(&[*byte]).is_err() {
            return;
        }
    }
}

fn endless(mut stream: TcpStream) {
    let head = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 100000000\r\n\r\n";
    let _ = stream.write_all(head);
    for _ in 0..100 {
        if stream.write_all(&vec![b'x'; 1_000_000]).is_err() {
            return;
        }
    }
}

const HTML: &str = "<html><h1>\u{1b}[2JService Unavailable</h1></html>";
const PAGE: &str = "content-type: text/html\r\n";
const UPDATED: &str = r#"{"technical_contact":{"first_name":"Jane","last_name":"Doe","email":"jane.doe@example.com"}}"#;
const ERROR: &str = r#"{"errors":[{"code":"not_found|order","message":"No such order."}]}"#;

fn rows() -> Vec<(&'static str, Handler)> {
    let mut rows = broken();
    rows.extend(limited());
    rows.extend(statuses());
    rows
}

/// Servers that violate HTTP.
fn broken() -> Vec<(&'static str, Handler)> {
    vec![
        ("closed before reading", Box::new(|stream, _| drop(stream))),
        ("closed after reading", then(drop)),
        ("closed within the head", responds("HTTP/1.1 204 No Con")),
        (
            "half a body of an error",
            responds("HTTP/1.1 404 Not Found\r\ncontent-length: 99\r\n\r\n{"),
        ),
        ("one byte a second", then(drip)),
        (
            "silence",
            then(|stream| {
                let _ = stream.take(1).read(&mut [0]);
            }),
        ),
        ("garbage", responds("220 smtp.example.com ESMTP\r\n\r\n")),
        ("http/1.0", responds("HTTP/1.0 204 No Content\r\n\r\n")),
        (
            "100 unasked, then 204",
            responds("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n"),
        ),
        (
            "204 with a body",
            responds("HTTP/1.1 204 No Content\r\ncontent-length: 2\r\n\r\nxx"),
        ),
        (
            "two lengths",
            responds("HTTP/1.1 204 No Content\r\ncontent-length: 0\r\ncontent-length: 5\r\n\r\n"),
        ),
        (
            "no length",
            responds("HTTP/1.1 404 Not Found\r\ncontent-length: x\r\n\r\n"),
        ),
        (
            "10,000 headers",
            responds(format!(
                "HTTP/1.1 204 No Content\r\n{}\r\n",
                "x: y\r\n".repeat(10_000)
            )),
        ),
        ("100 MB of an error", then(endless)),
        (
            "a compressed bomb",
            status(
                "400 Bad Request",
                "content-encoding: gzip\r\n",
                "\u{1f}\u{8b}",
            ),
        ),
    ]
}

fn limited() -> Vec<(&'static str, Handler)> {
    vec![
        (
            "429, then a wait over the limit",
            status("429 Too Many", "retry-after: 999999999999\r\n", ""),
        ),
        (
            "429, then a wait that fits no number",
            status(
                "429 Too Many",
                "retry-after: 99999999999999999999999\r\n",
                "",
            ),
        ),
        (
            "429 and 0",
            status("429 Too Many", "retry-after: 0\r\n", ""),
        ),
        (
            "429 and 1",
            status("429 Too Many", "retry-after: 1\r\n", ""),
        ),
        (
            "429 and a date long past",
            status(
                "429 Too Many",
                "retry-after: Sun, 06 Nov 1994 08:49:37 GMT\r\n",
                "",
            ),
        ),
        (
            "429 and rubbish",
            status("429 Too Many", "retry-after: soon\r\n", ""),
        ),
        (
            "429",
            status(
                "429 Too Many",
                "",
                r#"{"errors":[{"code":"request_limit_exceeded","message":"Service unavailable, please limit request volume"}]}"#,
            ),
        ),
        (
            "503 and a wait over the limit",
            status("503 Unavailable", "retry-after: 181\r\n", ""),
        ),
    ]
}

fn statuses() -> Vec<(&'static str, Handler)> {
    let mut rows = Vec::new();
    for code in [
        "200 OK",
        "201 Created",
        "202 Accepted",
        "400 Bad",
        "401 Who",
        "403 No",
        "404 None",
        "406 No",
    ] {
        rows.push((code, status(code, "", ERROR)));
    }
    for code in [
        "408 Timeout",
        "500 Error",
        "502 Gateway",
        "503 Unavailable",
        "504 Timeout",
    ] {
        rows.push((code, status(code, PAGE, HTML)));
    }
    for body in [
        r#"{"errors":{"code":"c","message":"m"}}"#,
        r#"{"error":{"code":"c","message":"m"}}"#,
        r#"{"errors":[{"code":"c","description":"m"}]}"#,
        "{\"errors\":[{\"code\":\"c",
        "",
    ] {
        rows.push(("400 in another shape", status("400 Bad", "", body)));
    }
    rows
}

/// The largest number of seconds that a call takes, with 3 attempts, a read after each, and a timeout
/// of 1 s: the sum of the backoffs and of the timeouts that expire.
fn at_most(name: &str) -> f64 {
    match name {
        "one byte a second" | "silence" => 6.0 + 1.5,
        "closed before reading"
        | "closed after reading"
        | "closed within the head"
        | "408 Timeout"
        | "500 Error"
        | "502 Gateway"
        | "503 Unavailable"
        | "504 Timeout" => 1.5,
        // The time for retries after a 429 in this test.
        "429 and 0" | "429 and 1" | "429 and a date long past" => 2.0,
        _ => 0.0,
    }
}

/// One line of the matrix.
pub(crate) fn line(
    name: &str,
    result: Result<Updated, Error>,
    requests: &str,
    took: Duration,
) -> String {
    // For the requests themselves, on a busy machine.
    const SLACK: f64 = 5.0;
    let at_most = at_most(name);
    assert!(took.as_secs_f64() < at_most + SLACK, "{name}: {took:?}");
    let error = match result {
        Ok(updated) => {
            return format!("{name}: {updated:?} | {requests} | {at_most} s of waiting at most");
        }
        Err(error) => error,
    };
    let predicates = [
        (error.is_connect(), "connect"),
        (error.is_tls(), "tls"),
        (error.is_timeout(), "timeout"),
        (error.is_auth(), "auth"),
        (error.is_not_found(), "not found"),
        (error.is_rate_limited(), "rate limited"),
        (error.is_retryable(), "retryable"),
        (error.is_unavailable(), "unavailable"),
    ];
    let predicates: Vec<_> = predicates
        .iter()
        .filter(|predicate| predicate.0)
        .map(|predicate| predicate.1)
        .collect();
    let message = error.to_string();
    let message = message.split_once("could not be changed: ").unwrap().1;
    assert!(
        !message.contains('\u{1b}') && !message.contains("html"),
        "{message}"
    );
    format!(
        "{name}: {} | {requests} | {at_most} s of waiting at most | {} | {message}",
        error.outcome(),
        predicates.join(", ")
    )
}

/// One line for each row, by the client of one call.
fn lines(rows: Vec<(&'static str, Handler)>) -> String {
    let rows = rows.into_iter().map(|(name, handler)| {
        thread::spawn(move || {
            let server = Server::with_handler(handler);
            // Retries after a 429 end with the time of the policy, which is short here.
            let time = Duration::from_secs(if name.starts_with("429") { 2 } else { 60 });
            let client = client_for(&server.base_url()).retry(Retry::new(3, time));
            // For other faults, a slow machine must not cause a timeout.
            let times_out = matches!(name, "one byte a second" | "silence");
            let timeout = Duration::from_secs(if times_out { 1 } else { 20 });
            let client = client.timeout(timeout).build().unwrap();
            let started = Instant::now();
            let result = client.update_contacts(order(), &update());
            let requests = format!("{} PUT, {} GET", server.puts(), server.gets());
            line(name, result, &requests, started.elapsed())
        })
    });
    let rows: Vec<_> = rows.collect();
    let lines: Vec<_> = rows.into_iter().map(|row| row.join().unwrap()).collect();
    lines.join("\n")
}

#[test]
fn every_fault_has_its_outcome() {
    insta::assert_snapshot!(lines(rows()));
}

#[test]
fn every_fault_after_the_update_was_applied_has_its_outcome() {
    let rows = rows().into_iter();
    let rows = rows.map(|(name, handler)| (name, applied(handler)));
    insta::assert_snapshot!(lines(rows.collect()));
}
