//! A connector around ureq's that records whether a request used a new connection, and limits how
//! long a proxy may take.

use std::cell::Cell;
use std::time::Instant;

use ureq::Timeout;
use ureq::unversioned::transport::time::Duration;
use ureq::unversioned::transport::{
    ConnectionDetails, Connector, DefaultConnector, NextTimeout, Transport,
};

use super::answer::{Answer, ProxyLogin};
use super::coalesce::CoalescedWrites;
use super::error::{Connection, TransportError};

/// ureq's own connector sets up the proxy tunnel and TLS, so nothing of a request is sent before it
/// returns.
#[derive(Debug, Default)]
pub(crate) struct TrackingConnector(DefaultConnector);

// ureq connects on the calling thread.
thread_local! {
    /// The connection of the current request.
    static CONNECTION: Cell<Connection> = const { Cell::new(Connection::Pooled) };
    /// When a connection through a proxy must be established.
    static PROXY_DEADLINE: Cell<Option<Instant>> = const { Cell::new(None) };
    /// The start of the last response, also of a proxy, on the current connection.
    static ANSWER: Cell<Option<Answer>> = const { Cell::new(None) };
    /// The proxy of the current request.
    static PROXY: Cell<Option<ProxyLogin>> = const { Cell::new(None) };
}

/// Sends a request. An error of ureq does not say whether it came before the request was sent; the
/// connection does.
pub(crate) fn track<T>(send: impl FnOnce() -> Result<T, ureq::Error>) -> Result<T, TransportError> {
    CONNECTION.set(Connection::Pooled);
    PROXY.set(None);
    ANSWER.set(None);
    send().map_err(|error| TransportError::new(error, CONNECTION.get(), PROXY.get(), ANSWER.get()))
}

/// Records what an error needs of a response: its first bytes tell the protocol.
pub(crate) fn record_start(response: &[u8]) {
    ANSWER.set(Some(Answer::new(response)));
}

/// Limits a read while a proxy connects. ureq restarts the timeout for every read of the proxy's
/// response, so a proxy that sends a byte now and then could delay a call without end.
pub(crate) fn within_proxy_deadline(mut timeout: NextTimeout) -> Result<NextTimeout, ureq::Error> {
    if let Some(deadline) = PROXY_DEADLINE.get() {
        let remaining = deadline.saturating_duration_since(Instant::now());
        if remaining.is_zero() {
            return Err(ureq::Error::Timeout(Timeout::Connect));
        }
        timeout.after = timeout.after.min(Duration::Exact(remaining));
    }
    Ok(timeout)
}

impl Connector<()> for TrackingConnector {
    type Out = CoalescedWrites<Box<dyn Transport>>;

    /// For a proxy, ureq calls it a second time from inside, for the connection to the proxy.
    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<()>,
    ) -> Result<Option<Self::Out>, ureq::Error> {
        let config = details.config;
        if let Some(proxy) = config.proxy() {
            let has_user = proxy.username().is_some() || proxy.password().is_some();
            PROXY.set(Some(ProxyLogin { has_user }));
        }
        if config.proxy().is_some()
            && let Duration::Exact(timeout) = details.timeout.after
        {
            PROXY_DEADLINE.set(Instant::now().checked_add(timeout));
        }
        let connected = self.0.connect(details, chained);
        if config.proxy().is_some() {
            PROXY_DEADLINE.set(None);
        }
        CONNECTION.set(match connected {
            Ok(_) => Connection::New,
            Err(_) => Connection::NotEstablished,
        });
        let (input, output) = (config.input_buffer_size(), config.output_buffer_size());
        Ok(connected?.map(|transport| CoalescedWrites::new(transport, input, output)))
    }
}
