//! The scripts on real servers, with a virtual clock in place of the server's, against an API server that
//! enforces the limits.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::time::Duration;

use proptest::prelude::*;

use super::address::StoreAddress;
use super::connection::{Connection, Limits};
use super::script::{self, Finish, Flags, Form, Keys, Script, Scripts};
use super::{Answer, RedisStore, TlsSetup};
use crate::client::{ApiKey, BaseUrl, Settings};
use crate::limit::rate_limit::RateLimit;
use crate::retry::WaitBudget;

#[path = "../../../../tests/it/store_server.rs"]
#[expect(dead_code, reason = "the other tests use the rest")]
mod store_server;
use store_server::{PROGRAMS, StoreServer};

const fn ms(n: u64) -> Duration {
    Duration::from_millis(n)
}

const LEASE: Duration = Duration::from_secs(46);
const UNLIMITED: WaitBudget = WaitBudget::new(Duration::MAX);

/// One process's view of a store whose clock is ours.
struct Store {
    connection: Connection,
    acquire: Script,
    release: Script,
    limits: Vec<RateLimit>,
    lease: Duration,
    calls: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reply {
    Start(Duration),
    Wait(Duration),
    Paused(Duration),
    Lost(Duration),
    TooLong(Duration),
}

impl Store {
    fn new(server: &StoreServer, limits: &[RateLimit]) -> Self {
        let address = StoreAddress::parse(&server.url()).unwrap();
        let limit = Limits {
            connect: ms(5000),
            answer: ms(5000),
            cancelled: &|| false,
        };
        let connection = Connection::open(&address, || unreachable!(), limit);
        let keys = Keys::new(&ApiKey::parse("K").unwrap(), &BaseUrl::us(), 0);
        let Scripts { acquire, release } = Scripts::new(&keys);
        Self {
            connection: connection.ok().unwrap(),
            acquire: acquire.with_virtual_clock(),
            release: release.with_virtual_clock(),
            limits: limits.to_vec(),
            lease: LEASE,
            calls: 0,
        }
    }

    fn call(
        &mut self,
        is_release: bool,
        mut arguments: Vec<String>,
        now: Duration,
    ) -> redis::Value {
        // A time of our days; the script rejects none, but Lua must not round it.
        let now = Duration::from_secs(1_800_000_000) + now;
        arguments.push(now.as_micros().to_string());
        self.calls += 1;
        let script = if is_release {
            &self.release
        } else {
            &self.acquire
        };
        let limit = Limits {
            connect: ms(5000),
            answer: ms(5000),
            cancelled: &|| false,
        };
        let reply = self
            .connection
            .query(&script.command(Form::Text, &arguments), limit);
        reply.unwrap_or_else(|problem| panic!("{problem}"))
    }

    fn acquire_with(
        &mut self,
        ticket: &str,
        now: Duration,
        budget: WaitBudget,
        flags: Flags,
    ) -> Reply {
        let arguments = script::acquire(ticket, self.lease, &self.limits, budget, flags);
        let reply = self.call(false, arguments, now);
        let [_, code, wait] = script::integers(&reply).unwrap();
        let wait = Duration::from_micros(wait.try_into().unwrap());
        match code {
            script::START => Reply::Start(wait),
            script::PAUSED => Reply::Paused(wait),
            script::LOST => Reply::Lost(wait),
            script::REJECTED.. => Reply::TooLong(wait),
            _ => Reply::Wait(wait),
        }
    }

    fn acquire(&mut self, ticket: &str, now: Duration) -> Reply {
        let flags = Flags {
            known: false,
            jumped: false,
        };
        self.acquire_with(ticket, now, UNLIMITED, flags)
    }

    fn finish(&mut self, ticket: &str, start: Duration, now: Duration, finish: Finish) {
        let start = Duration::from_secs(1_800_000_000) + start;
        let start = start.as_micros().try_into().unwrap();
        let longest = RateLimit::longest_window(&self.limits);
        let arguments = script::release(ticket, self.lease, longest, start, finish);
        self.call(true, arguments, now);
    }

    /// A request that starts and ends at the same time.
    fn record(&mut self, ticket: &str, now: Duration, pause: Option<Duration>) {
        assert_eq!(self.acquire(ticket, now), Reply::Start(ms(0)));
        self.finish(ticket, now, now, Finish::Response(pause));
    }
}

/// Later than any suspicion of lost data.
const CALM: Duration = Duration::from_secs(1000);

/// A store that was used and has nothing in its windows at `CALM`.
fn calm(server: &StoreServer, limits: &[RateLimit]) -> Store {
    server.command(&["FLUSHALL"]);
    let mut store = Store::new(server, limits);
    store.acquire("first", ms(0));
    store.finish("first", ms(0), ms(0), Finish::Cancelled);
    store
}

/// An API server that enforces the limits exactly. Requests over a limit count as well.
struct Api {
    limits: Vec<RateLimit>,
    arrived: VecDeque<Duration>,
    throttled: usize,
}

impl Api {
    fn receive(&mut self, now: Duration) {
        self.arrived.push_back(now);
        let over = |limit: &RateLimit| {
            let newest_first = self.arrived.iter().rev();
            let in_window = newest_first.take_while(|time| **time + limit.window() > now);
            in_window.count() > limit.requests() as usize
        };
        self.throttled += usize::from(self.limits.iter().any(over));
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Arrival,
    /// Of a worker, whose request started at this time.
    Response(usize, Duration),
    Idle(usize),
}

struct Outcome {
    /// From the first to the last start.
    took: Duration,
    throttled: usize,
    calls: u32,
    /// The requests of each worker.
    sent: Vec<usize>,
    /// The longest time that a worker waited for a permit.
    longest_wait: Duration,
}

/// Sends `requests` requests from workers that share the store. `delay` returns the network delay of a
/// request and of its response, or `None` if the worker is killed while it sends.
fn simulate(
    server: &StoreServer,
    limits: &[RateLimit],
    requests: usize,
    workers: usize,
    mut delay: impl FnMut() -> Option<(Duration, Duration)>,
) -> Outcome {
    let mut store = calm(server, limits);
    store.lease = ms(5000);
    let mut api = Api {
        limits: limits.to_vec(),
        arrived: VecDeque::new(),
        throttled: 0,
    };
    let mut events: BinaryHeap<_> = (0..workers)
        .map(|worker| Reverse((CALM, Event::Idle(worker))))
        .collect();
    let mut since = vec![None; workers];
    let mut sent = vec![0; workers];
    let (mut total, mut last, mut longest_wait) = (0, CALM, ms(0));
    store.calls = 0;
    while let Some(Reverse((now, event))) = events.pop() {
        match event {
            Event::Arrival => api.receive(now),
            Event::Response(worker, start) => {
                let ticket = format!("{worker}-{}", sent[worker] - 1);
                store.finish(&ticket, start, now, Finish::Response(None));
                events.push(Reverse((now, Event::Idle(worker))));
            }
            Event::Idle(worker) => {
                let began = *since[worker].get_or_insert(now);
                if total == requests {
                    continue;
                }
                match store.acquire(&format!("{worker}-{}", sent[worker]), now) {
                    Reply::Start(wait) => {
                        let start = now + wait;
                        longest_wait = longest_wait.max(start.saturating_sub(began));
                        since[worker] = None;
                        (total, last) = (total + 1, last.max(start));
                        sent[worker] += 1;
                        let Some((there, back)) = delay() else {
                            // The request arrives, and another process takes over.
                            events.push(Reverse((start + ms(100), Event::Arrival)));
                            events.push(Reverse((start, Event::Idle(worker))));
                            continue;
                        };
                        events.push(Reverse((start + there, Event::Arrival)));
                        let end = start + there + back;
                        events.push(Reverse((end, Event::Response(worker, start))));
                    }
                    Reply::Wait(wait) => events.push(Reverse((now + wait, Event::Idle(worker)))),
                    reply => panic!("{reply:?}"),
                }
            }
        }
    }
    assert_eq!(total, requests);
    Outcome {
        took: last.saturating_sub(CALM),
        throttled: api.throttled,
        calls: store.calls,
        sent,
        longest_wait,
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "`make bench-limits` shows the figures")]
fn two_and_four_processes_are_within_two_percent_of_the_fastest_schedule() {
    for program in PROGRAMS {
        let Some(server) = StoreServer::start(program, &[]) else {
            return;
        };
        for processes in [2, 4] {
            let mut random = fastrand::Rng::with_seed(7);
            let delay = || Some((ms(random.u64(..=20)), ms(random.u64(..=20))));
            let outcome = simulate(&server, &RateLimit::DIGICERT, 1400, processes, delay);
            let fastest = RateLimit::shortest_time(&RateLimit::DIGICERT, 1400).as_secs_f64();
            let over = (outcome.took.as_secs_f64() / fastest - 1.0) * 100.0;
            println!(
                "{program}, {processes} processes, 1400 requests: {:.1} s, {over:.2} % over the \
                 fastest, {} got a 429, {:.2} calls of the store a request",
                outcome.took.as_secs_f64(),
                outcome.throttled,
                f64::from(outcome.calls) / 1400.0,
            );
            assert_eq!(outcome.throttled, 0);
            assert!((0.0..2.0).contains(&over), "{over} %");
            assert!(outcome.calls <= 2 * 1400 + 200, "{} calls", outcome.calls);
        }
    }
}

#[test]
fn twenty_processes_get_their_permits_in_turn() {
    let Some(server) = StoreServer::redis(&[]) else {
        return;
    };
    for limits in [
        vec![RateLimit::new(1, ms(1000))],
        vec![RateLimit::new(10, ms(5000))],
        vec![RateLimit::new(5, ms(500)), RateLimit::new(30, ms(6000))],
    ] {
        let mut random = fastrand::Rng::with_seed(3);
        let delay = || Some((ms(random.u64(..=50)), ms(random.u64(..=50))));
        let outcome = simulate(&server, &limits, 200, 20, delay);
        assert_eq!(outcome.throttled, 0);
        assert_eq!(outcome.sent, [10; 20], "{limits:?}");
        let turn = limits
            .iter()
            .map(|limit| limit.window() * 20 / limit.requests());
        // Each window is longer by the delay of a response.
        let bound = turn.max().unwrap() * 11 / 10 + RateLimit::longest_window(&limits);
        let longest = outcome.longest_wait;
        assert!(longest <= bound, "{longest:?}, more than {bound:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn no_limit_is_ever_exceeded(
        limits in prop::collection::vec((1..20_u32, 1..2000_u64), 1..4),
        delays in prop::collection::vec((0..200_u64, 0..200_u64, 0..20_u8), 1..100),
        workers in 1..20_usize,
    ) {
            let Some(server) = StoreServer::redis(&[]) else { return Ok(()) };
        let limits: Vec<_> = limits.into_iter().map(|(n, w)| RateLimit::new(n, ms(w))).collect();
        let mut next = delays.iter().cycle();
        let delay = || {
            let &(there, back, kill) = next.next().unwrap();
            (kill > 0).then_some((ms(there), ms(back)))
        };
        let outcome = simulate(&server, &limits, delays.len(), workers, delay);
        prop_assert_eq!(outcome.throttled, 0);
    }
}

/// The CPU time of this thread, in microseconds.
fn thread_time() -> u64 {
    let schedstat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    let time = schedstat.split(' ').next().unwrap();
    time.parse::<u64>().unwrap() / 1000
}

/// The CPU time of a server, in microseconds.
fn server_time(server: &StoreServer) -> u64 {
    let info = server.command(&["INFO", "cpu"]);
    let seconds = |name: &str| {
        let value = info.lines().find_map(|line| line.strip_prefix(name));
        value.unwrap().trim().parse::<f64>().unwrap()
    };
    let total = seconds("used_cpu_sys:") + seconds("used_cpu_user:");
    Duration::from_secs_f64(total)
        .as_micros()
        .try_into()
        .unwrap()
}

#[test]
#[ignore = "measures an optimized build: make test-shared-limit"]
#[expect(
    clippy::print_stdout,
    reason = "make test-shared-limit shows the figures"
)]
fn a_store_costs_at_most_150_microseconds_of_cpu_time_a_request() {
    const REQUESTS: u64 = 10_000;
    for program in PROGRAMS {
        let Some(server) = StoreServer::start(program, &[]) else {
            return;
        };
        server.wait_until_older_than(SECOND);
        let settings = Settings::new(ApiKey::parse("K").unwrap());
        let tls = TlsSetup::new(ureq::tls::TlsConfig::default());
        let address = StoreAddress::parse(&server.tcp_url()).unwrap();
        let store = RedisStore::new(address, tls, &settings, LEASE);
        // Both windows are long enough to hold a thousand responses.
        let limits = [RateLimit::new(100_000, SECOND), RateLimit::new(1000, ms(1))];
        let request = || {
            let ticket = store.new_ticket();
            loop {
                match store.acquire(&ticket, &limits, UNLIMITED, &|| false) {
                    Ok(Answer::Start(lease, _)) => return store.release(&lease, &limits, None),
                    Ok(_) => std::thread::sleep(ms(1)),
                    Err(error) => panic!("{error}"),
                }
            }
        };
        request();
        let (ours, theirs) = (thread_time(), server_time(&server));
        (0..REQUESTS).for_each(|_| request());
        let ours = (thread_time() - ours) / REQUESTS;
        let theirs = (server_time(&server) - theirs) / REQUESTS;
        println!("{program}: {ours} us of the client and {theirs} us of the server a request");
        assert!(
            cfg!(debug_assertions) || ours + theirs <= 150,
            "{ours} + {theirs} us"
        );
    }
}

/// One request in 10 s.
const ONE: [RateLimit; 1] = [RateLimit::new(1, Duration::from_secs(10))];
const SECOND: Duration = Duration::from_secs(1);

#[test]
fn a_cancelled_place_is_given_back_and_not_counted() {
    let Some(server) = StoreServer::redis(&[]) else {
        return;
    };
    let mut store = calm(&server, &ONE);
    assert_eq!(store.acquire("a", CALM), Reply::Start(ms(0)));
    assert!(matches!(store.acquire("b", CALM), Reply::Wait(_)));
    store.finish("b", CALM, CALM, Finish::Cancelled);
    store.finish("a", CALM, CALM, Finish::Cancelled);
    assert_eq!(store.acquire("c", CALM), Reply::Start(ms(0)));
}

#[test]
fn a_wait_that_is_too_long_takes_no_place() {
    let Some(server) = StoreServer::redis(&[]) else {
        return;
    };
    let mut store = calm(&server, &ONE);
    store.record("a", CALM, None);
    let flags = Flags {
        known: true,
        jumped: false,
    };
    let fail = store.acquire_with("b", CALM, WaitBudget::NONE, flags);
    assert_eq!(fail, Reply::TooLong(ms(10_001)));
    let short = store.acquire_with("c", CALM, WaitBudget::new(ms(9000)), flags);
    assert_eq!(short, Reply::TooLong(ms(10_001)));
    assert_eq!(store.acquire("d", CALM), Reply::Wait(ms(10_001)));
    assert_eq!(
        store.acquire("e", CALM),
        Reply::Wait(ms(20_002)),
        "behind d alone"
    );
}

#[test]
fn a_killed_waiter_does_not_block_the_others() {
    let Some(server) = StoreServer::redis(&[]) else {
        return;
    };
    let mut store = calm(&server, &ONE);
    store.record("a", CALM, None);
    store.acquire("killed", CALM);
    assert_eq!(store.acquire("b", CALM), Reply::Wait(ms(20_002)));
    assert_eq!(store.acquire("b", CALM + ms(20_002)), Reply::Start(ms(0)));
}

#[test]
fn the_lease_of_a_killed_process_counts_as_a_response_when_it_expires() {
    let Some(server) = StoreServer::redis(&[]) else {
        return;
    };
    let mut store = calm(&server, &ONE);
    assert_eq!(store.acquire("killed", CALM), Reply::Start(ms(0)));
    let expired = CALM + LEASE;
    assert_eq!(store.acquire("b", expired), Reply::Wait(ms(10_001)));
    store.finish("killed", CALM, expired, Finish::Response(None));
    assert_eq!(
        store.acquire("b", expired),
        Reply::Wait(ms(10_001)),
        "counts once"
    );
}

#[test]
fn a_lost_answer_costs_no_permit() {
    let Some(server) = StoreServer::redis(&[]) else {
        return;
    };
    let mut store = calm(&server, &ONE);
    assert_eq!(store.acquire("a", CALM), Reply::Start(ms(0)));
    assert_eq!(
        store.acquire("a", CALM),
        Reply::Start(ms(0)),
        "the same ticket"
    );
    store.finish("a", CALM, CALM, Finish::Response(None));
    assert_eq!(store.acquire("b", CALM + ms(10_001)), Reply::Start(ms(0)));
}

#[test]
fn a_429_pauses_all_and_halves_the_share_once() {
    let Some(server) = StoreServer::redis(&[]) else {
        return;
    };
    let limits = [RateLimit::new(4, 10 * SECOND)];
    let mut store = calm(&server, &limits);
    for ticket in ["a", "b", "c"] {
        assert_eq!(store.acquire(ticket, CALM), Reply::Start(ms(0)));
    }
    for ticket in ["a", "b", "c"] {
        store.finish(
            ticket,
            CALM,
            CALM + ms(1),
            Finish::Response(Some(20 * SECOND)),
        );
    }
    let flags = Flags {
        known: true,
        jumped: false,
    };
    assert_eq!(store.acquire("d", CALM + SECOND), Reply::Paused(ms(19_001)));
    let short = WaitBudget {
        total: Duration::MAX,
        paused: SECOND,
    };
    let pause = store.acquire_with("e", CALM + SECOND, short, flags);
    assert_eq!(pause, Reply::TooLong(ms(19_001)));
    let later = CALM + 21 * SECOND;
    store.finish("d", later, later, Finish::Cancelled);
    store.record("f", later, None);
    store.record("g", later, None);
    assert_eq!(
        store.acquire("h", later),
        Reply::Wait(ms(10_001)),
        "half of 4"
    );
}

#[test]
fn fifty_responses_add_ten_percent_of_the_limit() {
    let Some(server) = StoreServer::redis(&[]) else {
        return;
    };
    let mut store = calm(&server, &[RateLimit::new(10, ms(1))]);
    store.record("a", CALM, Some(ms(1)));
    for number in 0..50 {
        store.record(&number.to_string(), CALM + ms(10 * (number + 1)), None);
    }
    store.limits = vec![RateLimit::new(10, 10 * SECOND)];
    let later = CALM + 60 * SECOND;
    for number in 0..6 {
        store.record(&format!("b{number}"), later, None);
    }
    assert_eq!(store.acquire("c", later), Reply::Wait(ms(10_001)));
}

#[test]
fn a_clock_that_is_set_back_costs_time_and_breaks_no_limit() {
    let Some(server) = StoreServer::redis(&[]) else {
        return;
    };
    let mut store = calm(&server, &[RateLimit::new(2, 10 * SECOND)]);
    store.record("a", CALM, None);
    store.record("b", CALM + 4 * SECOND, None);
    assert_eq!(store.acquire("c", CALM / 2), Reply::Wait(ms(6001)));
    assert_eq!(store.acquire("c", CALM / 2 + ms(6001)), Reply::Start(ms(0)));
}

#[test]
fn a_clock_that_was_set_forward_makes_all_wait_for_a_window() {
    let Some(server) = StoreServer::redis(&[]) else {
        return;
    };
    let mut store = calm(&server, &ONE);
    store.record("a", CALM, None);
    let later = CALM + 3600 * SECOND;
    let flags = Flags {
        known: true,
        jumped: true,
    };
    assert_eq!(
        store.acquire_with("b", later, UNLIMITED, flags),
        Reply::Lost(ms(10_001))
    );
    assert_eq!(
        store.acquire("c", later),
        Reply::Wait(ms(20_002)),
        "behind b"
    );
}

#[test]
fn a_key_that_is_missing_makes_all_wait_for_a_window() {
    let Some(server) = StoreServer::redis(&[]) else {
        return;
    };
    for part in ["leases", "waiting", "responses"] {
        let mut store = calm(&server, &[RateLimit::new(2, 10 * SECOND)]);
        store.record("a", CALM, None);
        assert_eq!(store.acquire("b", CALM), Reply::Start(ms(0)));
        assert!(matches!(store.acquire("c", CALM), Reply::Wait(_)));
        let keys = server.command(&["KEYS", "*"]);
        let key = keys.lines().find(|line| line.ends_with(part)).unwrap();
        assert_eq!(server.command(&["DEL", key]), ":1\r\n");
        let reply = store.acquire("d", CALM + ms(1));
        assert_eq!(reply, Reply::Lost(ms(10_001)), "{part}");
    }
}

#[test]
fn another_run_of_the_server_makes_all_wait_for_a_window() {
    let Some(server) = StoreServer::redis(&[]) else {
        return;
    };
    let mut store = calm(&server, &ONE);
    let keys = server.command(&["KEYS", "*state"]);
    let key = keys.lines().find(|line| line.ends_with("state")).unwrap();
    server.command(&["HSET", key, "run", "0123456789abcdef"]);
    assert_eq!(store.acquire("a", CALM), Reply::Lost(ms(10_001)));
    assert_eq!(store.acquire("a", CALM + ms(10_001)), Reply::Start(ms(0)));
}

#[test]
fn keys_that_expired_are_not_lost() {
    let Some(server) = StoreServer::redis(&[]) else {
        return;
    };
    let mut store = calm(&server, &ONE);
    store.record("a", CALM, None);
    let keys = server.command(&["KEYS", "*responses"]);
    let key = keys
        .lines()
        .find(|line| line.ends_with("responses"))
        .unwrap();
    server.command(&["DEL", key]);
    assert_eq!(store.acquire("b", CALM + 200 * SECOND), Reply::Start(ms(0)));
}

#[test]
fn the_stricter_of_two_limits_applies_to_its_own_requests() {
    let Some(server) = StoreServer::redis(&[]) else {
        return;
    };
    let mut loose = calm(&server, &[RateLimit::new(3, SECOND)]);
    let mut strict = Store::new(&server, &[RateLimit::new(2, 10 * SECOND)]);
    strict.record("a", CALM, None);
    loose.record("b", CALM, None);
    assert_eq!(
        strict.acquire("c", CALM + 5 * SECOND),
        Reply::Wait(ms(5001))
    );
    assert_eq!(loose.acquire("d", CALM + 5 * SECOND), Reply::Start(ms(0)));
}
