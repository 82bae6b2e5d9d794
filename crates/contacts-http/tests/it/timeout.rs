//! The timeouts that a user sets are the only ones.

use std::io::Write;
use std::net::TcpStream;
use std::thread::sleep;
use std::time::{Duration, Instant};

use contacts_core::Outcome;
use contacts_http::Proxy;

use crate::connection::tunnel_after;
use crate::server::{Server, client_for, order, read_request, update};
use crate::tls;

const fn ms(n: u64) -> Duration {
    Duration::from_millis(n)
}

/// Writes `parts`, with a wait before each.
fn slow(wait: Duration, parts: &'static [&'static str]) -> Server {
    Server::with_handler(move |mut stream: TcpStream, log| {
        log.lock().unwrap().push(read_request(&mut stream));
        for part in parts {
            sleep(wait);
            if stream.write_all(part.as_bytes()).is_err() {
                return;
            }
        }
    })
}

const DONE: &str = "HTTP/1.1 204 No Content\r\n\r\n";

#[test]
fn an_answer_just_within_the_timeout_is_read_and_one_after_it_is_not() {
    let server = slow(ms(2700), &[DONE]);
    let client = |timeout| {
        client_for(&server.base_url())
            .timeout(timeout)
            .build()
            .unwrap()
    };
    client(ms(3000))
        .update_contacts(order(), &update())
        .unwrap();
    let started = Instant::now();
    // The read that follows times out as well.
    let error = client(ms(1500))
        .update_contacts(order(), &update())
        .unwrap_err();
    assert!(error.is_timeout() && error.outcome() == Outcome::Unknown);
    assert!(
        (3000..4000).contains(&started.elapsed().as_millis()),
        "{:?}",
        started.elapsed()
    );
    assert_eq!((server.puts(), server.gets()), (2, 1));
}

#[test]
fn the_timeout_covers_the_body_as_well() {
    let parts = &[
        "HTTP/1.1 200 OK\r\ncontent-length: 17\r\n\r\n",
        r#"{"id": "#,
        "100000001}",
    ];
    let client = |timeout| {
        let server = slow(ms(400), parts);
        client_for(&server.base_url())
            .timeout(timeout)
            .build()
            .unwrap()
    };
    assert!(client(ms(3000)).order(order()).is_ok());
    assert!(client(ms(1000)).order(order()).unwrap_err().is_timeout());
}

#[test]
#[ignore = "takes 40 s"]
fn an_answer_after_40_seconds_is_read_with_a_timeout_of_two_minutes() {
    let server = slow(Duration::from_secs(40), &[DONE]);
    let client = client_for(&server.base_url())
        .timeout(Duration::from_secs(120))
        .build()
        .unwrap();
    client.update_contacts(order(), &update()).unwrap();
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_report_may_pause_for_as_long_as_the_timeout() {
    let parts = &[
        "HTTP/1.1 200 OK\r\n\r\norder_id,status\n",
        "1,\n",
        "2,\n",
        "3,\n",
    ];
    let server = slow(ms(400), parts);
    let client = client_for(&server.base_url())
        .timeout(ms(1000))
        .build()
        .unwrap();
    let report = std::io::read_to_string(client.order_report().unwrap());
    assert_eq!(
        report.unwrap(),
        "order_id,status\n1,\n2,\n3,\n",
        "1.6 s in all"
    );

    let stalled = Server::with_handler(|mut stream, log| {
        log.lock().unwrap().push(read_request(&mut stream));
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\norder_id,status\n");
        sleep(Duration::from_secs(20));
    });
    let client = client_for(&stalled.base_url())
        .timeout(ms(1000))
        .build()
        .unwrap();
    let started = Instant::now();
    let error = std::io::read_to_string(client.order_report().unwrap()).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::TimedOut, "{error:?}");
    assert!(started.elapsed() < Duration::from_secs(10));
}

#[test]
fn a_slow_proxy_has_the_connect_timeout_within_the_timeout() {
    let server = tls::Server::start(tls::Case::WrongName);
    let proxy = tunnel_after(ms(1200), server.address());
    let client = |connect_timeout| {
        let setting = Proxy::parse(&format!("http://{}", proxy.address)).unwrap();
        let builder = client_for("https://other.example/v2").proxy(setting);
        let builder = builder.ca_bundle(server.ca_bundle()).timeout(ms(2000));
        builder.connect_timeout(connect_timeout).build().unwrap()
    };
    client(ms(5000))
        .update_contacts(order(), &update())
        .unwrap();
    let error = client(ms(300))
        .update_contacts(order(), &update())
        .unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert_eq!(error.outcome(), Outcome::NotSent);
}

#[test]
fn nothing_was_sent_if_the_connection_takes_the_whole_timeout() {
    let silent = Server::with_handler(|mut stream, _| drop(read_request(&mut stream)));
    let client = |timeout, connect_timeout| {
        let builder = client_for(&format!("https://{}", silent.address)).timeout(timeout);
        builder.connect_timeout(connect_timeout).build().unwrap()
    };
    for (timeout, connect_timeout) in [(30_000, 200), (200, 30_000), (200, 200)] {
        let started = Instant::now();
        let client = client(ms(timeout), ms(connect_timeout));
        let error = client.update_contacts(order(), &update()).unwrap_err();
        assert!(error.is_timeout(), "{error}");
        assert_eq!(error.outcome(), Outcome::NotSent);
        assert!(started.elapsed() < Duration::from_secs(10));
    }
}
