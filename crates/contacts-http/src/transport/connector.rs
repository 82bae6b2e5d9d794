//! A connector around ureq's that records whether a request used a new connection, and limits how
//! long a proxy may take.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use ureq::Timeout;
use ureq::unversioned::transport::time::Duration;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, DefaultConnector, NextTimeout, Transport,
};

use super::coalesce::CoalescedWrites;
use super::error::{Connection, TransportError};

/// ureq's own connector sets up the proxy tunnel and TLS, so nothing of a request is sent before it
/// returns.
#[derive(Debug, Default)]
pub(crate) struct TrackingConnector(DefaultConnector);

thread_local! {
    /// The connection of the current request; ureq connects on the calling thread.
    static CONNECTION: Cell<Connection> = const { Cell::new(Connection::Pooled) };
}

/// Sends a request. An error of ureq does not say whether it came before the request was sent; the
/// connection does.
pub(crate) fn track<T>(send: impl FnOnce() -> Result<T, ureq::Error>) -> Result<T, TransportError> {
    CONNECTION.set(Connection::Pooled);
    send().map_err(|error| TransportError::new(error, CONNECTION.get()))
}

impl Connector<()> for TrackingConnector {
    type Out = CoalescedWrites<Box<dyn Transport>>;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<()>,
    ) -> Result<Option<Self::Out>, ureq::Error> {
        let connected = if details.config.proxy().is_some() {
            self.connect_through_proxy(details, chained)
        } else {
            self.0.connect(details, chained)
        };
        // A proxy connects in two steps, each of which comes here.
        CONNECTION.set(match connected {
            Ok(_) => Connection::New,
            Err(_) => Connection::NotEstablished,
        });
        let config = details.config;
        let (input, output) = (config.input_buffer_size(), config.output_buffer_size());
        Ok(connected?.map(|transport| CoalescedWrites::new(transport, input, output)))
    }
}

impl TrackingConnector {
    /// ureq restarts the timeout for every read of the proxy's response, so a proxy that sends a
    /// byte now and then could delay a call without end.
    fn connect_through_proxy(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<()>,
    ) -> Result<Option<Box<dyn Transport>>, ureq::Error> {
        let connecting = Arc::new(AtomicBool::new(true));
        let deadline = match details.timeout.after {
            Duration::Exact(after) => Instant::now().checked_add(after),
            Duration::NotHappening => None,
        };
        let run = Arc::clone(&details.run_connector);
        let run_with_deadline = {
            let connecting = Arc::clone(&connecting);
            move |details: &ConnectionDetails<'_>| -> Result<Box<dyn Transport>, ureq::Error> {
                Ok(Box::new(ConnectDeadline {
                    transport: run(details)?,
                    deadline,
                    connecting: Arc::clone(&connecting),
                }))
            }
        };
        let details = ConnectionDetails {
            uri: details.uri,
            addrs: details.addrs.clone(),
            config: details.config,
            request_level: details.request_level,
            resolver: details.resolver,
            now: details.now,
            timeout: details.timeout,
            current_time: Arc::clone(&details.current_time),
            run_connector: Arc::new(run_with_deadline),
            register_shutdown: Arc::clone(&details.register_shutdown),
        };
        let connected = self.0.connect(&details, chained);
        connecting.store(false, Ordering::Relaxed);
        connected
    }
}

/// A connection to a proxy, with one deadline for all reads while connecting.
#[derive(Debug)]
struct ConnectDeadline {
    transport: Box<dyn Transport>,
    deadline: Option<Instant>,
    connecting: Arc<AtomicBool>,
}

impl Transport for ConnectDeadline {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.transport.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        self.transport.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, mut timeout: NextTimeout) -> Result<bool, ureq::Error> {
        if self.connecting.load(Ordering::Relaxed)
            && let Some(deadline) = self.deadline
        {
            let remaining = deadline.saturating_duration_since(Instant::now());
            if remaining.is_zero() {
                return Err(ureq::Error::Timeout(Timeout::Connect));
            }
            timeout.after = timeout.after.min(Duration::Exact(remaining));
        }
        self.transport.await_input(timeout)
    }

    fn is_open(&mut self) -> bool {
        self.transport.is_open()
    }

    fn is_tls(&self) -> bool {
        self.transport.is_tls()
    }
}
