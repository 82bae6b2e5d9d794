//! The rate limit in real time: threads, clones and files.

use std::collections::VecDeque;
use std::fs;
use std::io::Write;
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use contacts_core::Outcome;
use contacts_http::{Client, Error, OnRateLimit, RateLimit, Retry};

use crate::server::{Log, Server, client_for, order, read_request, update};

/// A server that enforces a limit exactly, by the arrival time of requests, with 429.
fn enforcing(limit: RateLimit) -> Server {
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
                let in_window = arrived
                    .iter()
                    .rev()
                    .take_while(|at| **at + limit.window() > now);
                if in_window.count() > limit.requests() as usize {
                    429
                } else {
                    204
                }
            };
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

#[test]
fn an_unusable_file_is_an_error_before_anything_is_sent() {
    let server = enforcing(RateLimit::new(1, Duration::from_secs(1)));
    let builder = client_for(&server.base_url()).rate_limit_file("/no/such/folder/limit");
    let error = builder
        .build()
        .unwrap()
        .update_contacts(order(), &update())
        .unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotSent);
    insta::assert_snapshot!(crate::server::chain(&error), @"the contacts of order 100000001 could not be changed: cannot read or write the rate limit file: No such file or directory (os error 2)");
    assert!(server.requests().is_empty());
}

/// A client that shares a file with a limit of 3 requests an hour, and never waits.
fn client_with_file(server: &Server, file: &Path) -> Client {
    let builder = client_for(&server.base_url()).rate_limit_file(file);
    let builder = builder.rate_limits([RateLimit::new(3, Duration::from_secs(3600))]);
    builder.on_rate_limit(OnRateLimit::Fail).build().unwrap()
}

/// Sends requests until one fails. Returns the number of successful ones, and the error.
fn send_until_error(client: &Client) -> (usize, Error) {
    let results = std::iter::repeat_with(|| client.update_contacts(order(), &update()));
    for (sent, result) in results.enumerate() {
        if let Err(error) = result {
            return (sent, error);
        }
    }
    unreachable!()
}

#[test]
fn a_file_shares_the_windows() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::with_status("204 No Content", "", "");
    let client = || client_with_file(&server, &folder.path().join("limit"));
    let (a, b) = (client(), client());
    for client in [&a, &b, &a] {
        client.update_contacts(order(), &update()).unwrap();
    }
    let error = b.update_contacts(order(), &update()).unwrap_err();
    assert!(error.is_rate_limited());
    assert!(
        error.retry_after().unwrap() > Duration::from_secs(60),
        "{error}"
    );
}

#[test]
fn a_rate_limit_file_that_is_invalid_is_an_error_and_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("limit");
    let server = Server::with_status("204 No Content", "", "");
    let client = client_with_file(&server, &file);
    let cause = || {
        let error = client.update_contacts(order(), &update()).unwrap_err();
        std::error::Error::source(&error).unwrap().to_string()
    };
    for damaged in ["", "{", "{\"version\":2}", "null"] {
        fs::write(&file, damaged).unwrap();
        let cause = cause();
        assert!(
            cause.starts_with("not a rate limit file of this version"),
            "{cause}"
        );
        assert_eq!(fs::read_to_string(&file).unwrap(), damaged);
    }
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    assert_eq!(cause(), "not a regular file");
    assert!(server.requests().is_empty());
}

#[test]
#[cfg(unix)]
fn a_pipe_in_place_of_the_file_or_its_lock_is_an_error_and_does_not_block() {
    let server = Server::with_status("204 No Content", "", "");
    for pipe in ["limit", "limit.lock"] {
        let folder = tempfile::tempdir().unwrap();
        let made = Command::new("mkfifo")
            .arg(folder.path().join(pipe))
            .status();
        assert!(made.unwrap().success());
        let client = client_with_file(&server, &folder.path().join("limit"));
        let error = client.update_contacts(order(), &update()).unwrap_err();
        let cause = std::error::Error::source(&error).unwrap().to_string();
        assert_eq!(cause, "not a regular file", "{pipe}");
    }
}

#[test]
fn invalid_values_in_a_file_neither_block_for_ever_nor_break_the_limit() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("limit");
    let server = Server::with_status("204 No Content", "", "");
    let far = r#"{"secs":18446744073709551615,"nanos":0}"#;
    let zero = r#"{"secs":0,"nanos":0}"#;
    for (in_flight, answered, paused_until, percent, lease) in [
        ("9", "", zero, "100", ""),
        ("0", far, zero, "4294967295", ""),
        ("0", "", far, "0", ""),
        ("0", "", zero, "100", far),
    ] {
        let lease = match lease {
            "" => String::new(),
            time => format!(r#"{{"id":1,"begun":{time},"time":{time}}}"#),
        };
        let text = format!(
            r#"{{"version":1,"windows":{{"under_way":{in_flight},"answered":[{answered}],
            "closed_until":{paused_until},"pace":{{"percent":{percent},"answers_since":4294967295,
            "slowed":{far}}}}},"leases":[{lease}],"next_id":18446744073709551615}}"#
        );
        fs::write(&file, &text).unwrap();
        let (sent, error) = send_until_error(&client_with_file(&server, &file));
        assert!(sent <= 3, "{text}");
        assert!(error.is_rate_limited(), "{error} for {text}");
        let wait = error.retry_after().unwrap();
        assert!(wait <= Duration::from_secs(61 * 60), "{wait:?} for {text}");
    }
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
