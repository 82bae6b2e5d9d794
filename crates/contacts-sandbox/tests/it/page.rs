//! The page, as far as it can be tested without a browser; `make test-page` uses one.

use contacts_sandbox::{Fault, Sandbox};
use serde_json::Value;

use crate::client::{exchange, get, put, raw, send};

fn request(sandbox: &Sandbox, method: &str, path: &str, headers: &str) -> String {
    let request = format!("{method} {path} HTTP/1.1\r\n{headers}connection: close\r\n\r\n");
    raw(sandbox, request.as_bytes())
}

const JANE: &str = r#"{"contacts":[{"first_name":"<b>Jane</b>","last_name":"Doe","email":"j@example.com","contact_type":"technical_contact"}]}"#;
const LOCAL: &str = "host: localhost:1\r\n";

#[test]
fn the_page_loads_nothing_else() {
    let sandbox = Sandbox::start().unwrap();
    let response = request(&sandbox, "GET", "/", LOCAL);
    let (head, page) = response.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8"));
    for external in [
        "http:",
        "https:",
        "src=",
        "@import",
        "url(",
        "innerHTML",
        "NONCE",
    ] {
        assert!(!page.contains(external), "{external}");
    }
    let nonce = page.split_once("<script nonce=\"").unwrap().1;
    let nonce = nonce.split_once('"').unwrap().0;
    assert_eq!(page.matches(&format!("nonce=\"{nonce}\"")).count(), 2);
    let policy = format!(
        "content-security-policy: default-src 'none'; script-src 'nonce-{nonce}'; style-src \
         'nonce-{nonce}'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    );
    assert!(head.contains(&policy), "{head}");
    assert!(
        !request(&sandbox, "GET", "/", LOCAL).contains(nonce),
        "each page has its own"
    );
    assert!(sandbox.requests().is_empty(), "the page is not the API");
}

#[test]
fn the_page_gets_changes_and_requests() {
    let sandbox = Sandbox::start().unwrap();
    put(&sandbox, 100_000_005, JANE);
    let request = format!("GET /live HTTP/1.1\r\n{LOCAL}connection: close\r\n\r\n");
    let response = exchange(sandbox.address(), request.as_bytes());
    let live: Value = serde_json::from_str(&response.body).unwrap();
    assert_eq!(live["changes"][0]["common_name"], "mail.example.com");
    assert_eq!(live["changes"][0]["after"]["first_name"], "<b>Jane</b>");
    assert_eq!(live["changes_made"], 1);
    assert_eq!(live["latest_requests"][0]["status"], 204);
    assert_eq!(live["keys"][0]["windows"][1]["used"], 1);
    assert_eq!(live["latest_requests"][0]["error"], Value::Null);
    assert!(
        !response.body.contains(sandbox.api_key()),
        "no key is included"
    );
}

#[test]
fn the_page_shows_why_a_request_was_refused() {
    let sandbox = Sandbox::builder()
        .fault(Fault::html().method("DELETE"))
        .start()
        .unwrap();
    get(&sandbox, "order/certificate/5");
    send(&sandbox, "a wrong key", "GET", "user/me", "");
    send(&sandbox, sandbox.api_key(), "DELETE", "user/me", "");
    let errors = sandbox.requests().into_iter().map(|request| request.error);
    let [unknown, key, page] = <[_; 3]>::try_from(errors.collect::<Vec<_>>()).unwrap();
    assert_eq!(
        unknown.unwrap(),
        "not_found|order: The order does not exist in this account."
    );
    assert!(
        key.unwrap()
            .starts_with("access_denied|access_denied_invalid_key: ")
    );
    assert_eq!(page, None, "an HTML page has no code");
}

#[test]
fn the_page_finds_an_order() {
    let sandbox = Sandbox::start().unwrap();
    put(&sandbox, 100_000_005, JANE);
    put(&sandbox, 100_000_006, JANE);
    let find = |id| {
        let request = format!("GET /live/orders/{id} HTTP/1.1\r\n{LOCAL}connection: close\r\n\r\n");
        exchange(sandbox.address(), request.as_bytes())
    };
    let found: Value = serde_json::from_str(&find("100000005").body).unwrap();
    assert_eq!(found["order"]["id"], 100_000_005);
    assert_eq!(found["order"]["technical_contact"]["last_name"], "Doe");
    assert_eq!(found["changes"].as_array().unwrap().len(), 1);
    assert_eq!(find("200000001").code(), "404 not_found|order");
    assert_eq!(find("x").code(), "400 sandbox_query_invalid");
    assert_eq!(sandbox.requests().len(), 2, "the page is not the API");
}

#[test]
fn another_host_name_is_rejected() {
    let sandbox = Sandbox::start().unwrap();
    for path in ["/", "/live", "/live/orders/100000001"] {
        for host in [
            "evil.example",
            "localhost.evil.example",
            "10.0.0.1:80",
            "0.0.0.0",
        ] {
            let response = request(&sandbox, "GET", path, &format!("host: {host}\r\n"));
            assert!(response.starts_with("HTTP/1.1 403 "), "{path} {host}");
            assert!(response.contains("sandbox_loopback_only"), "{path} {host}");
        }
        let post = request(&sandbox, "POST", path, LOCAL);
        assert!(post.starts_with("HTTP/1.1 405 "), "{post}");
        assert!(post.contains("\r\nallow: GET\r\n"), "{post}");
    }
}
