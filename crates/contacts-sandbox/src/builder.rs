use std::fs::File;
use std::io::{self, BufReader};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::time::Instant;

use crate::account::Account;
use crate::admin::Admin;
use crate::clock::{Clock, ManualClock};
use crate::fault::Fault;
use crate::fault_list::Faults;
use crate::history::History;
use crate::inside::Inside;
use crate::listener::Listener;
use crate::local::of_this_machine;
use crate::log::Log;
use crate::rate::{RateLimits, Windows};
use crate::server::Sandbox;
use crate::site::Site;
use crate::snapshot;
use crate::state::State;

const MAX_BODY: usize = 1024 * 1024;
/// A snapshot of some 200,000 orders.
const MAX_ADMIN_BODY: usize = 512 * 1024 * 1024;

/// Settings of a sandbox that is not yet running.
///
/// ```
/// use contacts_sandbox::Sandbox;
///
/// // A free port on 127.0.0.1 is the default.
/// let sandbox = Sandbox::builder().address(([127, 0, 0, 1], 0).into()).start()?;
/// assert!(sandbox.address().ip().is_loopback());
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Builder {
    address: SocketAddr,
    admin: Option<SocketAddr>,
    account: Account,
    history: History,
    rate_limits: RateLimits,
    clock: Clock,
    faults: Vec<Fault>,
}

impl Sandbox {
    /// Starts a sandbox with the demo account on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// The operating system's error if no port can be had.
    pub fn start() -> io::Result<Self> {
        Self::builder().start()
    }

    /// Settings to start from: the demo account on a free port of 127.0.0.1, the rate limits that
    /// DigiCert documents, no faults and no admin address.
    #[must_use]
    pub fn builder() -> Builder {
        Builder::new()
    }
}

impl Builder {
    pub(crate) fn new() -> Self {
        Self {
            address: (Ipv4Addr::LOCALHOST, 0).into(),
            admin: None,
            account: Account::demo(),
            history: History::default(),
            rate_limits: RateLimits::documented(),
            clock: Clock::System(Instant::now()),
            faults: Vec::new(),
        }
    }

    /// The address to listen on. A sandbox has no encryption and a published key: anything but
    /// loopback lets everybody on the network in.
    #[must_use]
    pub const fn address(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// An address for looking in and for faults at run time; see `docs/sandbox.md` for what it
    /// serves. It needs no key, so that it must be on loopback.
    #[must_use]
    pub const fn admin(mut self, address: SocketAddr) -> Self {
        self.admin = Some(address);
        self
    }

    /// The account to serve instead of the demo account.
    #[must_use]
    pub fn account(mut self, account: Account) -> Self {
        self.account = account;
        self
    }

    /// Takes account and history from a file that [`Sandbox::save`] wrote.
    ///
    /// # Errors
    /// The operating system's error, or `InvalidData` if the file is not such a snapshot.
    pub fn snapshot(mut self, file: impl AsRef<Path>) -> io::Result<Self> {
        let read = snapshot::read(&mut BufReader::new(File::open(file)?))?;
        (self.account, self.history) = read;
        Ok(self)
    }

    /// The rate limits to enforce instead of those that DigiCert documents.
    #[must_use]
    pub fn rate_limits(mut self, limits: RateLimits) -> Self {
        self.rate_limits = limits;
        self
    }

    /// A clock to go by instead of the machine's.
    #[must_use]
    pub fn clock(mut self, clock: ManualClock) -> Self {
        self.clock = Clock::Manual(clock);
        self
    }

    /// Adds a fault; of those that fit a request, the first acts.
    #[must_use]
    pub fn fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// Starts the sandbox.
    ///
    /// # Errors
    /// The operating system's error if an address can't be listened on; `InvalidInput` for an admin
    /// address that is not on loopback, and for more than 1000 faults.
    pub fn start(self) -> io::Result<Sandbox> {
        if self
            .admin
            .is_some_and(|address| !of_this_machine(address.ip()))
        {
            return invalid("the admin address needs no key, so that it must be on loopback");
        }
        let mut faults = Faults::default();
        for fault in self.faults {
            let added = faults.add(fault);
            added.map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
        }
        let state = State {
            account: self.account,
            windows: Windows::new(self.rate_limits),
            faults,
            log: Log::default(),
            history: self.history,
        };
        let inside = Inside::new(state, self.clock);
        let api = Listener::start(self.address, MAX_BODY, Site(inside.clone()))?;
        let admin = self
            .admin
            .map(|address| Listener::start(address, MAX_ADMIN_BODY, Admin(inside.clone())))
            .transpose()?;
        Ok(Sandbox::new(inside, api, admin))
    }
}

fn invalid<T>(message: &str) -> io::Result<T> {
    Err(io::Error::new(io::ErrorKind::InvalidInput, message))
}
