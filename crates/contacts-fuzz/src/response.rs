use std::io::Read;

use contacts_core::{Contact, ContactsUpdate, OrderId};
use contacts_http::{Error, OrderFilter, Updated};

use crate::server::{KEY, Server};

/// A response of the server. The first byte selects the call, and whether the rest is the raw response or
/// its status, `Retry-After` and body.
///
/// A call ends with a result or with an error that is safe to print and does not contain the API key.
/// Without a read, only a 204 confirms an update. A web page says nothing about the key, the order or the report. No call
/// sends requests without end.
///
/// # Panics
/// Panics if a property is violated.
pub fn response(bytes: &[u8]) {
    let (flags, rest) = bytes.split_first().unwrap_or((&0, bytes));
    let response = match flags & 0x10 {
        0 => rest.to_vec(),
        _ => http_response(rest),
    };
    let server = Server::shared();
    server.respond_with(&response);
    let order = OrderId::parse("7").expect("an order id");
    // A new client each time, because a client pauses after a 429.
    let client = server.client(|builder| builder);
    let call = (flags & 0x0F) % 6;
    let result = match call {
        0 => {
            let result = client.update_contacts(order, &update());
            let is_accepted = matches!(result, Ok(Updated::Accepted));
            assert!(!is_accepted || is_no_content(&response));
            result.map(drop)
        }
        1 => client.order(order).map(drop),
        2 => client.whoami().map(drop),
        3 => client
            .orders(OrderFilter::default())
            .try_for_each(|order| order.map(drop)),
        4 => client.order_report().map(|mut report| {
            // The reader gets the error of a truncated report.
            let _ = report.read_to_end(&mut Vec::new());
        }),
        _ => client.organization_emails().map(drop),
    };
    assert!(server.requests() <= 10, "{} requests", server.requests());
    if let Err(error) = result {
        check_error(&error);
        if flags & 0x10 != 0 && is_page(rest) {
            assert!(!error.is_auth() && !error.is_not_found());
            assert!(call == 5 || !error.has_no_report());
        }
    }
}

/// Whether the body for [`http_response`] is a web page.
fn is_page(bytes: &[u8]) -> bool {
    let mut lines = bytes.splitn(2, |byte| *byte == b'\n');
    let body = lines.nth(1).unwrap_or_default();
    body.trim_ascii_start().starts_with(b"<html>")
}

fn check_error(error: &Error) {
    let mut text = format!("{error}\n{error:?}");
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text = format!("{text}\n{cause}\n{cause:?}");
        source = cause.source();
    }
    assert!(!text.contains(KEY), "the error contains the API key");
    crate::assert_printable(&error.to_string());
    assert!(error.to_string().chars().count() < 20_000);
    let _ = (error.retry_after(), error.outcome(), error.is_retryable());
}

/// Whether the first status that is not a 1xx is a 204.
fn is_no_content(response: &[u8]) -> bool {
    let text = String::from_utf8_lossy(response);
    let status = |line: &str| Some(line.strip_prefix("HTTP/1.")?.get(2..5)?.to_owned());
    let mut statuses = text.lines().filter_map(status);
    statuses.find(|status| !status.starts_with('1')).as_deref() == Some("204")
}

/// A response with the status of the first byte, the rest of the first line as `Retry-After`, and the
/// remaining lines as the body.
fn http_response(bytes: &[u8]) -> Vec<u8> {
    const STATUS: [u16; 16] = [
        200, 200, 200, 204, 201, 302, 400, 401, 403, 404, 408, 429, 429, 500, 503, 599,
    ];
    let (index, rest) = bytes.split_first().unwrap_or((&0, bytes));
    let status = STATUS[usize::from(index % 16)];
    let end = rest.iter().position(|byte| *byte == b'\n');
    let (wait, body) = end.map_or((&[][..], rest), |end| (&rest[..end], &rest[end + 1..]));
    let mut wait = wait.to_vec();
    wait.retain(|byte| !b"\r\n\0".contains(byte));
    let length = body.len();
    let head = format!("HTTP/1.1 {status} X\r\nContent-Length: {length}\r\nRetry-After: ");
    [
        head.as_bytes(),
        &wait,
        b"\r\nConnection: close\r\n\r\n",
        body,
    ]
    .concat()
}

fn update() -> ContactsUpdate {
    let contact = Contact::draft("Markerfirst", "Markerlast", "marker@example.com");
    ContactsUpdate::technical(contact.build().expect("a valid contact"))
}
