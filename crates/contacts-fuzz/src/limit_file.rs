use std::fs;
use std::time::Duration;

use contacts_core::OrderId;
use contacts_http::RateLimit;

use crate::server::Server;

/// The longest wait that a 429 can cause.
const MAX_WAIT: Duration = Duration::from_secs(3600 + 181);

/// The rate limit file that several processes share. A client rejects it, or it waits for a bounded time
/// and leaves a valid file for the next call.
///
/// # Panics
/// Panics if a property is violated.
pub fn limit_file(bytes: &[u8]) {
    let server = Server::shared();
    server.respond_with(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("limit");
    fs::write(&file, bytes).expect("a temporary file");
    let limits = RateLimit::DIGICERT;
    let client = server.client(|builder| builder.rate_limits(limits).rate_limit_file(&file));
    let order = OrderId::parse("7").expect("an order id");
    match client.order(order) {
        Err(error) if !error.is_rate_limited() => crate::assert_printable(&error.to_string()),
        first => {
            let errors = [first.err(), client.order(order).err()];
            for error in errors.into_iter().flatten() {
                assert!(error.is_rate_limited(), "the file was valid: {error}");
                assert!(error.retry_after().unwrap_or_default() <= MAX_WAIT);
            }
        }
    }
}
