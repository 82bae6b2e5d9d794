//! The admin address.

use std::time::Duration;

use contacts_sandbox::{ManualClock, RateLimits, Sandbox};
use serde_json::Value;

use crate::client::{Response, exchange, get, put};

fn start() -> (Sandbox, ManualClock) {
    let clock = ManualClock::default();
    let limits = RateLimits::new([(3, Duration::from_secs(60))]);
    let sandbox = Sandbox::builder()
        .admin(([127, 0, 0, 1], 0).into())
        .clock(clock.clone())
        .rate_limits(limits)
        .start()
        .unwrap();
    (sandbox, clock)
}

fn send_with_headers(
    sandbox: &Sandbox,
    method: &str,
    path: &str,
    headers: &str,
    body: &str,
) -> Response {
    let url = sandbox.admin_url().unwrap();
    let address = url.strip_prefix("http://").unwrap();
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nconnection: close\r\n{headers}content-length: {length}\r\n\r\n{body}"
    );
    exchange(address.parse().unwrap(), request.as_bytes())
}

fn send(sandbox: &Sandbox, method: &str, path: &str, body: &str) -> Response {
    send_with_headers(sandbox, method, path, "host: localhost:1\r\n", body)
}

const BODY: &str = r#"{"contacts":[{"first_name":"Jane","last_name":"Doe","email":"j@example.com","contact_type":"technical_contact"}]}"#;

#[test]
fn it_serves_the_records() {
    let (sandbox, clock) = start();
    clock.advance(Duration::from_millis(1500));
    put(&sandbox, 100_000_005, BODY);
    get(&sandbox, "user/me");
    let get_admin = |path: &str| send(&sandbox, "GET", path, "").body;
    insta::assert_snapshot!(get_admin("/state"), @r#"{"now":1.5,"orders":14,"statuses":{"expired":1,"issued":11,"pending":1,"reissue_pending":1},"requests":2,"changes":1,"leavers":["robin.leaver@example.com"],"keys":[{"key":"sand****","role":"unrestricted","windows":[{"used":2,"limit":3,"seconds":60.0}]},{"key":"sand****","role":"orders","windows":[{"used":0,"limit":3,"seconds":60.0}]},{"key":"sand****","role":"revoked","windows":[{"used":0,"limit":3,"seconds":60.0}]},{"key":"sand****","role":"view-only","windows":[{"used":0,"limit":3,"seconds":60.0}]}]}"#);
    insta::assert_snapshot!(get_admin("/requests"), @r#"[{"number":1,"at":1.5,"method":"PUT","target":"/services/v2/order/certificate/100000005/contact","status":204,"key":"sand****","fault":null,"error":null},{"number":2,"at":1.5,"method":"GET","target":"/services/v2/user/me","status":200,"key":"sand****","fault":null,"error":null}]"#);
    insta::assert_snapshot!(get_admin("/changes"), @r#"[{"number":1,"at":1.5,"order_id":100000005,"contact_type":"technical_contact","before":null,"after":{"first_name":"Jane","last_name":"Doe","email":"j@example.com"}}]"#);
    assert_eq!(
        get_admin("/orders/100000005/changes"),
        get_admin("/changes")
    );
    assert_eq!(get_admin("/changes?after=1"), "[]");
    assert_eq!(
        get_admin("/requests?after=1&limit=1"),
        get_admin("/requests?after=1")
    );
    assert!(get_admin("/orders/100000005").contains(r#""technical_contact":{"first_name":"Jane""#));
    assert_eq!(
        send(&sandbox, "GET", "/orders/1", "").code(),
        "404 not_found|order"
    );
    assert_eq!(
        send(&sandbox, "GET", "/orders/x", "").code(),
        "400 sandbox_query_invalid"
    );
    assert_eq!(send(&sandbox, "GET", "/", "").code(), "404 not_found|route");
}

#[test]
fn it_adds_and_removes_faults() {
    let (sandbox, _) = start();
    let fault = r#"{"action": "status", "status": 500, "next": 1}"#;
    assert_eq!(send(&sandbox, "POST", "/faults", fault).body, r#"{"id":1}"#);
    assert_eq!(
        send(&sandbox, "POST", "/faults", "status=502").body,
        r#"{"id":2}"#
    );
    assert_eq!(get(&sandbox, "user/me").status, 500);
    assert_eq!(get(&sandbox, "user/me").status, 502);
    let listed = send(&sandbox, "GET", "/faults", "").body;
    assert_eq!(
        listed,
        r#"[{"id":2,"acted":1,"action":"status","status":502,"applied":false}]"#
    );
    assert_eq!(send(&sandbox, "DELETE", "/faults/2", "").code(), "204");
    assert_eq!(
        send(&sandbox, "DELETE", "/faults/2", "").code(),
        "404 sandbox_no_fault"
    );
    assert_eq!(get(&sandbox, "user/me").status, 200);
    assert_eq!(
        send(&sandbox, "POST", "/faults", "explode").code(),
        "400 sandbox_fault"
    );
    send(&sandbox, "POST", "/faults", "close");
    assert_eq!(send(&sandbox, "DELETE", "/faults", "").code(), "204");
    assert_eq!(sandbox.faults(), Value::Array(Vec::new()));
}

#[test]
fn it_advances_the_clock_and_clears_the_windows() {
    let (sandbox, clock) = start();
    let status = || get(&sandbox, "user/me").status;
    assert_eq!([(); 4].map(|()| status()), [200, 200, 200, 429]);
    let advanced = send(&sandbox, "POST", "/clock", r#"{"advance": 60}"#);
    assert_eq!(advanced.body, r#"{"now":60.0}"#);
    assert_eq!(clock.now(), Duration::from_secs(60));
    assert_eq!([(); 4].map(|()| status()), [200, 200, 200, 429]);
    assert_eq!(send(&sandbox, "DELETE", "/windows", "").status, 204);
    assert_eq!(status(), 200);
    for invalid in [
        "",
        r#"{"advance": -1}"#,
        r#"{"advance": 1e300}"#,
        r#"{"advance": "1"}"#,
    ] {
        assert_eq!(
            send(&sandbox, "POST", "/clock", invalid).code(),
            "400 sandbox_clock",
            "{invalid}"
        );
    }
}

#[test]
fn a_snapshot_is_saved_and_restored() {
    let (sandbox, _) = start();
    let before = send(&sandbox, "GET", "/snapshot", "").body;
    put(&sandbox, 100_000_005, BODY);
    assert_ne!(send(&sandbox, "GET", "/snapshot", "").body, before);
    assert_eq!(send(&sandbox, "PUT", "/snapshot", &before).code(), "204");
    assert_eq!(send(&sandbox, "GET", "/snapshot", "").body, before);
    assert_eq!(
        send(&sandbox, "PUT", "/snapshot", "{}").code(),
        "400 sandbox_snapshot"
    );
}

#[test]
fn it_rejects_pages_in_a_browser() {
    let (sandbox, _) = start();
    for headers in [
        "host: evil.example\r\n",
        "host: 127.0.0.1.evil.example:80\r\n",
        "host: localhost\r\norigin: https://evil.example\r\n",
        "host: localhost\r\norigin: null\r\n",
    ] {
        let response = send_with_headers(&sandbox, "POST", "/faults", headers, "close");
        assert_eq!(response.code(), "403 sandbox_loopback_only", "{headers}");
    }
    for headers in ["host: [::1]:80\r\n", "host: 127.0.0.1\r\n", ""] {
        assert_eq!(
            send_with_headers(&sandbox, "GET", "/state", headers, "").status,
            200,
            "{headers}"
        );
    }
}

#[test]
fn it_must_be_on_loopback() {
    let error = Sandbox::builder()
        .admin(([0, 0, 0, 0], 0).into())
        .start()
        .unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
    insta::assert_snapshot!(error, @"the admin address must be on loopback, since it needs no key");
    assert_eq!(Sandbox::start().unwrap().admin_url(), None);
}
