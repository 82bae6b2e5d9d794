//! The admin address.

use std::time::Duration;

use contacts_sandbox::{ManualClock, RateLimits, Sandbox};
use serde_json::Value;

use crate::client::{Answer, exchange, get, put};

fn start() -> (Sandbox, ManualClock) {
    let clock = ManualClock::default();
    let narrow = RateLimits::new([(3, Duration::from_secs(60))]);
    let sandbox = Sandbox::builder()
        .admin(([127, 0, 0, 1], 0).into())
        .clock(clock.clone())
        .rate_limits(narrow)
        .start()
        .unwrap();
    (sandbox, clock)
}

fn ask_with(sandbox: &Sandbox, method: &str, path: &str, headers: &str, body: &str) -> Answer {
    let url = sandbox.admin_url().unwrap();
    let address = url.strip_prefix("http://").unwrap();
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nconnection: close\r\n{headers}content-length: {length}\r\n\r\n{body}"
    );
    exchange(address.parse().unwrap(), request.as_bytes())
}

fn ask(sandbox: &Sandbox, method: &str, path: &str, body: &str) -> Answer {
    ask_with(sandbox, method, path, "host: localhost:1\r\n", body)
}

const BODY: &str = r#"{"contacts":[{"first_name":"Jane","last_name":"Doe","email":"j@example.com","contact_type":"technical_contact"}]}"#;

#[test]
fn it_tells_what_happened() {
    let (sandbox, clock) = start();
    clock.advance(Duration::from_millis(1500));
    put(&sandbox, 100_000_005, BODY);
    get(&sandbox, "user/me");
    let told = |path: &str| ask(&sandbox, "GET", path, "").body;
    insta::assert_snapshot!(told("/state"), @r#"{"now":1.5,"orders":14,"statuses":{"expired":1,"issued":11,"pending":1,"reissue_pending":1},"requests":2,"changes":1,"leavers":["robin.leaver@example.com"],"keys":[{"key":"sand****","role":"unrestricted","windows":[{"used":2,"limit":3,"seconds":60.0}]},{"key":"sand****","role":"orders","windows":[{"used":0,"limit":3,"seconds":60.0}]},{"key":"sand****","role":"revoked","windows":[{"used":0,"limit":3,"seconds":60.0}]},{"key":"sand****","role":"view-only","windows":[{"used":0,"limit":3,"seconds":60.0}]}]}"#);
    insta::assert_snapshot!(told("/requests"), @r#"[{"number":1,"at":1.5,"method":"PUT","target":"/services/v2/order/certificate/100000005/contact","status":204,"key":"sand****","fault":null},{"number":2,"at":1.5,"method":"GET","target":"/services/v2/user/me","status":200,"key":"sand****","fault":null}]"#);
    insta::assert_snapshot!(told("/changes"), @r#"[{"number":1,"at":1.5,"order_id":100000005,"contact_type":"technical_contact","before":null,"after":{"first_name":"Jane","last_name":"Doe","email":"j@example.com"}}]"#);
    assert_eq!(told("/orders/100000005/changes"), told("/changes"));
    assert_eq!(told("/changes?after=1"), "[]");
    assert_eq!(told("/requests?after=1&limit=1"), told("/requests?after=1"));
    assert!(told("/orders/100000005").contains(r#""technical_contact":{"first_name":"Jane""#));
    assert_eq!(
        ask(&sandbox, "GET", "/orders/1", "").told(),
        "404 not_found|order"
    );
    assert_eq!(
        ask(&sandbox, "GET", "/orders/x", "").told(),
        "400 sandbox_query_invalid"
    );
    assert_eq!(ask(&sandbox, "GET", "/", "").told(), "404 not_found|route");
}

#[test]
fn it_makes_faults() {
    let (sandbox, _) = start();
    let fault = r#"{"action": "status", "status": 500, "next": 1}"#;
    assert_eq!(ask(&sandbox, "POST", "/faults", fault).body, r#"{"id":1}"#);
    assert_eq!(
        ask(&sandbox, "POST", "/faults", "status=502").body,
        r#"{"id":2}"#
    );
    assert_eq!(get(&sandbox, "user/me").status, 500);
    assert_eq!(get(&sandbox, "user/me").status, 502);
    let listed = ask(&sandbox, "GET", "/faults", "").body;
    assert_eq!(
        listed,
        r#"[{"id":2,"acted":1,"action":"status","status":502,"applied":false}]"#
    );
    assert_eq!(ask(&sandbox, "DELETE", "/faults/2", "").told(), "204");
    assert_eq!(
        ask(&sandbox, "DELETE", "/faults/2", "").told(),
        "404 sandbox_no_fault"
    );
    assert_eq!(get(&sandbox, "user/me").status, 200);
    assert_eq!(
        ask(&sandbox, "POST", "/faults", "explode").told(),
        "400 sandbox_fault"
    );
    ask(&sandbox, "POST", "/faults", "close");
    assert_eq!(ask(&sandbox, "DELETE", "/faults", "").told(), "204");
    assert_eq!(sandbox.faults(), Value::Array(Vec::new()));
}

#[test]
fn it_moves_the_clock_and_empties_the_windows() {
    let (sandbox, clock) = start();
    let status = || get(&sandbox, "user/me").status;
    assert_eq!([(); 4].map(|()| status()), [200, 200, 200, 429]);
    let moved = ask(&sandbox, "POST", "/clock", r#"{"advance": 60}"#);
    assert_eq!(moved.body, r#"{"now":60.0}"#);
    assert_eq!(clock.now(), Duration::from_secs(60));
    assert_eq!([(); 4].map(|()| status()), [200, 200, 200, 429]);
    assert_eq!(ask(&sandbox, "DELETE", "/windows", "").status, 204);
    assert_eq!(status(), 200);
    for bad in [
        "",
        r#"{"advance": -1}"#,
        r#"{"advance": 1e300}"#,
        r#"{"advance": "1"}"#,
    ] {
        assert_eq!(
            ask(&sandbox, "POST", "/clock", bad).told(),
            "400 sandbox_clock",
            "{bad}"
        );
    }
}

#[test]
fn a_snapshot_goes_out_and_comes_back() {
    let (sandbox, _) = start();
    let before = ask(&sandbox, "GET", "/snapshot", "").body;
    put(&sandbox, 100_000_005, BODY);
    assert_ne!(ask(&sandbox, "GET", "/snapshot", "").body, before);
    assert_eq!(ask(&sandbox, "PUT", "/snapshot", &before).told(), "204");
    assert_eq!(ask(&sandbox, "GET", "/snapshot", "").body, before);
    assert_eq!(
        ask(&sandbox, "PUT", "/snapshot", "{}").told(),
        "400 sandbox_snapshot"
    );
}

#[test]
fn no_page_in_a_browser_gets_in() {
    let (sandbox, _) = start();
    for headers in [
        "host: evil.example\r\n",
        "host: 127.0.0.1.evil.example:80\r\n",
        "host: localhost\r\norigin: https://evil.example\r\n",
        "host: localhost\r\norigin: null\r\n",
    ] {
        let answer = ask_with(&sandbox, "POST", "/faults", headers, "close");
        assert_eq!(answer.told(), "403 sandbox_loopback_only", "{headers}");
    }
    for headers in ["host: [::1]:80\r\n", "host: 127.0.0.1\r\n", ""] {
        assert_eq!(
            ask_with(&sandbox, "GET", "/state", headers, "").status,
            200,
            "{headers}"
        );
    }
}

#[test]
fn it_is_not_for_a_network() {
    let error = Sandbox::builder()
        .admin(([0, 0, 0, 0], 0).into())
        .start()
        .unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
    insta::assert_snapshot!(error, @"the admin address must be on loopback, since it needs no key");
    assert_eq!(Sandbox::start().unwrap().admin_url(), None);
}
