//! Watches connections being made: what goes wrong before anything of a request is sent, whether a
//! request went over a connection that had served before, and how long a proxy takes.

use std::cell::Cell;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use ureq::Timeout;
use ureq::unversioned::transport::time::Duration;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, DefaultConnector, NextTimeout, Transport,
};

use crate::joined::Joined;

/// ureq's own connector. It looks after the proxy and the TLS handshake, so that nothing of a
/// request is sent before it is done.
#[derive(Debug, Default)]
pub(crate) struct Watched(DefaultConnector);

/// An error that came before anything of a request was sent; no error of ureq says in which phase
/// it came.
#[derive(Debug)]
pub(crate) struct BeforeSending(pub(crate) ureq::Error);

/// An exchange that came to no answer.
#[derive(Debug)]
pub(crate) struct Interrupted {
    pub(crate) error: ureq::Error,
    /// Whether the connection had served before, so that the server may have closed it meanwhile.
    pub(crate) kept: bool,
}

thread_local! {
    /// Whether this thread made a connection; ureq connects on the thread that calls it.
    static CONNECTED: Cell<bool> = const { Cell::new(false) };
}

/// Runs an exchange, and tells of one that fails whether its connection was a new one.
pub(crate) fn watch<T>(
    exchange: impl FnOnce() -> Result<T, ureq::Error>,
) -> Result<T, Interrupted> {
    CONNECTED.set(false);
    exchange().map_err(|error| Interrupted {
        error,
        kept: !CONNECTED.get(),
    })
}

impl Connector<()> for Watched {
    type Out = Joined<Box<dyn Transport>>;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<()>,
    ) -> Result<Option<Self::Out>, ureq::Error> {
        CONNECTED.set(true);
        let connected = if details.config.proxy().is_some() {
            self.through_proxy(details, chained)
        } else {
            self.0.connect(details, chained)
        };
        let connected =
            connected.map_err(|error| ureq::Error::Other(Box::new(BeforeSending(error))))?;
        let (input, output) = (
            details.config.input_buffer_size(),
            details.config.output_buffer_size(),
        );
        Ok(connected.map(|transport| Joined::new(transport, input, output)))
    }
}

impl Watched {
    /// ureq gives each read of the proxy's answer the whole time limit, so that a proxy which sends
    /// a byte now and then would hold a call for as long as it likes.
    fn through_proxy(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<()>,
    ) -> Result<Option<Box<dyn Transport>>, ureq::Error> {
        let connecting = Arc::new(AtomicBool::new(true));
        let run = Arc::clone(&details.run_connector);
        let until = match details.timeout.after {
            Duration::Exact(after) => Instant::now().checked_add(after),
            Duration::NotHappening => None,
        };
        let limited = {
            let connecting = Arc::clone(&connecting);
            move |details: &ConnectionDetails<'_>| -> Result<Box<dyn Transport>, ureq::Error> {
                Ok(Box::new(Limited {
                    transport: run(details)?,
                    until,
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
            run_connector: Arc::new(limited),
            register_shutdown: Arc::clone(&details.register_shutdown),
        };
        let connected = self.0.connect(&details, chained);
        connecting.store(false, Ordering::Relaxed);
        connected
    }
}

/// The connection to a proxy, with one time limit for all that is read while connecting.
#[derive(Debug)]
struct Limited {
    transport: Box<dyn Transport>,
    until: Option<Instant>,
    connecting: Arc<AtomicBool>,
}

impl Transport for Limited {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.transport.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        self.transport.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, mut timeout: NextTimeout) -> Result<bool, ureq::Error> {
        if self.connecting.load(Ordering::Relaxed)
            && let Some(until) = self.until
        {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(ureq::Error::Timeout(Timeout::Connect));
            }
            timeout.after = timeout.after.min(Duration::Exact(left));
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

impl fmt::Display for BeforeSending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for BeforeSending {}
