//! The fault matrix: what a client says of everything that a server can do to a change.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use contacts_core::Outcome;
use contacts_http::{Error, Retry};

use crate::server::{Log, Server, client_for, order, read_request, update};
use crate::tls;

/// What a server does to a connection.
type Act = Box<dyn Fn(TcpStream, &Log) + Send + Sync>;

/// Reads the request, then writes these bytes and closes.
fn answers(bytes: impl Into<Vec<u8>>) -> Act {
    let bytes = bytes.into();
    Box::new(move |mut stream, log| {
        log.lock().unwrap().push(read_request(&mut stream));
        let _ = stream.write_all(&bytes);
    })
}

fn status(status: &str, headers: &str, body: &str) -> Act {
    let length = body.len();
    answers(format!(
        "HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\n\r\n{body}"
    ))
}

/// Reads the request, then does something that closes the connection in the end.
fn then(act: impl Fn(TcpStream) + Send + Sync + 'static) -> Act {
    Box::new(move |mut stream, log| {
        log.lock().unwrap().push(read_request(&mut stream));
        act(stream);
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
const ERROR: &str = r#"{"errors":[{"code":"not_found|order","message":"No such order."}]}"#;

fn rows() -> Vec<(&'static str, Act)> {
    let mut rows = broken();
    rows.extend(limited());
    rows.extend(statuses());
    rows
}

/// Servers that don't keep to HTTP, or to reason.
fn broken() -> Vec<(&'static str, Act)> {
    vec![
        ("closed before reading", Box::new(|stream, _| drop(stream))),
        ("closed after reading", then(drop)),
        ("closed within the head", answers("HTTP/1.1 204 No Con")),
        (
            "half a body of an error",
            answers("HTTP/1.1 404 Not Found\r\ncontent-length: 99\r\n\r\n{"),
        ),
        ("one byte a second", then(drip)),
        (
            "silence",
            then(|stream| {
                let _ = stream.take(1).read(&mut [0]);
            }),
        ),
        ("garbage", answers("220 smtp.example.com ESMTP\r\n\r\n")),
        ("http/1.0", answers("HTTP/1.0 204 No Content\r\n\r\n")),
        (
            "100 unasked, then 204",
            answers("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n"),
        ),
        (
            "204 with a body",
            answers("HTTP/1.1 204 No Content\r\ncontent-length: 2\r\n\r\nxx"),
        ),
        (
            "two lengths",
            answers("HTTP/1.1 204 No Content\r\ncontent-length: 0\r\ncontent-length: 5\r\n\r\n"),
        ),
        (
            "no length",
            answers("HTTP/1.1 404 Not Found\r\ncontent-length: x\r\n\r\n"),
        ),
        (
            "10,000 headers",
            answers(format!(
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

fn limited() -> Vec<(&'static str, Act)> {
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

fn statuses() -> Vec<(&'static str, Act)> {
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

/// How many seconds a call may take at most where one try has 1 s and there are 3: what the waits
/// between them add up to, and the time limits that run out.
fn at_most(name: &str) -> f64 {
    match name {
        "one byte a second" | "silence" => 3.0 + 1.5,
        "closed before reading"
        | "closed after reading"
        | "closed within the head"
        | "408 Timeout"
        | "500 Error"
        | "502 Gateway"
        | "503 Unavailable"
        | "504 Timeout" => 1.5,
        // The time that this test gives a 429.
        "429 and 0" | "429 and 1" | "429 and a date long past" => 2.0,
        _ => 0.0,
    }
}

/// One line of the matrix.
fn told(name: &str, result: Result<(), Error>, requests: usize, took: Duration) -> String {
    // For the work itself, on a machine that does other things as well.
    const SLACK: f64 = 5.0;
    let at_most = at_most(name);
    assert!(took.as_secs_f64() < at_most + SLACK, "{name}: {took:?}");
    let Err(error) = result else {
        return format!("{name}: changed | {requests} requests | {at_most} s of waiting at most");
    };
    let kinds = [
        (error.is_connect(), "connect"),
        (error.is_tls(), "tls"),
        (error.is_timeout(), "timeout"),
        (error.is_auth(), "auth"),
        (error.is_not_found(), "not found"),
        (error.is_rate_limited(), "rate limited"),
        (error.is_retryable(), "retryable"),
        (error.is_unavailable(), "unavailable"),
    ];
    let kinds: Vec<_> = kinds
        .iter()
        .filter(|kind| kind.0)
        .map(|kind| kind.1)
        .collect();
    let message = error.to_string();
    let message = message.split_once("could not be changed: ").unwrap().1;
    assert!(
        !message.contains('\u{1b}') && !message.contains("html"),
        "{message}"
    );
    format!(
        "{name}: {} | {requests} requests | {at_most} s of waiting at most | {} | {message}",
        error.outcome(),
        kinds.join(", ")
    )
}

#[test]
fn every_fault_has_its_outcome() {
    let rows = rows().into_iter().map(|(name, act)| {
        thread::spawn(move || {
            let server = Server::acting(act);
            // A 429 is waited for as long as everything else, and here that is not long.
            let time = Duration::from_secs(if name.starts_with("429") { 2 } else { 60 });
            let client = client_for(&server.base_url()).retry(Retry::new(3, time));
            // Elsewhere a slow machine must not run out of it.
            let runs_out = matches!(name, "one byte a second" | "silence");
            let timeout = Duration::from_secs(if runs_out { 1 } else { 20 });
            let client = client.timeout(timeout).build().unwrap();
            let begin = Instant::now();
            let result = client.update_contacts(order(), &update());
            let requests = server.requests();
            assert!(
                requests
                    .iter()
                    .all(|r| r.is_empty() || r.starts_with("PUT ")),
                "{requests:?}"
            );
            told(name, result, requests.len(), begin.elapsed())
        })
    });
    let rows: Vec<_> = rows.collect();
    let told: Vec<_> = rows.into_iter().map(|row| row.join().unwrap()).collect();
    let told = told.join("\n");
    insta::assert_snapshot!(told);
}

#[test]
fn nobody_there_is_told_after_three_attempts() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let named = [
        ("refused", base_url.as_str()),
        ("no such host", "https://no-such-host.invalid/v2"),
    ];
    let told: Vec<_> = named
        .map(|(name, url)| {
            let client = client_for(url).retry(Retry::default()).build().unwrap();
            let result = client.update_contacts(order(), &update());
            told(name, result, 0, Duration::ZERO)
        })
        .to_vec();
    insta::assert_snapshot!(told.join("\n"), @"
    refused: not-sent | 0 requests | 0 s of waiting at most | connect, retryable, unavailable | no connection (after 3 attempts)
    no such host: not-sent | 0 requests | 0 s of waiting at most | connect, retryable, unavailable | no connection (after 3 attempts)
    ");
}

#[test]
fn a_certificate_that_proves_nothing_stops_the_key() {
    let told: Vec<_> = tls::CASES
        .map(|case| {
            let server = tls::Server::start(case);
            let builder = client_for(&server.base_url()).retry(Retry::default());
            let client = builder.ca_bundle(server.ca_bundle()).build().unwrap();
            let result = client.update_contacts(order(), &update());
            told(case.name(), result, server.requests(), Duration::ZERO)
        })
        .to_vec();
    insta::assert_snapshot!(told.join("\n"), @"
    right: changed | 1 requests | 0 s of waiting at most
    self-signed: not-sent | 0 requests | 0 s of waiting at most | tls, unavailable | TLS handshake failed, or the certificate is not trusted
    expired: not-sent | 0 requests | 0 s of waiting at most | tls, unavailable | TLS handshake failed, or the certificate is not trusted
    wrong name: not-sent | 0 requests | 0 s of waiting at most | tls, unavailable | TLS handshake failed, or the certificate is not trusted
    unknown issuer: not-sent | 0 requests | 0 s of waiting at most | tls, unavailable | TLS handshake failed, or the certificate is not trusted
    ");
}

#[test]
fn a_client_certificate_is_shown_to_a_server_that_asks() {
    let server = tls::Server::start(tls::Case::AsksForCertificate);
    let builder = client_for(&server.base_url()).ca_bundle(server.ca_bundle());
    let (chain, key) = server.client_certificate();
    let client = builder.client_certificate(chain, key).build().unwrap();
    client.update_contacts(order(), &update()).unwrap();
    assert_eq!(server.requests(), 1);
}

#[test]
fn plain_http_where_tls_is_expected_was_sent_nothing() {
    let plain = Server::acting(|mut stream, _| {
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    let silent = Server::acting(|mut stream, log| {
        log.lock().unwrap().push(read_request(&mut stream));
    });
    let refusal = |server: &Server| {
        let base_url = format!("https://{}", server.address);
        let client = client_for(&base_url).build().unwrap();
        client.update_contacts(order(), &update()).unwrap_err()
    };
    let error = refusal(&plain);
    assert!(error.is_tls(), "{error:?}");
    assert_eq!(error.outcome(), Outcome::NotSent);
    let error = refusal(&silent);
    assert!(error.is_timeout(), "{error:?}");
    assert_eq!(
        error.outcome(),
        Outcome::NotSent,
        "the handshake never ended"
    );
    assert!(!silent.requests().iter().any(|r| r.contains("PUT")));
}

#[test]
fn encryption_that_breaks_after_the_request_hides_nothing() {
    let server = tls::Server::start(tls::Case::PlainAnswer);
    let builder = client_for(&server.base_url()).ca_bundle(server.ca_bundle());
    let error = builder
        .build()
        .unwrap()
        .update_contacts(order(), &update())
        .unwrap_err();
    assert_eq!(server.requests(), 1);
    assert_eq!(error.outcome(), Outcome::Unknown, "{error:?}");
    assert!(!error.is_tls(), "that would say that nothing was sent");
}

#[test]
fn a_proxy_that_refuses_was_sent_nothing() {
    let server = Server::answering_status("403 Forbidden", "", "");
    let proxy =
        contacts_http::Proxy::parse(&format!("http://u:secret@{}", server.address)).unwrap();
    let client = client_for("https://api.invalid/v2")
        .proxy(proxy)
        .build()
        .unwrap();
    let error = client.update_contacts(order(), &update()).unwrap_err();
    assert!(error.is_connect());
    let requests = server.requests();
    assert!(
        requests[0].starts_with("CONNECT api.invalid:443 HTTP/1.1\r\n"),
        "{requests:?}"
    );
    assert!(
        !requests[0].contains("Marker"),
        "the key is not for the proxy"
    );
    assert!(!crate::server::chain(&error).contains("secret"));
}

#[test]
fn a_change_goes_through_a_proxy_and_the_proxy_sees_no_key() {
    // Its certificate is for another name than loopback's, which no proxy is asked for.
    let server = tls::Server::start(tls::Case::WrongName);
    let target = server.address();
    let proxy = Server::acting(move |mut stream, log| {
        log.lock().unwrap().push(read_request(&mut stream));
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
        let mut there = TcpStream::connect(target).unwrap();
        let mut back = (there.try_clone().unwrap(), stream.try_clone().unwrap());
        thread::spawn(move || std::io::copy(&mut back.0, &mut back.1));
        let _ = std::io::copy(&mut stream, &mut there);
    });
    let setting = contacts_http::Proxy::parse(&format!("http://{}", proxy.address)).unwrap();
    let client = client_for("https://other.example/v2").proxy(setting);
    let client = client.ca_bundle(server.ca_bundle()).build().unwrap();
    client.update_contacts(order(), &update()).unwrap();
    assert_eq!(server.requests(), 1);
    let seen = proxy.requests();
    assert!(seen[0].starts_with("CONNECT other.example:443 HTTP/1.1\r\n"));
    assert!(!seen.concat().contains("Marker"));
}

#[test]
fn a_proxy_that_answers_bit_by_bit_is_held_to_the_time_limit() {
    let server = Server::acting(|mut stream, log| {
        log.lock().unwrap().push(read_request(&mut stream));
        for byte in b"HTTP/1.1 200 OK\r\nx: "
            .iter()
            .chain([b'y'].iter().cycle())
        {
            thread::sleep(Duration::from_millis(100));
            if stream.write_all(&[*byte]).is_err() {
                return;
            }
        }
    });
    let proxy = contacts_http::Proxy::parse(&format!("http://{}", server.address)).unwrap();
    let client = client_for("https://api.invalid/v2").proxy(proxy);
    let client = client.timeout(Duration::from_secs(1)).build().unwrap();
    let begin = Instant::now();
    let error = client.update_contacts(order(), &update()).unwrap_err();
    assert!(begin.elapsed() < Duration::from_secs(3), "{error:?}");
    assert!(error.is_timeout(), "{error:?}");
    assert_eq!(error.outcome(), Outcome::NotSent);
}

#[test]
fn a_server_that_closes_after_every_answer_costs_no_update() {
    let server = Server::answering("HTTP/1.1 204 No Content\r\n\r\n");
    let client = client_for(&server.base_url())
        .retry(Retry::default())
        .rate_limits([]);
    let client = client.build().unwrap();
    for _ in 0..2000 {
        client.update_contacts(order(), &update()).unwrap();
    }
}
