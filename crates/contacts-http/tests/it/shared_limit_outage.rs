//! A store that is away for a while: calls wait, and none is sent without a permit.

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

use crate::limit::enforcing_all;
use crate::server::{Server, chain, order, update};
use crate::shared_limit_fault::{LIMIT, client};
use crate::store_server::{StoreServer, proxy};

#[test]
fn a_store_that_fails_over_makes_all_wait_for_a_window() {
    let (Some(mut primary), Some(replica)) = (StoreServer::redis(&[]), StoreServer::redis(&[]))
    else {
        return;
    };
    let port = primary.port.to_string();
    assert_eq!(
        replica.command(&["REPLICAOF", "127.0.0.1", &port]),
        "+OK\r\n"
    );
    let is_synchronized = || {
        let info = replica.command(&["INFO", "replication"]);
        info.contains("master_link_status:up")
    };
    while !is_synchronized() {
        std::thread::sleep(Duration::from_millis(20));
    }
    replica.wait_until_older_than(LIMIT.window());
    let current = Arc::new(AtomicU16::new(primary.port));
    let address = Arc::clone(&current);
    let to = move || format!("127.0.0.1:{}", address.load(Ordering::SeqCst));
    let port = proxy("127.0.0.1:0", to, Duration::ZERO);
    let api = enforcing_all(vec![LIMIT], Duration::ZERO);
    let url = format!("redis://127.0.0.1:{port}");
    let first = client(&api, &url);
    for _ in 0..3 {
        first.update_contacts(order(), &update()).unwrap();
    }
    // The name leads to the replica before that is the primary: writes are rejected for a while.
    current.store(replica.port, Ordering::SeqCst);
    primary.stop();
    let started = Instant::now();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let second = client(&api, &url);
            for client in [&second, &first, &second] {
                client.update_contacts(order(), &update()).unwrap();
            }
        });
        std::thread::sleep(Duration::from_millis(500));
        assert_eq!(api.requests().len(), 3, "sent without a permit");
        replica.command(&["REPLICAOF", "NO", "ONE"]);
    });
    assert!(api.requests().iter().all(|answer| answer == "204"));
    let took = started.elapsed();
    assert!(
        took >= LIMIT.window() + Duration::from_millis(500),
        "{took:?}"
    );
    assert!(took < Duration::from_secs(6), "{took:?}");
}

#[test]
fn calls_wait_for_a_store_that_starts_late() {
    let Some(mut store) = StoreServer::redis(&[]) else {
        return;
    };
    store.stop();
    let api = enforcing_all(vec![LIMIT], Duration::ZERO);
    let client = client(&api, &store.tcp_url());
    std::thread::scope(|scope| {
        let sending = scope.spawn(|| client.update_contacts(order(), &update()).unwrap());
        std::thread::sleep(Duration::from_millis(500));
        assert!(api.requests().is_empty(), "sent without the store");
        store.run(&[]);
        sending.join().unwrap();
    });
}

#[test]
fn a_call_fails_if_the_store_does_not_start_for_ten_seconds() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let api = Server::with_status("204 No Content", "", "");
    let client = client(&api, &format!("redis://127.0.0.1:{port}"));
    let started = Instant::now();
    let error = client.update_contacts(order(), &update()).unwrap_err();
    let took = started.elapsed().as_secs_f64();
    assert!((9.0..13.0).contains(&took), "{took}");
    assert!(chain(&error).contains("cannot be reached"), "{error}");
    assert!(api.requests().is_empty());
}

#[test]
fn calls_wait_for_a_store_that_goes_away_and_comes_back() {
    let Some(mut store) = StoreServer::redis(&[]) else {
        return;
    };
    let api = enforcing_all(vec![LIMIT], Duration::ZERO);
    store.wait_until_older_than(LIMIT.window());
    let url = store.tcp_url();
    std::thread::scope(|scope| {
        let sending = scope.spawn(|| {
            let client = client(&api, &url);
            for _ in 0..12 {
                client.update_contacts(order(), &update()).unwrap();
            }
        });
        while api.requests().len() < 4 {
            std::thread::sleep(Duration::from_millis(5));
        }
        store.stop();
        let sent = api.requests().len();
        std::thread::sleep(Duration::from_millis(1500));
        assert!(api.requests().len() <= sent + 1, "sent without the store");
        store.run(&[]);
        sending.join().unwrap();
    });
    assert!(api.requests().iter().all(|answer| answer == "204"));
}
