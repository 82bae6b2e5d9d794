//! A server on loopback that answers every request with the same bytes, and then closes.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

use contacts_http::{ApiKey, BaseUrl, Builder, Client, OnRateLimit, RateLimit, Retry};

#[derive(Default)]
struct Script {
    answer: Vec<u8>,
    requests: usize,
}

pub(crate) struct Server {
    script: Arc<Mutex<Script>>,
    base_url: String,
}

/// A key that must not be seen anywhere.
pub(crate) const KEY: &str = "MARKERKEY0123456789abcdef";

impl Server {
    /// The one of this process.
    pub(crate) fn here() -> &'static Self {
        static SERVER: OnceLock<Server> = OnceLock::new();
        SERVER.get_or_init(|| Self::start().expect("a port on loopback"))
    }

    fn start() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let base_url = format!("http://{}", listener.local_addr()?);
        let script = Arc::<Mutex<Script>>::default();
        let serving = Arc::clone(&script);
        thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                // A client that goes away early is none of our worries.
                let _ = serve(&connection, &serving);
            }
        });
        Ok(Self { script, base_url })
    }

    fn script<T>(&self, look: impl FnOnce(&mut Script) -> T) -> T {
        look(&mut self.script.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Answers so from now on.
    pub(crate) fn answers(&self, answer: &[u8]) {
        self.script(|script| {
            script.answer = answer.to_vec();
            script.requests = 0;
        });
    }

    /// How many requests came since.
    pub(crate) fn requests(&self) -> usize {
        self.script(|script| script.requests)
    }

    /// A client that asks once and never waits.
    pub(crate) fn client(&self, set: impl FnOnce(Builder) -> Builder) -> Client {
        let key = ApiKey::parse(KEY).expect("a key");
        let builder = Client::builder(key)
            .base_url(BaseUrl::parse(&self.base_url).expect("an address"))
            .rate_limits(Vec::<RateLimit>::new())
            .on_rate_limit(OnRateLimit::Fail)
            .retry(Retry::none())
            .timeout(Duration::from_secs(5));
        set(builder).build().expect("settings that fit")
    }
}

fn serve(mut connection: &TcpStream, script: &Mutex<Script>) -> io::Result<()> {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    while !is_whole(&request) {
        let read = connection.read(&mut buffer)?;
        if read == 0 {
            return Ok(());
        }
        request.extend_from_slice(&buffer[..read]);
    }
    let answer = {
        let mut script = script.lock().unwrap_or_else(PoisonError::into_inner);
        script.requests += 1;
        script.answer.clone()
    };
    connection.write_all(&answer)?;
    connection.shutdown(Shutdown::Write)
}

/// Whether a request of ours has come with all of its body.
fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).to_ascii_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"));
    let length = length.and_then(|length| length.trim().parse().ok());
    body.len() >= length.unwrap_or(0)
}
