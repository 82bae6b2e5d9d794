//! The rate limit in real time: threads, clones and files.

use std::collections::VecDeque;
use std::io::Write;
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use contacts_core::Outcome;
use contacts_http::{Client, Error, OnRateLimit, RateLimit, Retry};

use crate::server::{Log, Server, client_for, order, read_request, update};

fn enforcing(limit: RateLimit) -> Server {
    enforcing_all(vec![limit], Duration::ZERO)
}

/// A server that enforces the limits exactly, by the arrival time of requests, with 429. It delays each
/// response at random, up to `delay`.
pub(crate) fn enforcing_all(limits: Vec<RateLimit>, delay: Duration) -> Server {
    let arrived = Arc::new(Mutex::new(VecDeque::<Instant>::new()));
    Server::with_handler(move |mut stream: TcpStream, log: &Log| {
        loop {
            let request = read_request(&mut stream);
            if request.is_empty() {
                return;
            }
            let status = {
                let mut arrived = arrived.lock().unwrap();
                let now = Instant::now();
                arrived.push_back(now);
                let is_over = |limit: &RateLimit| {
                    let newest_first = arrived.iter().rev();
                    let in_window = newest_first.take_while(|at| **at + limit.window() > now);
                    in_window.count() > limit.requests() as usize
                };
                if limits.iter().any(is_over) { 429 } else { 204 }
            };
            std::thread::sleep(delay.mul_f64(fastrand::f64()));
            log.lock().unwrap().push(status.to_string());
            if write!(stream, "HTTP/1.1 {status} X\r\ncontent-length: 0\r\n\r\n").is_err() {
                return;
            }
        }
    })
}

fn send_all(clients: &[Client], requests: usize) {
    std::thread::scope(|scope| {
        for client in clients {
            scope.spawn(move || {
                for _ in 0..requests / clients.len() {
                    client.update_contacts(order(), &update()).unwrap();
                }
            });
        }
    });
}

#[test]
fn no_number_of_threads_gets_a_429() {
    let limit = RateLimit::new(20, Duration::from_millis(200));
    for threads in [1, 4, 16] {
        let server = enforcing(limit);
        let client = client_for(&server.base_url())
            .rate_limits([limit])
            .build()
            .unwrap();
        send_all(&vec![client; threads], 96);
        let answers = server.requests();
        assert_eq!(answers, vec!["204"; 96], "{threads} threads");
    }
}

#[test]
fn clients_that_share_a_file_share_the_limit() {
    let limit = RateLimit::new(10, Duration::from_millis(300));
    let folder = tempfile::tempdir().unwrap();
    let server = enforcing(limit);
    let client = || {
        let builder = client_for(&server.base_url()).rate_limits([limit]);
        builder
            .rate_limit_file(folder.path().join("limit"))
            .build()
            .unwrap()
    };
    // Each has its own connections and memory, like another process.
    send_all(&[client(), client(), client(), client()], 40);
    assert_eq!(server.requests(), vec!["204"; 40]);
}

const CHILD_SERVER: &str = "CONTACTS_TEST_SERVER";
const CHILD_FILE: &str = "CONTACTS_TEST_FILE";
const SHARED: RateLimit = RateLimit::new(10, Duration::from_millis(400));

/// A process of the test below.
#[test]
#[ignore = "started by the test below"]
fn a_process_that_shares_a_file() {
    let builder = client_for(&std::env::var(CHILD_SERVER).unwrap()).rate_limits([SHARED]);
    let builder = builder.rate_limit_file(std::env::var(CHILD_FILE).unwrap());
    send_all(&[builder.build().unwrap()], 20);
}

#[test]
fn processes_that_share_a_file_share_the_limit_even_if_one_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let server = enforcing(SHARED);
    let start = || {
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args([
            "limit::a_process_that_shares_a_file",
            "--exact",
            "--ignored",
        ]);
        child.env(CHILD_SERVER, server.base_url());
        child.env(CHILD_FILE, folder.path().join("limit"));
        child.stdout(Stdio::null()).spawn().unwrap()
    };
    let mut killed = start();
    let children = [start(), start()];
    let started = Instant::now();
    while server.requests().len() < 15 && started.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(5));
    }
    killed.kill().unwrap();
    killed.wait().unwrap();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let answers = server.requests();
    assert!(answers.len() >= 40, "{}", answers.len());
    assert!(answers.iter().all(|answer| answer == "204"), "{answers:?}");
}

fn throttling(header: &str) -> Server {
    Server::with_status("429 Too Many Requests", header, "")
}

/// The rest of the wait, in seconds started.
fn seconds_to_wait(error: &Error) -> u64 {
    error.retry_after().unwrap().as_secs() + 1
}

#[test]
fn a_call_that_does_not_wait_fails_at_once() {
    let server = throttling("");
    let builder = client_for(&server.base_url()).retry(Retry::default());
    let client = builder.on_rate_limit(OnRateLimit::Fail).build().unwrap();
    let error = client.update_contacts(order(), &update()).unwrap_err();
    assert_eq!(
        (error.status(), error.outcome()),
        (Some(429), Outcome::Rejected)
    );
    assert_eq!(error.retry_after(), Some(Duration::from_secs(5)));
    let error = client.update_contacts(order(), &update()).unwrap_err();
    assert!(error.is_rate_limited());
    assert_eq!((error.status(), error.outcome()), (None, Outcome::NotSent));
    assert_eq!(seconds_to_wait(&error), 5);
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn no_call_sends_during_the_pause_after_a_429_which_takes_an_hour_at_most() {
    for (retry_after, pause) in [(601, 601), (99_999, 3600)] {
        let server = throttling(&format!("retry-after: {retry_after}\r\n"));
        let builder = client_for(&server.base_url()).retry(Retry::default());
        let client = builder.build().unwrap();
        let error = client.update_contacts(order(), &update()).unwrap_err();
        assert_eq!((error.status(), error.attempts()), (Some(429), 1));
        let error = client.update_contacts(order(), &update()).unwrap_err();
        assert_eq!((error.status(), error.attempts()), (None, 0));
        assert_eq!(seconds_to_wait(&error), pause);
        assert_eq!(server.requests().len(), 1);
    }
}

#[test]
fn all_clones_pause_after_a_429() {
    // The limit of the client is higher than the server's.
    let server = enforcing(RateLimit::new(3, Duration::from_millis(400)));
    let builder =
        client_for(&server.base_url()).rate_limits([RateLimit::new(100, Duration::from_secs(1))]);
    let client = builder
        .retry(Retry::new(3, Duration::from_secs(60)))
        .build()
        .unwrap();
    let started = Instant::now();
    send_all(&vec![client; 2], 4);
    let answers = server.requests();
    assert_eq!(answers.iter().filter(|a| *a == "204").count(), 4);
    assert!(answers.contains(&"429".to_owned()));
    assert!(
        started.elapsed() >= Duration::from_secs(5),
        "the first pause"
    );
}
