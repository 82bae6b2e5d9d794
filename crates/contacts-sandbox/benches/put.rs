//! The rate at which the sandbox handles PUTs, and the cost of a large account.
//!
//! The server runs in a process of its own, so that `make bench-sandbox` can pin it to one core.
//! Without arguments this is the client: it starts itself as the server, sends on 16 connections for a
//! few seconds, and compares the results with the limits below.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark prints its results"
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use contacts_sandbox::{Account, RateLimits, Sandbox};

const CONNECTIONS: usize = 16;
const DURATION: Duration = Duration::from_secs(5);
const MIN_RATE: f64 = 20_000.0;
const ORDERS: u32 = 50_000;
const MAX_SECONDS: f64 = 2.0;
const MAX_MEMORY: f64 = 300.0;

const BODY: &str = r#"{"contacts":[{"first_name":"John","last_name":"Doe","email":"john.doe@example.com","job_title":"SRE","telephone":"1234567890","language_id":"1","contact_type":"organization_contact"},{"first_name":"Jane","last_name":"Doe","email":"jane.doe@example.com","job_title":"SRE","telephone":"1234567890","language_id":"1","contact_type":"technical_contact"}]}"#;

fn main() -> ExitCode {
    if std::env::args().any(|argument| argument == "serve") {
        serve();
        return ExitCode::SUCCESS;
    }
    let (mut server, address, seconds) = start();
    let account = peak_memory(server.id());
    let orders = orders(address);
    let sent = send(address, &orders);
    let memory = peak_memory(server.id());
    server.kill().unwrap();
    server.wait().unwrap();
    let rate = f64::from(u32::try_from(sent).unwrap()) / DURATION.as_secs_f64();
    println!("PUTs a second, {CONNECTIONS} connections: {rate:.0} (at least {MIN_RATE:.0})");
    println!("account of {ORDERS} orders: {seconds:.2} s (at most {MAX_SECONDS} s)");
    if let (Some(account), Some(memory)) = (account, memory) {
        println!("memory with the account: {account:.0} MB (at most {MAX_MEMORY} MB)");
        println!("memory with full records of requests and changes: {memory:.0} MB");
    }
    let is_small = account.is_none_or(|memory| memory <= MAX_MEMORY);
    ExitCode::from(u8::from(
        !(rate >= MIN_RATE && seconds <= MAX_SECONDS && is_small),
    ))
}

fn serve() {
    let start = Instant::now();
    let account = Account::seeded(ORDERS, 7);
    let seconds = start.elapsed().as_secs_f64();
    let sandbox = Sandbox::builder()
        .account(account)
        .rate_limits(RateLimits::off())
        .start()
        .unwrap();
    println!("{} {seconds}", sandbox.address());
    // Runs until the client closes its end.
    let _ = std::io::stdin().read(&mut [0]);
}

/// Pins the server to one core if `taskset` is available.
fn start() -> (Child, SocketAddr, f64) {
    let this = std::env::current_exe().unwrap();
    let spawn = |mut command: Command| {
        command
            .arg("serve")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
    };
    let mut pinned = Command::new("taskset");
    pinned.args(["-c", "0"]).arg(&this);
    let mut server = spawn(pinned)
        .or_else(|_| spawn(Command::new(&this)))
        .unwrap();
    let mut line = String::new();
    BufReader::new(server.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let (address, seconds) = line.trim().split_once(' ').unwrap();
    (server, address.parse().unwrap(), seconds.parse().unwrap())
}

/// The ids of a thousand orders that can have both contacts.
fn orders(address: SocketAddr) -> Vec<u64> {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "GET /services/v2/order/certificate?filters[product_name_id]=ssl_plus HTTP/1.1\r\n\
         x-dc-devkey: {}\r\nconnection: close\r\n\r\n",
        Account::DEMO_KEY
    )
    .unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    let body = response.split_once("\r\n\r\n").unwrap().1;
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    let orders = body["orders"].as_array().unwrap();
    orders.iter().map(|o| o["id"].as_u64().unwrap()).collect()
}

fn send(address: SocketAddr, orders: &[u64]) -> u64 {
    let (sent, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    std::thread::scope(|scope| {
        for connection in 0..CONNECTIONS {
            let (sent, stop) = (&sent, &stop);
            scope.spawn(move || {
                let mut stream = TcpStream::connect(address).unwrap();
                stream.set_nodelay(true).unwrap();
                let mut response = [0; 4096];
                for order in orders.iter().cycle().skip(connection * 50) {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    let request = format!(
                        "PUT /services/v2/order/certificate/{order}/contact HTTP/1.1\r\n\
                         host: {address}\r\nuser-agent: bench\r\nx-dc-devkey: {}\r\n\
                         content-type: application/json\r\ncontent-length: {}\r\n\r\n{BODY}",
                        Account::DEMO_KEY,
                        BODY.len(),
                    );
                    stream.write_all(request.as_bytes()).unwrap();
                    let length = stream.read(&mut response).unwrap();
                    let response = &response[..length];
                    assert_eq!(response, b"HTTP/1.1 204 No Content\r\n\r\n");
                    sent.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        std::thread::sleep(DURATION);
        stop.store(true, Ordering::Relaxed);
    });
    sent.into_inner()
}

/// In MB.
fn peak_memory(process: u32) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1024.0)
}
