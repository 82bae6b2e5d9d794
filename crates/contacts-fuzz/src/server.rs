//! A server on loopback that sends the same bytes for every request, then closes the connection.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;
use std::time::Duration;

use contacts_http::{ApiKey, BaseUrl, Builder, Client, OnRateLimit, RateLimit, Retry};

use crate::lock;

#[derive(Default)]
struct State {
    response: Vec<u8>,
    requests: usize,
}

pub(crate) struct Server {
    state: Arc<Mutex<State>>,
    base_url: String,
}

/// An API key that no error may contain.
pub(crate) const KEY: &str = "MARKERKEY0123456789abcdef";

impl Server {
    /// The server of this process.
    pub(crate) fn shared() -> &'static Self {
        static SERVER: OnceLock<Server> = OnceLock::new();
        SERVER.get_or_init(|| Self::start().expect("a port on loopback"))
    }

    fn start() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let base_url = format!("http://{}", listener.local_addr()?);
        let state = Arc::<Mutex<State>>::default();
        let server_state = Arc::clone(&state);
        thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                // The client may disconnect early.
                let _ = serve(&connection, &server_state);
            }
        });
        Ok(Self { state, base_url })
    }

    /// Sets the response and resets the request counter.
    pub(crate) fn respond_with(&self, response: &[u8]) {
        *lock(&self.state) = State {
            response: response.to_vec(),
            requests: 0,
        };
    }

    /// The number of requests since then.
    pub(crate) fn requests(&self) -> usize {
        lock(&self.state).requests
    }

    /// A client that neither retries nor waits for a rate limit.
    pub(crate) fn client(&self, set: impl FnOnce(Builder) -> Builder) -> Client {
        let key = ApiKey::parse(KEY).expect("a valid key");
        let builder = Client::builder(key)
            .base_url(BaseUrl::parse(&self.base_url).expect("a valid URL"))
            .rate_limits(Vec::<RateLimit>::new())
            .on_rate_limit(OnRateLimit::Fail)
            .retry(Retry::none())
            .timeout(Duration::from_secs(5));
        set(builder).build().expect("valid settings")
    }
}

fn serve(mut connection: &TcpStream, state: &Mutex<State>) -> io::Result<()> {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    while !is_complete(&request) {
        let read = connection.read(&mut buffer)?;
        if read == 0 {
            return Ok(());
        }
        request.extend_from_slice(&buffer[..read]);
    }
    let response = {
        let mut state = lock(state);
        state.requests += 1;
        state.response.clone()
    };
    connection.write_all(&response)?;
    connection.shutdown(Shutdown::Write)
}

/// Whether a request has its whole body.
fn is_complete(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).to_ascii_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = |line: &str| line.strip_prefix("content-length:")?.trim().parse().ok();
    body.len() >= head.lines().find_map(length).unwrap_or(0)
}
