use std::collections::HashMap;
use std::io;
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use serde_json::Value;

use crate::account::Account;
use crate::answer::Answer;
use crate::api;
use crate::connection;
use crate::message::Message;

/// More connections than this at once are closed unanswered.
const MAX_CONNECTIONS: usize = 256;
const ACCEPT_PAUSE: Duration = Duration::from_millis(10);
/// Older entries of the request log are dropped.
const MAX_LOG: usize = 100_000;

/// A running sandbox. It stops when it is dropped.
///
/// Each instance has its own account and its own port, so that tests can run side by side.
///
/// ```
/// let sandbox = contacts_sandbox::Sandbox::start()?;
/// assert!(sandbox.base_url().starts_with("http://127.0.0.1:"));
/// assert!(sandbox.requests().is_empty());
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Sandbox {
    process: u32,
    address: SocketAddr,
    api_key: String,
    shared: Arc<Shared>,
    acceptor: Option<JoinHandle<()>>,
}

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
    account: Account,
}

/// A request that was answered. Its headers, and so its key, are not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Request {
    /// Such as `PUT`.
    pub method: String,
    /// The path with its query, as it was sent.
    pub target: String,
    /// The status it was answered with.
    pub status: u16,
}

#[derive(Debug, Default)]
struct Shared {
    account: Mutex<Account>,
    log: Mutex<Vec<Request>>,
    connections: Mutex<HashMap<u64, TcpStream>>,
    stop: AtomicBool,
}

/// A thread that panicked has been reported already; its data is whole, since every change to it
/// is a single step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Sandbox {
    /// Starts a sandbox with the demo account on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// The operating system's error if no port can be had.
    pub fn start() -> io::Result<Self> {
        Self::builder().start()
    }

    /// Settings to start from: the demo account on a free port of 127.0.0.1.
    #[must_use]
    pub fn builder() -> Builder {
        Builder {
            address: (Ipv4Addr::LOCALHOST, 0).into(),
            account: Account::demo(),
        }
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// What stands in for `https://www.digicert.com/services/v2`.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}/services/v2", self.address)
    }

    /// The unrestricted key of the demo account.
    #[must_use]
    pub fn api_key(&self) -> &str {
        &self.api_key
    }

    /// An order as it stands now, with everything that was ever set, `language_id` included; also
    /// one of another account, which no key can read.
    #[must_use]
    pub fn order(&self, id: u64) -> Option<Value> {
        lock(&self.shared.account)
            .order_anywhere(id)
            .cloned()
            .map(Value::Object)
    }

    /// The requests that were answered, oldest first; the latest 100,000 are kept.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        lock(&self.shared.log).clone()
    }
}

impl Builder {
    /// The address to listen on. A sandbox has no encryption and a published key: anything but
    /// loopback lets everybody on the network in.
    #[must_use]
    pub const fn address(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// The account to serve instead of the demo account.
    #[must_use]
    pub fn account(mut self, account: Account) -> Self {
        self.account = account;
        self
    }

    /// Starts the sandbox.
    ///
    /// # Errors
    /// The operating system's error if the address can't be listened on.
    pub fn start(self) -> io::Result<Sandbox> {
        let listener = TcpListener::bind(self.address)?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            account: Mutex::new(self.account),
            ..Shared::default()
        });
        let for_acceptor = Arc::clone(&shared);
        let acceptor = thread::Builder::new()
            .name("sandbox".to_owned())
            .spawn(move || accept(&listener, &for_acceptor))?;
        let api_key = Account::DEMO_KEY.to_owned();
        Ok(Sandbox {
            process: std::process::id(),
            address,
            api_key,
            shared,
            acceptor: Some(acceptor),
        })
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for id in 0.. {
        let Ok((stream, _)) = listener.accept() else {
            // Out of file descriptors, most likely: let some connections end.
            thread::sleep(ACCEPT_PAUSE);
            continue;
        };
        if shared.stop.load(Ordering::SeqCst) {
            return;
        }
        let Ok(handle) = stream.try_clone() else {
            continue;
        };
        if !shared.admit(id, handle) {
            continue;
        }
        let for_connection = Arc::clone(shared);
        let spawned = thread::Builder::new()
            .name("sandbox connection".to_owned())
            .spawn(move || {
                // A client that breaks the connection has its reasons.
                let _ = connection::serve(stream, |message| for_connection.answer(message));
                lock(&for_connection.connections).remove(&id);
            });
        if spawned.is_err() {
            lock(&shared.connections).remove(&id);
        }
    }
}

impl Shared {
    fn admit(&self, id: u64, handle: TcpStream) -> bool {
        let mut connections = lock(&self.connections);
        let free = connections.len() < MAX_CONNECTIONS;
        if free {
            connections.insert(id, handle);
        }
        free
    }

    fn answer(&self, message: &Message) -> Answer {
        let answer = api::answer(&mut lock(&self.account), message);
        let mut log = lock(&self.log);
        if log.len() == MAX_LOG {
            log.drain(..MAX_LOG / 10);
        }
        log.push(Request {
            method: message.method.clone(),
            target: message.target.clone(),
            status: answer.status,
        });
        answer
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        if self.process != std::process::id() {
            // A fork copied this value, but not the threads; the connections are the parent's.
            return;
        }
        self.shared.stop.store(true, Ordering::SeqCst);
        // Wakes the acceptor; if nobody can connect, it is not waiting either.
        let woken = TcpStream::connect(self.address).is_ok();
        for connection in lock(&self.shared.connections).values() {
            let _ = connection.shutdown(Shutdown::Both);
        }
        if let Some(acceptor) = self.acceptor.take().filter(|_| woken) {
            let _ = acceptor.join();
        }
    }
}
