use std::fs::File;
use std::io::{self, BufReader};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::time::Instant;

use crate::clock::{Clock, ManualClock};
use crate::data::account::Account;
use crate::data::ring_buffer::RingBuffer;
use crate::data::shared::SharedState;
use crate::data::snapshot::Snapshot;
use crate::data::state::State;
use crate::fault::{ActiveFaults, Fault};
use crate::http::listener::Listener;
use crate::http::loopback::is_loopback;
use crate::page::admin::Admin;
use crate::page::site::Site;
use crate::rate_limits::{RateLimits, RateWindows};
use crate::sandbox::Sandbox;

const MAX_BODY: usize = 1024 * 1024;
/// Enough for a snapshot of about 200,000 orders.
const MAX_ADMIN_BODY: usize = 512 * 1024 * 1024;

/// The settings of a sandbox before it starts.
///
/// ```
/// use contacts_sandbox::Sandbox;
///
/// // The default is a free port on 127.0.0.1.
/// let sandbox = Sandbox::builder().address(([127, 0, 0, 1], 0).into()).start()?;
/// assert!(sandbox.address().ip().is_loopback());
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Builder {
    address: SocketAddr,
    admin: Option<SocketAddr>,
    snapshot: Snapshot,
    rate_limits: RateLimits,
    clock: Clock,
    faults: Vec<Fault>,
}

impl Sandbox {
    /// Starts a sandbox with the demo account on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// Returns the operating system's error if no port is available.
    pub fn start() -> io::Result<Self> {
        Self::builder().start()
    }

    /// The default settings: the demo account on a free port of 127.0.0.1, the rate limits that
    /// DigiCert documents, no faults and no admin address.
    #[must_use]
    pub fn builder() -> Builder {
        Builder {
            address: (Ipv4Addr::LOCALHOST, 0).into(),
            admin: None,
            snapshot: Snapshot {
                account: Account::demo(),
                changes: RingBuffer::new(),
            },
            rate_limits: RateLimits::documented(),
            clock: Clock::System(Instant::now()),
            faults: Vec::new(),
        }
    }
}

impl Builder {
    /// The address to listen on. A sandbox has no encryption and its keys are public: on any address
    /// but loopback, everyone on the network has access.
    #[must_use]
    pub const fn address(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// An address for inspection and for faults at run time; `docs/sandbox.md` describes it. It
    /// needs no key and must therefore be on loopback.
    #[must_use]
    pub const fn admin(mut self, address: SocketAddr) -> Self {
        self.admin = Some(address);
        self
    }

    /// The account to serve instead of the demo account.
    #[must_use]
    pub fn account(mut self, account: Account) -> Self {
        self.snapshot.account = account;
        self
    }

    /// Serves the account and changes of a file that [`Sandbox::save`] wrote.
    ///
    /// # Errors
    /// Returns the operating system's error, or `InvalidData` if the file is not a snapshot.
    pub fn snapshot(mut self, file: impl AsRef<Path>) -> io::Result<Self> {
        self.snapshot = Snapshot::read(&mut BufReader::new(File::open(file)?))?;
        Ok(self)
    }

    /// The rate limits to enforce instead of those that DigiCert documents.
    #[must_use]
    pub fn rate_limits(mut self, limits: RateLimits) -> Self {
        self.rate_limits = limits;
        self
    }

    /// The clock to use instead of the system clock.
    #[must_use]
    pub fn clock(mut self, clock: ManualClock) -> Self {
        self.clock = Clock::Manual(clock);
        self
    }

    /// Adds a fault. If several match a request, the first one acts.
    #[must_use]
    pub fn fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// Starts the sandbox.
    ///
    /// # Errors
    /// Returns the operating system's error if it cannot listen on an address, and `InvalidInput`
    /// for an admin address that is not on loopback, an invalid fault, or more than 1000 faults.
    pub fn start(self) -> io::Result<Sandbox> {
        if !self.admin.is_none_or(|address| is_loopback(address.ip())) {
            let message = "the admin address must be on loopback, since it needs no key";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        let mut faults = ActiveFaults::default();
        for fault in self.faults {
            let added = faults.add(fault);
            added.map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
        }
        let state = State {
            account: self.snapshot.account,
            windows: RateWindows::new(self.rate_limits),
            faults,
            requests: RingBuffer::new(),
            changes: self.snapshot.changes,
        };
        let shared = SharedState::new(state, self.clock);
        let api = Listener::start(self.address, MAX_BODY, Site(shared.clone()))?;
        let admin = self
            .admin
            .map(|address| Listener::start(address, MAX_ADMIN_BODY, Admin(shared.clone())))
            .transpose()?;
        Ok(Sandbox::new(shared, api, admin))
    }
}
