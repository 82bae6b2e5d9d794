use std::collections::HashMap;
use std::fmt;
use std::io;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::answer::Answer;
use crate::connection::{self, Service};
use crate::lock::lock;
use crate::message::Message;
use crate::state::Handled;

/// More connections than this at once are closed unanswered.
const MAX_CONNECTIONS: usize = 256;
const ACCEPT_PAUSE: Duration = Duration::from_millis(10);

/// What becomes of the requests to a port.
pub(crate) trait Port: Send + Sync + 'static {
    /// Answers a request that came from this address.
    fn answer(&self, request: &Message, peer: SocketAddr) -> Handled;

    /// Takes note of what was refused with this answer, because it could not be read.
    fn refused(&self, request: &Message, answer: &Answer);
}

/// A port that is listened on, and its connections. It closes when it is dropped.
#[derive(Debug)]
pub(crate) struct Listener {
    process: u32,
    address: SocketAddr,
    shared: Arc<Shared>,
    acceptor: Option<JoinHandle<()>>,
}

struct Shared {
    connections: Mutex<HashMap<u64, TcpStream>>,
    stop: AtomicBool,
    max_body: usize,
    port: Box<dyn Port>,
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").finish_non_exhaustive()
    }
}

impl Listener {
    pub(crate) fn start(address: SocketAddr, max_body: usize, port: impl Port) -> io::Result<Self> {
        let listener = TcpListener::bind(address)?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            connections: Mutex::default(),
            stop: AtomicBool::new(false),
            max_body,
            port: Box::new(port),
        });
        let for_acceptor = Arc::clone(&shared);
        let acceptor = thread::Builder::new()
            .name("sandbox".to_owned())
            .spawn(move || accept(&listener, &for_acceptor))?;
        Ok(Self {
            process: std::process::id(),
            address,
            shared,
            acceptor: Some(acceptor),
        })
    }

    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for id in 0.. {
        let Ok((stream, peer)) = listener.accept() else {
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
        let shared_here = Arc::clone(shared);
        let spawned = thread::Builder::new()
            .name("sandbox connection".to_owned())
            .spawn(move || {
                let service = Service {
                    max_body: shared_here.max_body,
                    stop: &shared_here.stop,
                    handle: &|message| shared_here.port.answer(message, peer),
                    refused: &|message, answer| shared_here.port.refused(message, answer),
                };
                // The second handle goes first, so that closing the stream closes the connection.
                let ended = connection::serve(stream, &service, || {
                    lock(&shared_here.connections).remove(&id);
                });
                // A client that breaks the connection has its reasons.
                drop(ended);
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
}

impl Drop for Listener {
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
