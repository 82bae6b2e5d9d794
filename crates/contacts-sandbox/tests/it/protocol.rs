//! HTTP itself: several requests on a connection, limits, malformed requests.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Instant;

use contacts_sandbox::Sandbox;

use crate::client::{get, raw};

fn status(response: &str) -> &str {
    response.split(' ').nth(1).unwrap_or("none")
}

#[test]
fn requests_follow_each_other_on_one_connection() {
    let sandbox = Sandbox::start().unwrap();
    let one = format!(
        "GET /services/v2/user/me HTTP/1.1\r\nx-dc-devkey: {}\r\n\r\n",
        sandbox.api_key()
    );
    let responses = raw(&sandbox, one.repeat(3).as_bytes());
    assert_eq!(responses.matches("HTTP/1.1 200 OK").count(), 3);
    assert_eq!(sandbox.requests().len(), 3);
}

#[test]
fn a_request_may_arrive_in_pieces() {
    let sandbox = Sandbox::start().unwrap();
    let mut stream = TcpStream::connect(sandbox.address()).unwrap();
    let body = r#"{"contacts":[{"first_name":"A","last_name":"B","email":"a@b.c","contact_type":"technical_contact"}]}"#;
    let request = format!(
        "PUT /services/v2/order/certificate/100000001/contact HTTP/1.1\r\nx-dc-devkey: {}\r\n\
         content-type: application/json; charset=utf-8\r\nexpect: 100-continue\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n{body}",
        sandbox.api_key(),
        body.len(),
    );
    for piece in request.as_bytes().chunks(50) {
        stream.write_all(piece).unwrap();
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    assert!(
        response.ends_with("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n"),
        "{response}"
    );
    assert_eq!(
        sandbox.order(100_000_001).unwrap()["technical_contact"]["first_name"],
        "A"
    );
}

#[test]
fn an_oversized_or_malformed_request_is_rejected() {
    let sandbox = Sandbox::start().unwrap();
    let head = "PUT / HTTP/1.1\r\n";
    for (request, expected) in [
        ("nonsense\r\n\r\n".to_owned(), "400"),
        (format!("{head}content-length: -1\r\n\r\n"), "400"),
        (format!("{head}content-length: 1048577\r\n\r\n"), "413"),
        (
            format!("{head}transfer-encoding: chunked\r\n\r\n0\r\n\r\n"),
            "411",
        ),
        (format!("{head}x: {}", "y".repeat(20_000)), "431"),
        (format!("{head}x: {}\r\n\r\n", "y".repeat(16_500)), "431"),
        (format!("{head}{}\r\n", "x: y\r\n".repeat(65)), "431"),
        ("PUT / HTT".to_owned(), "none"),
    ] {
        let response = raw(&sandbox, request.as_bytes());
        assert_eq!(
            status(&response),
            expected,
            "{}",
            &request[..request.len().min(60)]
        );
    }
}

#[test]
fn a_rejected_request_is_recorded_as_far_as_it_could_be_parsed() {
    let sandbox = Sandbox::start().unwrap();
    let key = sandbox.api_key();
    let head = format!("PUT /orders HTTP/1.1\r\nx-dc-devkey: {key}\r\n");
    for request in [
        format!("{head}content-length: 1048577\r\n\r\n"),
        format!("{head}transfer-encoding: chunked\r\n\r\n"),
        format!("{head}x: {}", "y".repeat(20_000)),
        format!("{head}{}\r\n", "x: y\r\n".repeat(65)),
        format!("PUT /{}", "y".repeat(20_000)),
        format!("x-dc-devkey {key}\r\n\r\n"),
    ] {
        raw(&sandbox, request.as_bytes());
    }
    let recorded: Vec<_> = sandbox
        .requests()
        .into_iter()
        .map(|r| format!("{} {:?} {:?} key {}", r.status, r.method, r.target, r.key))
        .collect();
    insta::assert_snapshot!(recorded.join("\n"), @r#"
    413 "PUT" "/orders" key sand****
    411 "PUT" "/orders" key sand****
    431 "PUT" "/orders" key none
    431 "PUT" "/orders" key none
    431 "PUT" "" key none
    400 "" "" key none
    "#);
    assert!(!format!("{:?}", sandbox.requests()).contains(key));
}

#[test]
fn an_instance_shuts_down_with_open_connections_and_others_keep_running() {
    let (first, second) = (Sandbox::start().unwrap(), Sandbox::start().unwrap());
    let address = first.address();
    let mut idle = TcpStream::connect(address).unwrap();
    idle.write_all(b"GET /services/v2/user/me HTTP/1.1\r\n\r\n")
        .unwrap();
    let mut bytes = [0; 12];
    idle.read_exact(&mut bytes).unwrap();
    let start = Instant::now();
    drop(first);
    assert!(
        start.elapsed().as_secs() < 5,
        "it did not wait for the client"
    );
    assert!(TcpStream::connect(address).is_err());
    assert_eq!(get(&second, "user/me").status, 200);
}

#[test]
fn the_response_to_a_head_request_has_no_body() {
    let sandbox = Sandbox::start().unwrap();
    let requests = "HEAD /x HTTP/1.1\r\n\r\nGET /x HTTP/1.1\r\nconnection: x, Close\r\n\r\n";
    let responses = raw(&sandbox, requests.as_bytes());
    assert_eq!(responses.matches("HTTP/1.1 403").count(), 2);
    assert_eq!(responses.matches("{\"errors\"").count(), 1, "{responses}");
    let length = responses.matches("\r\ncontent-length: 123\r\n").count();
    assert_eq!(length, 2, "a HEAD gets the length of the GET: {responses}");
}

#[test]
fn a_client_that_sends_too_much_still_gets_the_response() {
    let sandbox = Sandbox::start().unwrap();
    let head = "PUT / HTTP/1.1\r\ncontent-length: 20000000\r\n\r\n";
    let response = raw(
        &sandbox,
        &[head.as_bytes(), &vec![b'x'; 20_000_000]].concat(),
    );
    assert!(response.starts_with("HTTP/1.1 413 "), "{response}");
}

#[test]
fn two_different_lengths_are_rejected() {
    let sandbox = Sandbox::start().unwrap();
    let request = "PUT / HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nxx";
    assert_eq!(status(&raw(&sandbox, request.as_bytes())), "400");
}
