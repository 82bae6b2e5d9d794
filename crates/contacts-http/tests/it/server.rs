//! A raw TCP server with a handler for each connection, and clients for tests.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use contacts_core::{Contact, ContactsUpdate, OrderId};
use contacts_http::{ApiKey, BaseUrl, Builder, Client, Retry};

/// The requests that a server received.
pub(crate) type Log = Arc<Mutex<Vec<String>>>;

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    requests: Log,
}

impl Server {
    /// Responds to each request with `bytes` and closes the connection.
    pub(crate) fn with_response(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        Self::with_handler(move |mut stream, log| {
            log.lock().unwrap().push(read_request(&mut stream));
            let _ = stream.write_all(&bytes);
        })
    }

    /// Calls `handler` for each connection, on a thread that ends with the test process.
    pub(crate) fn with_handler(handler: impl Fn(TcpStream, &Log) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Log::default();
        let (log, handler) = (Arc::clone(&requests), Arc::new(handler));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (log, handler) = (Arc::clone(&log), Arc::clone(&handler));
                std::thread::spawn(move || handler(stream.unwrap(), &log));
            }
        });
        Self { address, requests }
    }

    pub(crate) fn with_status(status: &str, headers: &str, body: &str) -> Self {
        let length = body.len();
        Self::with_response(format!(
            "HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}"
        ))
    }

    pub(crate) fn base_url(&self) -> String {
        format!("http://{}/services/v2", self.address)
    }

    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    /// The number of updates, without the reads that check whether they were applied.
    pub(crate) fn puts(&self) -> usize {
        self.count("PUT ")
    }

    pub(crate) fn gets(&self) -> usize {
        self.count("GET ")
    }

    fn count(&self, method: &str) -> usize {
        let requests = self.requests.lock().unwrap();
        requests.iter().filter(|r| r.starts_with(method)).count()
    }

    pub(crate) fn client(&self) -> Client {
        client_for(&self.base_url()).build().unwrap()
    }
}

/// Reads the head and the body of a request.
pub(crate) fn read_request(stream: &mut impl Read) -> String {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|l| l.strip_prefix("content-length: "));
            if body.len() >= length.map_or(0, |l| l.parse().unwrap()) {
                return text;
            }
        }
        match stream.read(&mut chunk) {
            Ok(0) | Err(_) => return text,
            Ok(n) => bytes.extend_from_slice(&chunk[..n]),
        }
    }
}

pub(crate) const KEY: &str = "Marker-Key-4711";

pub(crate) fn client_for(base_url: &str) -> Builder {
    Client::builder(ApiKey::parse(KEY).unwrap())
        .base_url(BaseUrl::parse(base_url).unwrap())
        .timeout(Duration::from_secs(2))
        .retry(Retry::none())
}

pub(crate) fn order() -> OrderId {
    OrderId::parse("100000001").unwrap()
}

pub(crate) fn update() -> ContactsUpdate {
    ContactsUpdate::technical(
        Contact::draft("Jane", "Doe", "jane.doe@example.com")
            .build()
            .unwrap(),
    )
}

/// The error with its causes, as a user sees it.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}
