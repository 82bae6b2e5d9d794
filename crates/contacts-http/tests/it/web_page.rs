//! Web pages of a CDN or a proxy in place of a response of the API.

use contacts_core::Outcome;
use contacts_http::{Client, Error, OrderFilter, Retry};

use crate::server::{KEY, Server, chain, client_for, order, update};

const PAGE: &str = include_str!("fixtures/page_of_a_cdn.html");
const HEADERS: &str =
    "content-type: text/html\r\nx-iinfo: 5-1234-0 0NNN RT(1)\r\nx-cdn: Imperva\r\n";

fn server(status: &str) -> Server {
    Server::with_status(status, HEADERS, PAGE)
}

/// The error of each call but the update.
fn errors_of_reads(client: &Client) -> [Error; 4] {
    let mut orders = client.orders(OrderFilter::default());
    [
        client.order(order()).unwrap_err(),
        client.whoami().unwrap_err(),
        orders.next().unwrap().unwrap_err(),
        client.order_report().unwrap_err(),
    ]
}

#[test]
fn a_page_says_nothing_about_the_key_the_order_or_the_report() {
    for status in [
        "200 OK",
        "202 Accepted",
        "400 Bad Request",
        "401 Unauthorized",
        "403 Forbidden",
        "404 Not Found",
        "405 Not Allowed",
        "500 Error",
        "503 Unavailable",
    ] {
        let client = server(status).client();
        for error in errors_of_reads(&client) {
            assert!(error.is_unavailable(), "{error}");
            assert!(!error.is_auth() && !error.is_not_found(), "{error}");
            assert!(
                !error.has_no_report() && !error.is_rate_limited(),
                "{error}"
            );
            assert_eq!(error.outcome(), Outcome::Rejected);
            let page = "with a web page titled \"Request blocked\" from Imperva (x-cdn) instead of";
            assert!(error.to_string().contains(page), "{error}");
        }
        let error = client.update_contacts(order(), &update()).unwrap_err();
        assert!(error.is_unavailable() && !error.is_auth(), "{error}");
        let rejected = ["400", "404", "405"].contains(&&status[..3]);
        assert_eq!(error.outcome() == Outcome::Rejected, rejected, "{error}");
    }
}

#[test]
fn the_message_says_what_came_from_whom_and_what_to_do() {
    let client = server("403 Forbidden").client();
    let error = client.order(order()).unwrap_err();
    insta::assert_snapshot!(error, @r#"order 100000001 could not be read: the server answered 403 with a web page titled "Request blocked" from Imperva (x-cdn) instead of DigiCert's JSON; the request was blocked on the way: check the base URL and the proxy"#);
    let client = server("200 OK").client();
    let error = client.update_contacts(order(), &update()).unwrap_err();
    insta::assert_snapshot!(error, @r#"the contacts of order 100000001 could not be changed: the server answered 200 with a web page titled "Request blocked" from Imperva (x-cdn) instead of DigiCert's JSON; the request was blocked on the way: check the base URL and the proxy; the change may have been applied: read the order"#);
    let text = "content-type: text/plain\r\nserver: cloudflare\r\ncf-ray: 7d1-FRA\r\n";
    let server = Server::with_status("403 Forbidden", text, "error code: 1020");
    let error = server.client().whoami().unwrap_err();
    assert!(error.is_unavailable() && !error.is_auth());
    insta::assert_snapshot!(error, @"the API key could not be looked up: the server answered 403 with text `error code: 1020` from Cloudflare (cf-ray) instead of DigiCert's JSON; the request was blocked on the way: check the base URL and the proxy");
}

#[test]
fn a_page_with_a_wrong_content_type_is_recognized_and_json_is_none() {
    let json = "content-type: application/json\r\n";
    let page = format!("\u{FEFF}\r\n<!DOCTYPE html>\n{PAGE}");
    let server = Server::with_status("403 Forbidden", json, &page);
    assert!(!server.client().whoami().unwrap_err().is_auth());

    let html = "content-type: text/html\r\n";
    let body = r#"{"errors":[{"code":"access_denied|access_denied_invalid_key"}]}"#;
    let server = Server::with_status("403 Forbidden", html, body);
    assert!(server.client().whoami().unwrap_err().is_auth());
    let server = Server::with_status("200 OK", html, "\u{FEFF}{\"id\": 100000001}");
    assert!(server.client().order(order()).is_ok());
    let xml = "<errors><error><code>not_found|order</code></error></errors>";
    let server = Server::with_status("404 Not Found", html, xml);
    assert!(server.client().order(order()).unwrap_err().is_not_found());
}

#[test]
fn a_page_of_any_size_is_recognized() {
    let page = PAGE.to_owned() + &"x".repeat(5 << 20);
    for status in ["200 OK", "403 Forbidden"] {
        let client = Server::with_status(status, "", &page).client();
        for error in errors_of_reads(&client) {
            assert!(error.to_string().contains("\"Request blocked\""), "{error}");
        }
    }
}

#[test]
fn a_page_is_retried_as_its_status_says() {
    for (status, attempts, is_retryable) in [
        ("200 OK", 1, true),
        ("403 Forbidden", 1, true),
        ("404 Not Found", 1, false),
        ("501 Not Implemented", 1, false),
        ("503 Unavailable", 2, true),
    ] {
        let server = server(status);
        let retry = Retry::new(2, std::time::Duration::from_secs(60));
        let client = client_for(&server.base_url()).retry(retry).build().unwrap();
        let error = client.order(order()).unwrap_err();
        assert_eq!(error.attempts(), attempts, "{status}");
        assert_eq!(error.is_retryable(), is_retryable, "{status}");
    }
}

#[test]
fn a_page_with_429_is_about_the_rate_limit() {
    let error = server("429 Too Many").client().order(order()).unwrap_err();
    assert!(error.is_rate_limited() && !error.is_unavailable());
}

const JSON: &str = "content-type: application/json\r\nserver: cloudflare\r\ncf-ray: 7d1-FRA\r\n";

#[test]
fn an_error_without_a_code_of_digicert_is_not_about_the_key_or_the_report() {
    for body in [
        "",
        r#"{"message":"Forbidden"}"#,
        r#"{"type":"about:blank","title":"Forbidden","status":403,"detail":"Your IP is not allowed"}"#,
        r#"{"error":"access_denied","error_description":"log in"}"#,
        r#"{"blocked":true}"#,
        r#"{"errors":["text"]}"#,
        r#"{"errors":[{"code":"access_denied|acc"#,
        "<Error><Code>AccessDenied</Code></Error>",
        "[proxy-7] access denied by policy",
        "{% block title %}<html>",
        "\"Forbidden\"",
    ] {
        for status in ["401 Unauthorized", "403 Forbidden", "404 Not Found"] {
            let client = Server::with_status(status, JSON, body).client();
            for error in errors_of_reads(&client) {
                assert!(error.is_unavailable(), "{error}");
                assert!(!error.is_auth() && !error.has_no_report(), "{error}");
            }
            let error = client.update_contacts(order(), &update()).unwrap_err();
            let outcome = match status {
                "404 Not Found" => Outcome::Rejected,
                _ => Outcome::Unknown,
            };
            assert_eq!(error.outcome(), outcome, "{error}");
        }
    }
}

#[test]
fn each_status_has_one_cause_and_one_advice() {
    let message = |status: &str, body: &str| {
        let server = Server::with_status(status, JSON, body);
        let error = server.client().order(order()).unwrap_err().to_string();
        error.replace("order 100000001 could not be read: ", "")
    };
    let problem = r#"{"title":"Forbidden","status":403,"detail":"Your IP is not allowed"}"#;
    let lines = [
        ("200 OK", "OK"),
        ("403 Forbidden", problem),
        ("403 Forbidden", r#"{"blocked":true}"#),
        ("401 Unauthorized", ""),
        ("404 Not Found", "no route"),
        ("413 Too Large", "nginx"),
        ("429 Too Many", "slow down"),
        ("451 Legal", "no"),
        ("502 Bad Gateway", "upstream connect error"),
        ("511 Network Authentication Required", "log in"),
    ];
    let lines = lines.map(|(status, body)| message(status, body));
    insta::assert_snapshot!(lines.join("\n"), @r#"
    the server answered 200 with text from Cloudflare (cf-ray) instead of DigiCert's JSON; the request was blocked on the way: check the base URL and the proxy
    the server answered 403 with JSON from Cloudflare (cf-ray) without an error code of DigiCert: Forbidden: Your IP is not allowed; the request was blocked on the way: check the base URL and the proxy
    the server answered 403 with JSON `{"blocked":true}` from Cloudflare (cf-ray) without an error code of DigiCert; the request was blocked on the way: check the base URL and the proxy
    the server answered 401 with an empty body from Cloudflare (cf-ray) instead of DigiCert's JSON; the request was blocked on the way: check the base URL and the proxy
    the server answered 404 with text `no route` from Cloudflare (cf-ray) instead of DigiCert's JSON; the address is wrong: check the base URL
    the server answered 413 with text `nginx` from Cloudflare (cf-ray) instead of DigiCert's JSON; the request was rejected on the way: check the base URL and the proxy
    the server answered 429 with text `slow down` from Cloudflare (cf-ray) instead of DigiCert's JSON; too many requests: wait before the next one
    the server answered 451 with text `no` from Cloudflare (cf-ray) instead of DigiCert's JSON; the request was blocked on the way: check the base URL and the proxy
    the server answered 502 with text `upstream connect error` from Cloudflare (cf-ray) instead of DigiCert's JSON; the service, or a proxy in front of it, is unavailable: try again later
    the server answered 511 with text `log in` from Cloudflare (cf-ray) instead of DigiCert's JSON; the request was blocked on the way: check the base URL and the proxy
    "#);
}

#[test]
fn a_rejected_key_and_a_missing_permission_say_what_to_do() {
    let message = |body: &str| {
        let server = Server::with_status("403 Forbidden", "", body);
        let error = server.client().order(order()).unwrap_err();
        (error.is_auth(), error.is_unavailable(), error.to_string())
    };
    let key = r#"{"errors":[{"code":"access_denied|access_denied_invalid_key","message":"Access denied"}]}"#;
    let (is_auth, is_unavailable, text) = message(key);
    assert!(is_auth && !is_unavailable);
    insta::assert_snapshot!(text, @"order 100000001 could not be read: the server answered 403: access_denied|access_denied_invalid_key: Access denied; the key was not accepted: use another key");
    let role = r#"{"errors":[{"code":"access_denied|missing_permission","message":"No."}]}"#;
    let (is_auth, is_unavailable, text) = message(role);
    assert!(is_auth && !is_unavailable);
    insta::assert_snapshot!(text, @"order 100000001 could not be read: the server answered 403: access_denied|missing_permission: No.; the key does not permit this: give it another role, or use another key");
    // Another code is about this order alone.
    let (is_auth, is_unavailable, text) = message(r#"{"errors":[{"code":"order_locked"}]}"#);
    assert!(!is_auth && !is_unavailable);
    insta::assert_snapshot!(text, @"order 100000001 could not be read: the server answered 403: order_locked");
}

#[test]
fn a_key_that_is_not_accepted_and_one_that_does_not_permit_a_request_are_distinguished() {
    let kind = |status: &str, body: &str| {
        let error = Server::with_status(status, JSON, body)
            .client()
            .order(order());
        let error = error.unwrap_err();
        (error.is_unauthorized(), error.is_permission_denied())
    };
    let code = |code: &str| format!(r#"{{"errors":[{{"code":"{code}"}}]}}"#);
    let (unauthorized, denied, neither) = ((true, false), (false, true), (false, false));
    for (status, body, expected) in [
        ("401 No", code("access_denied"), unauthorized),
        ("401 No", code("session_expired"), unauthorized),
        (
            "403 No",
            code("access_denied|access_denied_invalid_key"),
            unauthorized,
        ),
        ("403 No", code("access_denied|missing_permission"), denied),
        ("403 No", code("access_denied"), denied),
        ("403 No", code("order_locked"), denied),
        (
            "400 No",
            code("access_denied|access_denied_invalid_key"),
            neither,
        ),
        ("401 No", String::new(), neither),
        ("403 No", r#"{"message":"Forbidden"}"#.to_owned(), neither),
    ] {
        assert_eq!(kind(status, &body), expected, "{status} {body}");
    }
}

#[test]
fn a_success_with_errors_shows_them() {
    let body = r#"{"errors":[{"code":"access_denied|x","message":"Access denied"}]}"#;
    let client = Server::with_status("200 OK", JSON, body).client();
    for error in errors_of_reads(&client) {
        assert!(error.is_unavailable() && !error.has_no_report(), "{error}");
        let shown = "the server answered 200: access_denied|x: Access denied";
        assert!(error.to_string().ends_with(shown), "{error}");
    }
    let client = Server::with_status("200 OK", JSON, r#"{"error":"login_required"}"#).client();
    for error in errors_of_reads(&client) {
        assert!(error.to_string().contains("login_required"), "{error}");
    }
}

#[test]
fn a_value_split_over_lines_or_escaped_is_redacted() {
    let title = format!("{KEY} Jane\n\tDoe jane.doe&#64;example.com");
    let page = format!("<html><title>{title}</title>");
    let server = Server::with_status("403 No", "", &page);
    let error = server.client().update_contacts(order(), &update());
    let shown = error.unwrap_err().to_string();
    assert!(
        shown.contains("\"[redacted] [redacted] [redacted] [redacted]\""),
        "{shown}"
    );
    let text = "RBAC: Jane \u{1b}[2J of jane.doe@example.com";
    let server = Server::with_status("403 No", "", text);
    let error = server.client().update_contacts(order(), &update());
    let shown = error.unwrap_err().to_string();
    assert!(
        shown.contains("`RBAC: [redacted] \u{FFFD}[2J of [redacted]`"),
        "{shown}"
    );
}

#[test]
fn the_title_and_the_sender_are_redacted_and_safe_to_print() {
    let title = format!("{KEY} \u{1b}[2J Jane Doe jane.doe@example.com olga@example.com");
    let headers = format!("server: {KEY}\r\nvia: jane.doe@example.com\r\n");
    let server = Server::with_status("403 No", &headers, &format!("<html><title>{title}</title>"));
    let error = server
        .client()
        .update_contacts(order(), &update())
        .unwrap_err();
    let shown = format!("{} {error:?}", chain(&error));
    for secret in [KEY, "Jane", "Doe", "jane.doe", "olga", "\u{1b}"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
    assert!(
        shown.contains("titled \"[redacted] \u{FFFD}[2J [redacted] [redacted]"),
        "{shown}"
    );
}
