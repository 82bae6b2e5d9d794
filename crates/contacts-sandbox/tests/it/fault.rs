//! Faults, as a client sees them.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use contacts_sandbox::{Fault, Sandbox};

use crate::client::{get, put};

const BODY: &str = r#"{"contacts":[{"first_name":"Jane","last_name":"Doe","email":"j@example.com","contact_type":"technical_contact"}]}"#;

/// The raw response to a PUT to the first order, or the error of the connection.
fn raw_put(sandbox: &Sandbox) -> Result<String, std::io::ErrorKind> {
    let mut stream = TcpStream::connect(sandbox.address()).unwrap();
    write!(
        stream,
        "PUT /services/v2/order/certificate/100000001/contact HTTP/1.1\r\nx-dc-devkey: {}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{BODY}",
        sandbox.api_key(),
        BODY.len()
    )
    .unwrap();
    let mut response = String::new();
    match stream.read_to_string(&mut response) {
        Ok(_) => Ok(response),
        Err(error) => Err(error.kind()),
    }
}

fn changed(sandbox: &Sandbox) -> bool {
    sandbox.order(100_000_001).unwrap()["technical_contact"]["first_name"] == "Jane"
}

fn with(fault: Fault) -> Sandbox {
    Sandbox::builder().fault(fault).start().unwrap()
}

#[test]
fn a_connection_closes_before_or_after_the_change() {
    for (fault, is_changed) in [
        (Fault::close(), false),
        (Fault::close().applied(), true),
        (Fault::half(), true),
    ] {
        let sandbox = with(fault.clone());
        let response = raw_put(&sandbox).unwrap();
        let half = "HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n";
        let expected = if fault == Fault::half() {
            &half[..half.len() / 2]
        } else {
            ""
        };
        assert_eq!(response, expected);
        assert_eq!(changed(&sandbox), is_changed, "{fault:?}");
    }
}

#[test]
fn a_reset_is_a_connection_error() {
    for (fault, is_changed) in [(Fault::reset(), false), (Fault::reset().applied(), true)] {
        let sandbox = with(fault);
        assert_eq!(raw_put(&sandbox), Err(std::io::ErrorKind::ConnectionReset));
        assert_eq!(changed(&sandbox), is_changed);
        let request = &sandbox.requests()[0];
        assert_eq!(
            (request.status, request.fault.as_deref()),
            (0, Some("reset"))
        );
    }
}

#[test]
fn a_status_fault_hides_whether_the_request_was_applied() {
    let sandbox = with(Fault::status(503).applied().next(1));
    assert_eq!(put(&sandbox, 100_000_001, BODY).code(), "503 sandbox_fault");
    assert!(changed(&sandbox));
    let sandbox = with(Fault::status_with_body(418, r#"{"own":"body"}"#));
    let response = put(&sandbox, 100_000_001, BODY);
    assert_eq!(
        (response.status, response.body.as_str()),
        (418, r#"{"own":"body"}"#)
    );
    assert!(!changed(&sandbox));
    assert_eq!(
        put(&with(Fault::status(429)), 1, BODY).code(),
        "429 request_limit_exceeded"
    );
}

#[test]
fn a_page_or_a_redirect_replaces_the_json() {
    let html = raw_put(&with(Fault::html())).unwrap();
    assert!(html.starts_with("HTTP/1.1 503 Service Unavailable\r\ncontent-type: text/html\r\n"));
    assert!(html.ends_with("</html>\n"), "{html}");
    let redirect = raw_put(&with(Fault::redirect("https://elsewhere.example/x"))).unwrap();
    assert!(redirect.starts_with("HTTP/1.1 302 Found\r\n"), "{redirect}");
    assert!(
        redirect.contains("\r\nlocation: https://elsewhere.example/x\r\n"),
        "{redirect}"
    );
}

#[test]
fn an_invalid_fault_is_rejected_not_changed() {
    let sandbox = Sandbox::start().unwrap();
    for (fault, expected) in [
        (Fault::status(99), "`status` must be from 200 to 599"),
        (
            Fault::redirect("https://elsewhere.example/\r\nx: y"),
            "`location` must have at most 2000 bytes and no control characters",
        ),
        (
            Fault::delay(Duration::from_secs(601)),
            "`seconds` must be from 0 to 600",
        ),
        (
            Fault::close().next(0),
            "`next` must be from 1 to 4294967295",
        ),
        (
            Fault::close().probability(f64::NAN, 1),
            "`probability` must be from 0 to 1",
        ),
        (
            Fault::close().orders([]),
            "`orders` must list 1 to 10000 order ids",
        ),
    ] {
        let error = sandbox.add_fault(fault.clone()).unwrap_err();
        assert_eq!(error.to_string(), expected);
        let error = Sandbox::builder().fault(fault).start().unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
    }
    assert!(sandbox.requests().is_empty());
    assert_eq!(sandbox.faults().to_string(), "[]");
}

#[test]
fn a_response_is_delayed_or_slow() {
    for fault in [
        Fault::delay(Duration::from_millis(200)),
        Fault::drip(Duration::from_millis(5)),
    ] {
        let sandbox = with(fault);
        let start = Instant::now();
        assert!(raw_put(&sandbox).unwrap().starts_with("HTTP/1.1 204 "));
        assert!(start.elapsed() >= Duration::from_millis(200));
        assert!(changed(&sandbox));
    }
}

#[test]
fn a_sandbox_shuts_down_during_a_delay() {
    let sandbox = with(Fault::delay(Duration::from_secs(60)));
    let address = sandbox.address();
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .write_all(b"GET /services/v2/user/me HTTP/1.1\r\n\r\n")
        .unwrap();
    while sandbox.requests().is_empty() {
        std::thread::yield_now();
    }
    let start = Instant::now();
    drop(sandbox);
    assert_eq!(stream.read(&mut [0; 1]).unwrap_or(0), 0);
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[test]
fn a_fault_acts_on_matching_requests() {
    let sandbox = with(
        Fault::status(500)
            .orders([100_000_003])
            .method("put")
            .next(2),
    );
    assert_eq!(get(&sandbox, "order/certificate/100000003").status, 200);
    assert_eq!(put(&sandbox, 100_000_001, BODY).status, 204);
    let statuses = [(); 3].map(|()| put(&sandbox, 100_000_003, BODY).status);
    assert_eq!(statuses, [500, 500, 204]);
    assert_eq!(sandbox.faults().to_string(), "[]", "it is removed");
}

#[test]
fn a_seed_repeats_the_same_sequence_of_failures() {
    let run = |seed| {
        let sandbox = with(Fault::status(503).probability(0.3, seed));
        (0..60)
            .map(|_| get(&sandbox, "user/me").status == 503)
            .collect::<Vec<_>>()
    };
    let first = run(7);
    assert_eq!(first, run(7));
    assert_ne!(first, run(8));
    let failed = first.iter().filter(|failed| **failed).count();
    assert!((5..35).contains(&failed), "{failed} of 60");
}

#[test]
fn the_first_matching_fault_acts() {
    let sandbox = Sandbox::start().unwrap();
    let first = sandbox.add_fault(Fault::status(500)).unwrap();
    sandbox.add_fault(Fault::status(502)).unwrap();
    assert_eq!(get(&sandbox, "user/me").status, 500);
    sandbox.remove_fault(first);
    assert_eq!(get(&sandbox, "user/me").status, 502);
    insta::assert_snapshot!(sandbox.faults(), @r#"[{"id":2,"acted":1,"action":"status","status":502,"applied":false}]"#);
    sandbox.clear_faults();
    assert_eq!(get(&sandbox, "user/me").status, 200);
}

#[test]
fn a_fault_is_parsed_from_text() {
    let parse = |text: &str| text.parse::<Fault>().unwrap();
    assert_eq!(
        parse("close,applied,next=3"),
        Fault::close().applied().next(3)
    );
    assert_eq!(parse("delay=0.5"), Fault::delay(Duration::from_millis(500)));
    assert_eq!(
        parse("redirect=https://x.example/"),
        Fault::redirect("https://x.example/")
    );
    assert_eq!(
        parse("reset,probability=0.25,seed=9,order=7,order=8"),
        Fault::reset().probability(0.25, 9).orders([7, 8])
    );
    assert_eq!(
        parse(r#" {"action": "status", "status": 400, "body": {"a": 1}}"#),
        Fault::status_with_body(400, r#"{"a":1}"#)
    );
    assert_eq!(parse("html"), Fault::html());
}

#[test]
fn an_invalid_fault_has_a_clear_error() {
    let texts = [
        "",
        "explode",
        "status",
        "status=99",
        "status=70000",
        "redirect",
        "close,next=0",
        "close,next=many",
        "close,next=-1",
        "half,probability=1.5",
        "delay=-1",
        "delay=601",
        "delay=long",
        "close,location=x",
        "close,nxt=3",
        "close,order=x",
        "close,applied=yes",
        "{",
        "{}",
        r#"{"action": "redirect", "location": "a\r\nb: c"}"#,
        r#"{"action": "close", "orders": []}"#,
    ];
    let errors = texts.map(|text| format!("{text}\n    {}", text.parse::<Fault>().unwrap_err()));
    insta::assert_snapshot!(errors.join("\n"), @r#"

        `action`: unknown variant ``, expected one of `status`, `html`, `redirect`, `delay`, `drip`, `half`, `close`, `reset`, `absent`, `lag`, `cut`
    explode
        `action`: unknown variant `explode`, expected one of `status`, `html`, `redirect`, `delay`, `drip`, `half`, `close`, `reset`, `absent`, `lag`, `cut`
    status
        the action `status` needs a `status` from 200 to 599
    status=99
        `status` must be from 200 to 599
    status=70000
        `status` must be from 200 to 599
    redirect
        the action `redirect` needs a `location`
    close,next=0
        `next` must be from 1 to 4294967295
    close,next=many
        `next`: invalid type: string "many", expected a non-negative whole number
    close,next=-1
        `next`: invalid value: integer `-1`, expected a non-negative whole number
    half,probability=1.5
        `probability` must be from 0 to 1
    delay=-1
        `seconds` must be from 0 to 600
    delay=601
        `seconds` must be from 0 to 600
    delay=long
        `seconds`: invalid type: string "long", expected a number
    close,location=x
        the action `close` takes no `location`
    close,nxt=3
        unknown field `nxt`, expected one of `action`, `status`, `body`, `content_type`, `location`, `seconds`, `rows`, `bytes`, `applied`, `next`, `probability`, `seed`, `orders`, `method`, `path`
    close,order=x
        `orders`: invalid type: string "x", expected a non-negative whole number
    close,applied=yes
        `applied`: invalid type: string "yes", expected a boolean
    {
        invalid JSON object: EOF while parsing an object at line 1 column 1
    {}
        missing field `action`
    {"action": "redirect", "location": "a\r\nb: c"}
        `location` must have at most 2000 bytes and no control characters
    {"action": "close", "orders": []}
        `orders` must list 1 to 10000 order ids
    "#);
}

#[test]
fn a_sandbox_has_at_most_1000_faults() {
    let sandbox = Sandbox::start().unwrap();
    let added = (0..1001).filter(|_| sandbox.add_fault(Fault::close()).is_ok());
    assert_eq!(added.count(), 1000);
}
