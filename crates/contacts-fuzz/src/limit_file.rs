use std::fs;
use std::time::Duration;

use contacts_core::OrderId;
use contacts_http::{Error, RateLimit};

use crate::server::Server;

/// The file in which several processes keep their rate limit: it is refused, or it tells a wait that
/// ends, and the call after that meets a file that is sound.
///
/// # Panics
/// Where a promise is broken.
pub fn limit_file(bytes: &[u8]) {
    let server = Server::here();
    server.answers(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("limit");
    fs::write(&file, bytes).expect("a file");
    let limits = RateLimit::DIGICERT;
    let client = server.client(|builder| builder.rate_limits(limits).rate_limit_file(&file));
    let order = OrderId::parse("7").expect("an order id");
    let is_limited = |error: &Error| error.is_rate_limited();
    match client.order(order) {
        Err(error) if !is_limited(&error) => crate::assert_printable(&error.to_string()),
        first => {
            for result in [first, client.order(order)] {
                let wait = result.err().map(|error| {
                    assert!(is_limited(&error), "the file was sound before: {error}");
                    error.retry_after()
                });
                // No longer than the longest that a 429 can ask for.
                assert!(wait.flatten().unwrap_or_default() <= Duration::from_secs(3600 + 181));
            }
        }
    }
}
