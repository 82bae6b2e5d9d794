//! A client that writes raw requests.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use contacts_sandbox::Sandbox;

/// Sends bytes, closes the sending side and returns everything that it receives.
pub(crate) fn raw(sandbox: &Sandbox, bytes: &[u8]) -> String {
    raw_to(sandbox.address(), bytes)
}

fn raw_to(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(bytes).unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    response
}

pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) body: String,
}

impl Response {
    /// The status, and the code of an error.
    pub(crate) fn code(&self) -> String {
        let body: serde_json::Value = serde_json::from_str(&self.body).unwrap_or_default();
        let code = body["errors"][0]["code"].as_str().unwrap_or_default();
        format!("{} {code}", self.status).trim().to_owned()
    }
}

pub(crate) fn send(sandbox: &Sandbox, key: &str, method: &str, path: &str, body: &str) -> Response {
    let request = format!(
        "{method} /services/v2/{path} HTTP/1.1\r\nHost: {}\r\nX-DC-DEVKEY: {key}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        sandbox.address(),
        body.len(),
    );
    exchange(sandbox.address(), request.as_bytes())
}

/// Sends one request that closes the connection, and reads the response.
pub(crate) fn exchange(address: SocketAddr, request: &[u8]) -> Response {
    let response = raw_to(address, request);
    let (head, body) = response.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Response {
        status,
        body: body.to_owned(),
    }
}

pub(crate) fn put(sandbox: &Sandbox, order: u64, body: &str) -> Response {
    let path = format!("order/certificate/{order}/contact");
    send(sandbox, sandbox.api_key(), "PUT", &path, body)
}

pub(crate) fn get(sandbox: &Sandbox, path: &str) -> Response {
    send(sandbox, sandbox.api_key(), "GET", path, "")
}

/// Sends a reports query.
pub(crate) fn query(sandbox: &Sandbox, query: &str) -> Response {
    let body = serde_json::json!({ "query": query }).to_string();
    send(sandbox, sandbox.api_key(), "POST", "reports/query", &body)
}
