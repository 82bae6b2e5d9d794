//! One rate limit for many processes through real stores, in real time.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use contacts_http::{ApiKey, BaseUrl, Client, OnRateLimit, RateLimit};

use crate::limit::enforcing_all;
use crate::server::{Server, client_for, order, update};
use crate::store_server::{PROGRAMS, StoreServer, proxy};

const CHILD_SERVER: &str = "CONTACTS_TEST_API";
pub(crate) const CHILD_STORE: &str = "CONTACTS_TEST_STORE";
/// The address of the API, and where it leads to in a network namespace, which has a loopback of its own.
pub(crate) const CHILD_FORWARD: &str = "CONTACTS_TEST_FORWARD";
const CHILD_LIMITS: &str = "CONTACTS_TEST_LIMITS";
const CHILD_REQUESTS: &str = "CONTACTS_TEST_REQUESTS";

/// DigiCert's limits, and the same shape in a tenth of the time.
fn limits(name: &str) -> Vec<RateLimit> {
    match name {
        "digicert" => RateLimit::DIGICERT.to_vec(),
        _ => vec![
            RateLimit::new(20, Duration::from_millis(500)),
            RateLimit::new(60, Duration::from_secs(3)),
        ],
    }
}

#[test]
#[ignore = "started by other tests"]
fn a_process_that_shares_a_store() {
    let variable = |name| std::env::var(name).unwrap();
    if let Ok(addresses) = std::env::var(CHILD_FORWARD) {
        let (from, to) = addresses.split_once(' ').unwrap();
        let to = to.to_owned();
        proxy(from, move || to.clone(), Duration::ZERO);
    }
    let client = client_for(&variable(CHILD_SERVER))
        .rate_limits(limits(&variable(CHILD_LIMITS)))
        .rate_limit_url(variable(CHILD_STORE))
        .build()
        .unwrap();
    for _ in 0..variable(CHILD_REQUESTS).parse().unwrap() {
        client.update_contacts(order(), &update()).unwrap();
    }
}

/// A process that sends requests with the limits of this name.
pub(crate) fn process(api: &Server, store: &StoreServer, limits: &str, requests: usize) -> Command {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args([
        "shared_limit::a_process_that_shares_a_store",
        "--exact",
        "--ignored",
    ]);
    child
        .env(CHILD_SERVER, api.base_url())
        .env(CHILD_STORE, store.url());
    child
        .env(CHILD_LIMITS, limits)
        .env(CHILD_REQUESTS, requests.to_string());
    child.stdout(Stdio::null());
    child
}

pub(crate) fn wait_for_all(children: Vec<Child>) {
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
}

/// Runs processes until they have sent all requests, without a 429. Returns the time from the first to the
/// last request that the API server received.
fn load(store: &StoreServer, name: &str, processes: usize, requests: usize) -> Duration {
    let api = enforcing_all(limits(name), Duration::from_millis(10));
    let children = (0..processes).map(|_| process(&api, store, name, requests / processes));
    let children = children.map(|mut child| child.spawn().unwrap()).collect();
    let (mut first, mut last) = (None, Instant::now());
    while api.requests().len() < requests {
        std::thread::sleep(Duration::from_millis(2));
        if first.is_none() && !api.requests().is_empty() {
            first = Some(Instant::now());
        }
        assert!(last.elapsed() < Duration::from_secs(600), "no end");
    }
    last = Instant::now();
    wait_for_all(children);
    let answers = api.requests();
    assert!(answers.iter().all(|answer| answer == "204"), "{answers:?}");
    last - first.unwrap()
}

/// The load with two and with four processes at the same time, each with its own API server. Prints the
/// figures.
#[expect(clippy::print_stdout, reason = "make targets show the figures")]
fn loads(program: &'static str, name: &str, requests: usize, tolerance: f64) {
    let Some(store) = StoreServer::start(program, &[]) else {
        return;
    };
    store.wait_until_older_than(
        RateLimit::DIGICERT[1]
            .window()
            .min(limits(name)[1].window()),
    );
    let before = store.script_calls();
    let fastest = RateLimit::shortest_time(&limits(name), requests).as_secs_f64();
    std::thread::scope(|scope| {
        let store = &store;
        let run = |processes| move || load(store, name, processes, requests);
        for (processes, run) in [2, 4].map(|n| (n, scope.spawn(run(n)))) {
            let took = run.join().unwrap().as_secs_f64();
            let over = (took / fastest - 1.0) * 100.0;
            println!(
                "{program}, {processes} processes, {requests} requests: {took:.1} s, {over:.2} % \
                 over the fastest schedule, no 429"
            );
            assert!(over < tolerance, "{over} % over {fastest} s");
        }
    });
    let calls = f64::from(u32::try_from(store.script_calls() - before).unwrap());
    let calls = calls / f64::from(u32::try_from(2 * requests).unwrap());
    println!("{program}: {calls:.2} round trips a request");
    assert!(calls < 2.2, "{calls}");
}

#[test]
fn two_and_four_processes_send_at_the_limit_and_get_no_429() {
    // A loaded machine is slower than a schedule.
    loads(PROGRAMS[0], "short", 160, 30.0);
}

#[test]
#[ignore = "seven minutes: make test-shared-limit"]
fn two_and_four_processes_take_five_percent_longer_than_the_fastest_schedule_at_most() {
    std::thread::scope(|scope| {
        for program in PROGRAMS {
            scope.spawn(move || loads(program, "digicert", 1400, 5.0));
        }
    });
}

/// A client with a limit of 3 requests an hour, which never waits. Its store is older than its window.
pub(crate) fn client_of(url: &str, api: &Server, key: &str) -> Client {
    let builder = Client::builder(ApiKey::parse(key).unwrap()).rate_limit_url(url);
    let builder = builder.base_url(BaseUrl::parse(&api.base_url()).unwrap());
    let builder = builder.rate_limits([RateLimit::new(3, Duration::from_secs(1))]);
    builder.on_rate_limit(OnRateLimit::Fail).build().unwrap()
}

#[test]
fn clients_of_one_key_and_server_share_the_windows_on_redis_and_valkey() {
    for program in PROGRAMS {
        let Some(store) = StoreServer::start(program, &[]) else {
            return;
        };
        store.wait_until_older_than(Duration::from_secs(1));
        let api = Server::with_status("204 No Content", "", "");
        let a = client_of(&store.url(), &api, "SHARED-KEY");
        let b = client_of(&store.tcp_url(), &api, "SHARED-KEY");
        for client in [&a, &b, &a] {
            client.update_contacts(order(), &update()).unwrap();
        }
        let error = b.update_contacts(order(), &update()).unwrap_err();
        assert!(error.is_rate_limited() && error.is_retryable(), "{error}");
        let wait = error.retry_after().unwrap();
        assert!(
            wait > Duration::ZERO && wait <= Duration::from_secs(1),
            "{wait:?}"
        );
        let other_key = client_of(&store.url(), &api, "ANOTHER-KEY");
        other_key.update_contacts(order(), &update()).unwrap();
        let other_database = client_of(&format!("{}/1", store.tcp_url()), &api, "SHARED-KEY");
        other_database.update_contacts(order(), &update()).unwrap();
    }
}

#[test]
fn the_store_contains_no_key_and_its_data_expire() {
    let Some(store) = StoreServer::redis(&[]) else {
        return;
    };
    store.wait_until_older_than(Duration::from_secs(1));
    let api = Server::with_status("204 No Content", "", "");
    let client = client_of(&store.url(), &api, "MARKER-KEY");
    client.update_contacts(order(), &update()).unwrap();
    let keys = store.command(&["KEYS", "*"]);
    let names: Vec<_> = keys.lines().filter(|line| line.starts_with('{')).collect();
    assert!(
        names
            .iter()
            .all(|name| name.starts_with("{digicert-contacts:")),
        "{keys}"
    );
    assert_eq!(names.len(), 2, "{keys}");
    assert!(!keys.contains("MARKER"));
    for name in names {
        let seconds = store.command(&["TTL", name]);
        let seconds: u64 = seconds[1..].trim().parse().unwrap();
        assert!(
            seconds > 0 && seconds <= 30 * 24 * 3600,
            "{name}: {seconds}"
        );
    }
}

#[test]
fn a_killed_process_blocks_no_other() {
    let Some(store) = StoreServer::redis(&[]) else {
        return;
    };
    store.wait_until_older_than(Duration::from_secs(3));
    let api = enforcing_all(limits("short"), Duration::from_millis(30));
    let mut killed = process(&api, &store, "short", 1000).spawn().unwrap();
    let others = (0..2)
        .map(|_| process(&api, &store, "short", 40).spawn().unwrap())
        .collect();
    let started = Instant::now();
    while api.requests().len() < 30 && started.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(3));
    }
    killed.kill().unwrap();
    killed.wait().unwrap();
    wait_for_all(others);
    assert!(api.requests().iter().all(|answer| answer == "204"));
    assert!(
        started.elapsed() < Duration::from_secs(20),
        "{:?}",
        started.elapsed()
    );
}

#[test]
fn twenty_waiting_threads_get_their_permits_in_turn() {
    let Some(store) = StoreServer::redis(&[]) else {
        return;
    };
    let limit = RateLimit::new(10, Duration::from_millis(200));
    let api = enforcing_all(vec![limit], Duration::ZERO);
    store.wait_until_older_than(Duration::from_secs(1));
    let sent = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..20)
            .map(|_| {
                let builder = client_for(&api.base_url()).rate_limits([limit]);
                let client = builder.rate_limit_url(store.url()).build().unwrap();
                scope.spawn(move || {
                    let until = Instant::now() + Duration::from_secs(5);
                    let send = || client.update_contacts(order(), &update()).unwrap();
                    std::iter::repeat_with(send)
                        .take_while(|_| Instant::now() < until)
                        .count()
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect::<Vec<_>>()
    });
    assert!(api.requests().iter().all(|answer| answer == "204"));
    let (least, most) = (sent.iter().min().unwrap(), sent.iter().max().unwrap());
    assert!(*least >= 5 && most - least <= 3, "{sent:?}");
}
