//! HTTP itself: several requests on a connection, limits, nonsense.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Instant;

use contacts_sandbox::Sandbox;

use crate::client::{get, raw};

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or("none")
}

#[test]
fn requests_follow_each_other_on_one_connection() {
    let sandbox = Sandbox::start().unwrap();
    let one = format!(
        "GET /services/v2/user/me HTTP/1.1\r\nx-dc-devkey: {}\r\n\r\n",
        sandbox.api_key()
    );
    let answers = raw(&sandbox, one.repeat(3).as_bytes());
    assert_eq!(answers.matches("HTTP/1.1 200 OK").count(), 3);
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
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(
        answer.ends_with("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n"),
        "{answer}"
    );
    assert_eq!(
        sandbox.order(100_000_001).unwrap()["technical_contact"]["first_name"],
        "A"
    );
}

#[test]
fn what_is_too_large_or_no_request_is_refused() {
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
        let answer = raw(&sandbox, request.as_bytes());
        assert_eq!(
            status(&answer),
            expected,
            "{}",
            &request[..request.len().min(60)]
        );
    }
}

#[test]
fn a_refused_request_is_in_the_log_as_far_as_it_was_understood() {
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
    let told: Vec<_> = sandbox
        .requests()
        .into_iter()
        .map(|r| format!("{} {:?} {:?} key {}", r.status, r.method, r.target, r.key))
        .collect();
    insta::assert_snapshot!(told.join("\n"), @r#"
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
fn an_instance_stops_with_open_connections_and_others_go_on() {
    let (first, second) = (Sandbox::start().unwrap(), Sandbox::start().unwrap());
    let address = first.address();
    let mut idle = TcpStream::connect(address).unwrap();
    idle.write_all(b"GET /services/v2/user/me HTTP/1.1\r\n\r\n")
        .unwrap();
    let mut some = [0; 12];
    idle.read_exact(&mut some).unwrap();
    let begin = Instant::now();
    drop(first);
    assert!(
        begin.elapsed().as_secs() < 5,
        "it did not wait for the client"
    );
    assert!(TcpStream::connect(address).is_err());
    assert_eq!(get(&second, "user/me").status, 200);
}

#[test]
fn a_head_request_gets_no_body_that_the_next_answer_would_follow() {
    let sandbox = Sandbox::start().unwrap();
    let requests = "HEAD /x HTTP/1.1\r\n\r\nGET /x HTTP/1.1\r\nconnection: x, Close\r\n\r\n";
    let answers = raw(&sandbox, requests.as_bytes());
    assert_eq!(answers.matches("HTTP/1.1 403").count(), 2);
    assert_eq!(answers.matches("{\"errors\"").count(), 1, "{answers}");
    let length = answers.matches("\r\ncontent-length: 123\r\n").count();
    assert_eq!(length, 2, "a HEAD is told the length of the GET: {answers}");
}

#[test]
fn a_client_that_sends_too_much_still_sees_the_answer() {
    let sandbox = Sandbox::start().unwrap();
    let head = "PUT / HTTP/1.1\r\ncontent-length: 20000000\r\n\r\n";
    let answer = raw(
        &sandbox,
        &[head.as_bytes(), &vec![b'x'; 20_000_000]].concat(),
    );
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
}

#[test]
fn two_lengths_are_no_length() {
    let sandbox = Sandbox::start().unwrap();
    let request = "PUT / HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nxx";
    assert_eq!(status(&raw(&sandbox, request.as_bytes())), "400");
}
