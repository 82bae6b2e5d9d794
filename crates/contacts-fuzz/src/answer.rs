use std::io::Read;
use std::sync::OnceLock;

use contacts_core::{Contact, ContactsUpdate, OrderId};
use contacts_http::{Error, OrderFilter};

use crate::server::{KEY, Server};

/// What a server answers. The first byte says which call is made, and whether the rest is the answer as
/// it goes over the wire, or status, `Retry-After` and body of one.
///
/// A call ends with a result or with an error that shows no key and acts on no terminal; only a 204 is a
/// change; and no list is asked for without end.
///
/// # Panics
/// Where a promise is broken.
pub fn answer(bytes: &[u8]) {
    let Some((how, rest)) = bytes.split_first() else {
        return;
    };
    let answer = if how & 0x10 == 0 {
        rest.to_vec()
    } else {
        framed(rest)
    };
    let server = Server::here();
    server.answers(&answer);
    let order = OrderId::parse("7").expect("an order id");
    // A new one each time: after a 429 a client sends nothing for a while.
    let client = server.client(|builder| builder);
    let ended = match (how & 0x0F) % 5 {
        0 => {
            let done = client.update_contacts(order, update());
            assert!(done.is_err() || is_no_content(&answer));
            done
        }
        1 => client.order(order).map(drop),
        2 => client.whoami().map(drop),
        3 => client
            .orders(OrderFilter::default())
            .try_for_each(|order| order.map(drop)),
        _ => client.order_report().map(|mut report| {
            // What breaks off is told to whoever reads it.
            let _ = report.read_to_end(&mut Vec::new());
        }),
    };
    assert!(server.requests() <= 10, "{} requests", server.requests());
    if let Err(error) = ended {
        look_at(&error);
    }
}

fn look_at(error: &Error) {
    let mut told = format!("{error}\n{error:?}");
    let mut source = std::error::Error::source(error);
    while let Some(deeper) = source {
        told = format!("{told}\n{deeper}\n{deeper:?}");
        source = deeper.source();
    }
    assert!(!told.contains(KEY), "the key is in it");
    crate::assert_printable(&error.to_string());
    assert!(error.to_string().chars().count() < 20_000);
    let _ = (error.retry_after(), error.outcome(), error.is_retryable());
}

/// By the first line that is not of a 1xx.
fn is_no_content(answer: &[u8]) -> bool {
    let text = String::from_utf8_lossy(answer);
    let mut lines = text.lines();
    let status = lines.find_map(|line| {
        let status = line.strip_prefix("HTTP/1.")?.get(2..5)?;
        (!status.starts_with('1')).then_some(status)
    });
    status == Some("204")
}

/// An answer whose status is that of the first byte, whose `Retry-After` is the rest of the first line,
/// and whose body is what stands behind that.
fn framed(bytes: &[u8]) -> Vec<u8> {
    const STATUS: [u16; 16] = [
        200, 200, 200, 204, 201, 302, 400, 401, 403, 404, 408, 429, 429, 500, 503, 599,
    ];
    let (status, rest) = bytes
        .split_first()
        .map_or((0, bytes), |(s, rest)| (*s, rest));
    let status = STATUS[usize::from(status % 16)];
    let end = rest.iter().position(|byte| *byte == b'\n');
    let (wait, body) = end.map_or((&[][..], rest), |at| (&rest[..at], &rest[at + 1..]));
    let wait = wait
        .iter()
        .copied()
        .filter(|byte| !b"\r\n\0".contains(byte));
    let head = format!(
        "HTTP/1.1 {status} X\r\nContent-Length: {}\r\nRetry-After: ",
        body.len()
    );
    let head = head
        .bytes()
        .chain(wait)
        .chain(*b"\r\nConnection: close\r\n\r\n");
    head.chain(body.iter().copied()).collect()
}

fn update() -> &'static ContactsUpdate {
    static UPDATE: OnceLock<ContactsUpdate> = OnceLock::new();
    UPDATE.get_or_init(|| {
        let jane = Contact::draft("Markerfirst", "Markerlast", "marker@example.com").build();
        ContactsUpdate::technical(jane.expect("a contact"))
    })
}
