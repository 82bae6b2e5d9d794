//! Servers of other protocols, and responses whose head is too large.

use std::io::{Read, Write};
use std::net::TcpStream;

use contacts_core::Outcome;
use contacts_http::{Error, Retry};

use crate::server::{Server, chain, client_for, order, read_request, update};

/// Sends its greeting first, reads something, and closes the connection.
fn greets(greeting: &'static [u8]) -> Server {
    Server::with_handler(move |mut stream: TcpStream, log| {
        log.lock().unwrap().push(String::new());
        let _ = stream.write_all(greeting);
        let _ = stream.read(&mut [0; 64]);
    })
}

/// The error of an update that is sent once. If that was possible, a read follows.
fn failure(scheme: &str, server: &Server) -> Error {
    let base_url = format!("{scheme}://{}", server.address);
    let builder = client_for(&base_url).retry(Retry::default());
    let error = builder
        .build()
        .unwrap()
        .update_contacts(order(), &update())
        .unwrap_err();
    let requests = if error.is_tls() { 1 } else { 2 };
    assert_eq!(
        (error.attempts(), server.requests().len()),
        (1, requests),
        "{}",
        chain(&error)
    );
    assert!(
        error.is_unavailable() && !error.is_retryable(),
        "{}",
        chain(&error)
    );
    error
}

const SSH: &[u8] = b"SSH-2.0-OpenSSH_9.6\r\n";
const HTTP_2: &[u8] = b"\0\0\x06\x04\0\0\0\0\0\0\x03\0\0\0\x64\0\0\x08\x07\0\0\0\0\0";
const TLS_ALERT: &[u8] = b"\x15\x03\x01\0\x02\x02\x46";
const MAIL: &[u8] = b"220 mail.example.com ESMTP\r\n";

#[test]
fn a_server_of_another_protocol_is_named_and_not_tried_again() {
    let named = [
        SSH,
        HTTP_2,
        TLS_ALERT,
        MAIL,
        b"* OK IMAP4rev1 ready\r\n",
        b"+OK POP3 ready\r\n",
        b"RFB 003.008\n",
        b"\x4a\0\0\0\x0a8.0.36\0",
        b"hello\n",
    ];
    let errors = named.map(|greeting| {
        let error = failure("http", &greets(greeting));
        assert_eq!(error.outcome(), Outcome::Unknown);
        chain(&error).replace("the contacts of order 100000001 could not be changed: ", "")
    });
    insta::assert_snapshot!(errors.join("\n"), @"
    the server speaks SSH, not HTTP/1.1; check the host and port of the base URL, and the proxy
    the server speaks HTTP/2, not HTTP/1.1; check the host and port of the base URL, and the proxy
    the server speaks TLS, not HTTP/1.1; check the host and port of the base URL, and the proxy
    the server speaks SMTP or FTP, not HTTP/1.1; check the host and port of the base URL, and the proxy
    the server speaks IMAP, not HTTP/1.1; check the host and port of the base URL, and the proxy
    the server speaks POP3, not HTTP/1.1; check the host and port of the base URL, and the proxy
    the server speaks VNC, not HTTP/1.1; check the host and port of the base URL, and the proxy
    the response is not valid HTTP/1.1; check the host and port of the base URL, and the proxy
    the response is not valid HTTP/1.1; check the host and port of the base URL, and the proxy
    ");
}

#[test]
fn a_server_without_tls_is_recognized_and_not_tried_again() {
    let plain = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n";
    for greeting in [SSH, plain, MAIL, HTTP_2] {
        let error = failure("https", &greets(greeting));
        assert!(error.is_tls(), "{error}");
        assert_eq!(error.outcome(), Outcome::NotSent);
        insta::allow_duplicates! {
            insta::assert_snapshot!(error, @"the contacts of order 100000001 could not be changed: the server does not speak TLS on this port; check the base URL and the proxy");
        }
    }
}

#[test]
fn a_head_that_is_too_large_is_an_error_and_not_requested_again() {
    let one = format!("x: {}\r\n", "y".repeat(100_000));
    let exact = format!("x: {}\r\n", "y".repeat(64 * 1024));
    let many = "x: y\r\n".repeat(500);
    let both = format!("x: {}\r\n", "y".repeat(1000)).repeat(100);
    for headers in [one, exact, many, both] {
        let response = format!("HTTP/1.1 204 No Content\r\n{headers}\r\n");
        let error = failure("http", &Server::with_response(response));
        assert_eq!(error.outcome(), Outcome::Unknown);
        insta::allow_duplicates! {
            insta::assert_snapshot!(error, @"the contacts of order 100000001 could not be changed: the head of the response is larger than 64 KiB or has more than 128 lines; check the base URL and the proxy");
        }
    }
    let endless = Server::with_handler(|mut stream, log| {
        log.lock().unwrap().push(read_request(&mut stream));
        let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\nx: ");
        while stream.write_all(&[b'y'; 4096]).is_ok() {}
    });
    assert!(
        failure("http", &endless)
            .to_string()
            .contains("the head of the response")
    );
}

#[test]
fn a_large_head_within_the_limits_is_read() {
    let many = "x: y\r\n".repeat(120);
    let long = format!("x: {}\r\n", "y".repeat(60_000));
    for headers in [many, long] {
        let server = Server::with_response(format!("HTTP/1.1 204 No Content\r\n{headers}\r\n"));
        server.client().update_contacts(order(), &update()).unwrap();
    }
}
