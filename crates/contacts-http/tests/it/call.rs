//! Calls other than reading and updating one order.

use std::io::{Read, Write};

use contacts_http::{ApiKey, BaseUrl, Client};
use contacts_sandbox::Sandbox;

use crate::server::{Server, read_request};

pub(crate) fn client(sandbox: &Sandbox) -> Client {
    let builder = Client::builder(ApiKey::parse(sandbox.api_key()).unwrap());
    let builder = builder.base_url(BaseUrl::parse(&sandbox.base_url()).unwrap());
    builder.build().unwrap()
}

const REPORT: &str =
    "order_id,status,tech_email,csr\n\"1\",\"issued\",\"j@example.com\",\"a\nb\"\n";

#[test]
fn the_report_is_a_stream() {
    let server = Server::with_status("200 OK", "content-type: text/csv\r\n", REPORT);
    let mut text = String::new();
    server
        .client()
        .order_report()
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    assert_eq!(text, REPORT);
    assert!(server.requests()[0].contains("accept: text/csv\r\n"));
}

#[test]
fn the_start_of_a_report_can_arrive_in_parts() {
    let server = Server::with_handler(|mut stream, log| {
        log.lock().unwrap().push(read_request(&mut stream));
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
        for part in ["\u{FEFF}", "ord", "er_id\n", "\"1\"\n"] {
            let _ = write!(stream, "{:x}\r\n{part}\r\n", part.len());
            std::thread::sleep(std::time::Duration::from_millis(30));
        }
        let _ = stream.write_all(b"0\r\n\r\n");
    });
    let mut text = String::new();
    server
        .client()
        .order_report()
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    assert_eq!(text, "\u{FEFF}order_id\n\"1\"\n");
}

#[test]
fn an_account_without_a_report_is_recognized() {
    let csv = "content-type: text/csv\r\n";
    let no_route = r#"{"errors":[{"code":"not_found|route"}]}"#;
    let no_permission = r#"{"errors":[{"code":"access_denied|missing_permission"}]}"#;
    for (status, headers, body) in [
        ("404 Not Found", "", no_route),
        ("403 Forbidden", "", no_permission),
        ("200 OK", csv, "id,x\n1,2\n"),
    ] {
        let server = Server::with_status(status, headers, body);
        let error = server.client().order_report().unwrap_err();
        assert!(error.has_no_report(), "{status}");
        assert!(
            error
                .to_string()
                .contains("list the orders and read each instead"),
            "{error}"
        );
    }
    let wrong_key = r#"{"errors":[{"code":"access_denied|access_denied_invalid_key"}]}"#;
    for (status, headers, body) in [
        ("403 Forbidden", "", wrong_key),
        ("500 Error", "", ""),
        ("200 OK", "", "<html>"),
        ("200 OK", csv, "<html>"),
        ("200 OK", csv, "<order><id>7</id></order>"),
        ("200 OK", csv, ""),
        ("200 OK", csv, "{}"),
        ("200 OK", csv, wrong_key),
        ("200 OK", "", "no such report"),
        (
            "200 OK",
            "content-type: text/csv\r\ncontent-encoding: gzip\r\n",
            "\u{1f}\u{8b}",
        ),
        ("403 Forbidden", "", ""),
        ("403 Forbidden", "", "<html>"),
        ("404 Not Found", "", ""),
        ("404 Not Found", "", "<html>"),
        ("404 Not Found", "", r#"{"message":"no route"}"#),
    ] {
        let server = Server::with_status(status, headers, body);
        let error = server.client().order_report().unwrap_err();
        assert!(!error.has_no_report(), "{status} {body}");
        assert_eq!(
            error.is_auth(),
            status.starts_with("403") && body == wrong_key
        );
        assert_eq!(error.is_unavailable(), !error.is_auth(), "{status} {body}");
    }
}

#[test]
fn a_truncated_report_is_an_error() {
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n";
    let server = Server::with_response(format!("{head}{REPORT}"));
    let mut report = server.client().order_report().unwrap();
    assert!(report.read_to_string(&mut String::new()).is_err());
}

#[test]
fn whoami_returns_the_user_of_the_key() {
    let sandbox = Sandbox::start().unwrap();
    let user = client(&sandbox).whoami().unwrap();
    assert_eq!(
        (user.id, user.username.as_deref()),
        (Some(1), Some("sandbox"))
    );
    assert_eq!(user.access_roles[0].id, Some(1));
    assert!(!format!("{user:?}").contains("sandbox"));
}

#[test]
fn a_response_that_repeats_the_key_is_redacted() {
    let body = r#"{"id": 100000001, "status": "Marker-Key-4711", "certificate": {"common_name": "x Marker-Key-4711"}}"#;
    let server = Server::with_status("200 OK", "", body);
    let order = server.client().order(crate::server::order()).unwrap();
    assert_eq!(order.common_name.as_deref(), Some("x [redacted]"));
    assert_eq!(order.status.as_deref(), Some("[redacted]"));
}

#[test]
fn an_order_without_an_id_gets_the_id_of_the_request() {
    for id in [
        "",
        r#""id": null, "#,
        r#""id": "", "#,
        r#""id": "100000001", "#,
    ] {
        let body = format!("{{{id}\"status\": \"issued\"}}");
        let server = Server::with_status("200 OK", "", &body);
        let read = server.client().order(crate::server::order()).unwrap();
        assert_eq!(read.id, Some(crate::server::order()), "{body}");
    }
}

#[test]
fn a_response_that_is_not_an_order_is_an_error() {
    for body in ["{}", "[]", "", " "] {
        let server = Server::with_status("200 OK", "", body);
        let error = server.client().order(crate::server::order()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "order 100000001 could not be read: the response is not an order; check the base URL"
        );
        assert!(error.is_unavailable());
    }
}
