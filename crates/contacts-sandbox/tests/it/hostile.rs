//! Whatever a client sends, no thread of the sandbox panics, and the sandbox keeps responding.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use contacts_sandbox::{Account, RateLimits, Sandbox};

use crate::client::get;

static PANICS: AtomicUsize = AtomicUsize::new(0);

/// xorshift, so that a failure can be reproduced.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}

const SEEDS: [&str; 8] = [
    "GET /services/v2/order/certificate?limit=5&sort=-id,status&filters[search]=a%ff HTTP/1.1\r\n",
    "GET /services/v2/order/certificate/7D3A0C5E9B1F42866D4E0A17C2B95F3380E6D1A4 HTTP/1.1\r\n",
    "GET /services/v2/report/order?offset=2&limit=3 HTTP/1.1\r\naccept: text/csv\r\n",
    "GET /services/v2/certificate/600000001 HTTP/1.0\r\nconnection: keep-alive\r\n",
    "GET /live HTTP/1.1\r\nhost: [::1]:80\r\n",
    "POST /faults HTTP/1.1\r\ncontent-length: LENGTH\r\n",
    "PUT /snapshot HTTP/1.1\r\nexpect: 100-continue\r\ncontent-length: LENGTH\r\n",
    "PUT /services/v2/order/certificate/100000001/contact HTTP/1.1\r\ncontent-type: application/json\r\ncontent-length: LENGTH\r\n",
];
const BODIES: [&str; 5] = [
    r#"{"contacts":[{"first_name":"Jane","last_name":"Doe","email":"j@example.com","contact_type":"technical_contact"}]}"#,
    r#"{"contacts":[[],null,{"contact_type":{"contact_type":[]}}]}"#,
    r#"{"action":"status","status":599,"body":{"a":[1e999]}}"#,
    r#"{"form":"digicert-contacts sandbox snapshot","version":2,"keys":{},"leavers":[]}"#,
    "\u{feff}{\"contacts\":\"\\ud800\"}",
];

fn mutated(random: &mut Random) -> Vec<u8> {
    let head = SEEDS[random.below(SEEDS.len())];
    let body = BODIES[random.below(BODIES.len())];
    let head = head.replace("LENGTH", &body.len().to_string());
    let key = Account::DEMO_KEY;
    let mut bytes = format!("{head}x-dc-devkey: {key}\r\n\r\n{body}").into_bytes();
    for _ in 0..random.below(6) {
        let at = random.below(bytes.len());
        match random.below(4) {
            0 => bytes[at] = u8::try_from(random.below(256)).unwrap(),
            1 => bytes.truncate(at + 1),
            2 => bytes.extend_from_within(at..),
            _ => bytes.insert(at, b"\0\r\n/%&=[{\"9"[random.below(11)]),
        }
    }
    bytes
}

fn send(address: SocketAddr, bytes: &[u8]) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .unwrap();
    // The sandbox may close the connection before it has read everything.
    let _ = stream.write_all(bytes);
    let _ = stream.shutdown(Shutdown::Write);
    let _ = stream.read_to_end(&mut Vec::new());
}

#[test]
fn no_request_makes_it_panic() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if std::thread::current().name() == Some("sandbox connection") {
            PANICS.fetch_add(1, Ordering::SeqCst);
        }
        before(info);
    }));
    let sandbox = Sandbox::builder()
        .rate_limits(RateLimits::off())
        .admin(([127, 0, 0, 1], 0).into())
        .start()
        .unwrap();
    let admin = sandbox.admin_url().unwrap();
    let admin = admin.strip_prefix("http://").unwrap().parse().unwrap();
    let mut random = Random(7);
    for _ in 0..1500 {
        let bytes = mutated(&mut random);
        send(sandbox.address(), &bytes);
        send(admin, &bytes);
        sandbox.clear_faults();
    }
    assert_eq!(PANICS.load(Ordering::SeqCst), 0);
    let statuses: std::collections::BTreeSet<_> =
        sandbox.requests().iter().map(|r| r.status).collect();
    for status in [200, 204, 400, 404] {
        assert!(statuses.contains(&status), "{statuses:?}");
    }
    assert_ne!(get(&sandbox, "user/me").status, 500);
}

#[test]
fn at_most_256_connections_are_open() {
    let sandbox = Sandbox::start().unwrap();
    let open: Vec<_> = (0..300)
        .map(|_| TcpStream::connect(sandbox.address()).unwrap())
        .collect();
    let closed = |mut stream: &TcpStream| {
        stream
            .set_read_timeout(Some(Duration::from_millis(20)))
            .unwrap();
        matches!(stream.read(&mut [0]), Ok(0))
            || stream
                .read(&mut [0])
                .is_err_and(|error| error.kind() == std::io::ErrorKind::ConnectionReset)
    };
    // Those over 256 are closed.
    assert!(!closed(&open[0]));
    let over = open[260..].iter().filter(|stream| closed(stream)).count();
    assert_eq!(over, 40);
    drop(open);
    // Closed connections make room for new ones.
    for _ in 0..100 {
        if TcpStream::connect(sandbox.address()).is_ok_and(|stream| !closed(&stream)) {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("no connection was accepted");
}
