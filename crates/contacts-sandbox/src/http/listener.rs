use std::collections::HashMap;
use std::fmt;
use std::io;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::connection;
use super::request::Request;
use super::response::Response;
use crate::data::state::Reply;
use crate::lock::lock;

/// Further connections are closed without a response.
const MAX_CONNECTIONS: usize = 256;
const ACCEPT_PAUSE: Duration = Duration::from_millis(10);

/// Handles the requests to a port.
pub(crate) trait Handler: Send + Sync + 'static {
    /// Responds to a request from this address.
    fn handle(&self, request: &Request, peer: SocketAddr) -> Reply;

    /// Records a request that was rejected with this response because it could not be read.
    fn record_rejected(&self, request: &Request, response: &Response);
}

/// A listening port and its connections. Dropping it closes them.
#[derive(Debug)]
pub(crate) struct Listener {
    process: u32,
    address: SocketAddr,
    server: Arc<Server>,
    acceptor: Option<JoinHandle<()>>,
}

/// What a listener shares with its connections.
pub(super) struct Server {
    connections: Mutex<HashMap<u64, TcpStream>>,
    pub(super) shutdown: AtomicBool,
    pub(super) max_body: usize,
    pub(super) handler: Box<dyn Handler>,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").finish_non_exhaustive()
    }
}

impl Listener {
    pub(crate) fn start(
        address: SocketAddr,
        max_body: usize,
        handler: impl Handler,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind(address)?;
        let address = listener.local_addr()?;
        let server = Arc::new(Server {
            connections: Mutex::default(),
            shutdown: AtomicBool::new(false),
            max_body,
            handler: Box::new(handler),
        });
        let for_acceptor = Arc::clone(&server);
        let acceptor = thread::Builder::new()
            .name("sandbox".to_owned())
            .spawn(move || accept(&listener, &for_acceptor))?;
        Ok(Self {
            process: std::process::id(),
            address,
            server,
            acceptor: Some(acceptor),
        })
    }

    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }
}

fn accept(listener: &TcpListener, server: &Arc<Server>) {
    for id in 0.. {
        let Ok((stream, peer)) = listener.accept() else {
            // Most likely out of file descriptors: wait until some connections have closed.
            thread::sleep(ACCEPT_PAUSE);
            continue;
        };
        if server.shutdown.load(Ordering::SeqCst) {
            return;
        }
        let Ok(handle) = stream.try_clone() else {
            continue;
        };
        if !server.admit(id, handle) {
            continue;
        }
        let for_connection = Arc::clone(server);
        let spawned = thread::Builder::new()
            .name("sandbox connection".to_owned())
            .spawn(move || for_connection.serve(id, stream, peer));
        if spawned.is_err() {
            server.remove(id);
        }
    }
}

impl Server {
    fn admit(&self, id: u64, handle: TcpStream) -> bool {
        let mut connections = lock(&self.connections);
        let admitted = connections.len() < MAX_CONNECTIONS;
        if admitted {
            connections.insert(id, handle);
        }
        admitted
    }

    fn serve(&self, id: u64, mut stream: TcpStream, peer: SocketAddr) {
        // A client may close the connection at any time.
        let _ = connection::serve(&mut stream, self, peer);
        // The second handle goes first, so that dropping the stream closes the connection.
        self.remove(id);
    }

    fn remove(&self, id: u64) {
        lock(&self.connections).remove(&id);
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if self.process != std::process::id() {
            // A fork copies this value but not the threads; the connections are the parent's.
            return;
        }
        self.server.shutdown.store(true, Ordering::SeqCst);
        // Wakes the acceptor. If connecting fails, the acceptor is not waiting either.
        let woken = TcpStream::connect(self.address).is_ok();
        for connection in lock(&self.server.connections).values() {
            let _ = connection.shutdown(Shutdown::Both);
        }
        if let Some(acceptor) = self.acceptor.take().filter(|_| woken) {
            let _ = acceptor.join();
        }
    }
}
