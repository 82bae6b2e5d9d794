//! The windows on a virtual clock, against a server that enforces the limits.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::time::Duration;

use proptest::prelude::*;

use super::{RateLimit, Wait, Windows};

const fn ms(n: u64) -> Duration {
    Duration::from_millis(n)
}

/// A server that enforces the limits exactly, by the arrival time of requests. Requests over a limit
/// count as well.
struct Server {
    limits: Vec<RateLimit>,
    arrived: VecDeque<Duration>,
    throttled: usize,
}

impl Server {
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

/// Events at the same time are in this order: an arrival comes before a response.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Arrival,
    Response,
    Idle,
}

/// Sends `requests` requests from `workers` workers. Returns when the last one was sent, and the number
/// of 429s. `delay` returns the network delay of a request and of its response.
fn simulate(
    limits: &[RateLimit],
    requests: usize,
    workers: usize,
    mut delay: impl FnMut() -> (Duration, Duration),
) -> (Duration, usize) {
    let mut server = Server {
        limits: limits.to_vec(),
        arrived: VecDeque::new(),
        throttled: 0,
    };
    let mut windows = Windows::default();
    let mut events = BinaryHeap::from(vec![Reverse((ms(0), Event::Idle)); workers]);
    let (mut sent, mut waiting, mut last) = (0, 0, ms(0));
    while let Some(Reverse((now, event))) = events.pop() {
        match event {
            Event::Arrival => server.receive(now),
            Event::Response => {
                windows.release(now, now, None);
                let woken = std::mem::take(&mut waiting) + 1;
                events.extend((0..woken).map(|_| Reverse((now, Event::Idle))));
            }
            Event::Idle if sent == requests => {}
            Event::Idle => match windows.try_acquire(limits, now) {
                Err(Wait::For(time) | Wait::Paused(time)) => {
                    events.push(Reverse((now + time, Event::Idle)));
                }
                Err(Wait::Response) => waiting += 1,
                Ok(()) => {
                    (sent, last) = (sent + 1, now);
                    let (there, back) = delay();
                    events.push(Reverse((now + there, Event::Arrival)));
                    events.push(Reverse((now + there + back, Event::Response)));
                }
            },
        }
    }
    assert_eq!(sent, requests);
    (last, server.throttled)
}

/// A request that starts and ends at the same time.
fn record(windows: &mut Windows, time: Duration, pause: Option<Duration>) {
    windows.in_flight += 1;
    windows.release(time, time, pause);
}

proptest! {
    #[test]
    fn no_limit_is_ever_exceeded(
        limits in prop::collection::vec((1..20_u32, 1..2000_u64), 1..4),
        delays in prop::collection::vec((0..200_u64, 0..200_u64), 1..150),
        workers in 1..20_usize,
    ) {
        let limits: Vec<_> = limits.into_iter().map(|(n, w)| RateLimit::new(n, ms(w))).collect();
        let mut next = delays.iter().cycle();
        let delay = || next.next().map(|&(there, back)| (ms(there), ms(back))).unwrap();
        let (_, throttled) = simulate(&limits, delays.len(), workers, delay);
        prop_assert_eq!(throttled, 0);
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "`make bench-limits` shows the figures")]
fn the_schedule_is_within_two_percent_of_the_fastest() {
    // With instant responses the limits permit 100 every 5 s, but 1000 in 180 s.
    for (requests, fastest) in [(1_000, 45.0), (10_000, 1_665.0), (50_000, 8_865.0)] {
        let (last, throttled) = simulate(&RateLimit::DIGICERT, requests, 1, || (ms(0), ms(0)));
        let last = last.as_secs_f64();
        assert!(
            last >= fastest && last < fastest * 1.02,
            "{requests}: {last} s"
        );
        assert_eq!(throttled, 0);
        let over = (last / fastest - 1.0) * 100.0;
        println!(
            "{requests} requests: {last:.1} s, {over:.2} % over the fastest, {throttled} got a 429"
        );
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "as above")]
fn delays_of_up_to_two_seconds_in_both_directions_never_earn_a_429() {
    for workers in [1, 4, 16] {
        let mut random = fastrand::Rng::with_seed(7);
        let delay = || (ms(random.u64(..=2000)), ms(random.u64(..=2000)));
        let (last, throttled) = simulate(&RateLimit::DIGICERT, 10_000, workers, delay);
        assert_eq!(throttled, 0, "{workers} workers");
        let last = last.as_secs();
        println!(
            "10000 requests, 0 to 2 s delay each way, {workers} workers: {last} s, {throttled} got a 429"
        );
    }
}

#[test]
fn requests_in_flight_count_against_the_limit() {
    let limits = [RateLimit::new(2, ms(100))];
    let mut windows = Windows::default();
    for _ in 0..2 {
        assert_eq!(windows.try_acquire(&limits, ms(0)), Ok(()));
    }
    assert_eq!(
        windows.try_acquire(&limits, ms(10_000)),
        Err(Wait::Response)
    );
    windows.release(ms(0), ms(50), None);
    assert_eq!(
        windows.try_acquire(&limits, ms(50)),
        Err(Wait::For(ms(101)))
    );
    assert_eq!(windows.try_acquire(&limits, ms(151)), Ok(()));
}

#[test]
fn a_429_pauses_all_requests_and_halves_the_share() {
    let limits = [RateLimit::new(4, ms(1000))];
    let mut windows = Windows::default();
    record(&mut windows, ms(0), Some(ms(5000)));
    assert_eq!(
        windows.try_acquire(&limits, ms(10)),
        Err(Wait::Paused(ms(4990)))
    );
    for _ in 0..2 {
        assert_eq!(windows.try_acquire(&limits, ms(5000)), Ok(()));
    }
    assert_eq!(
        windows.try_acquire(&limits, ms(5000)),
        Err(Wait::Response),
        "half of the limit is in use"
    );
}

#[test]
fn the_share_is_never_zero_and_recovers_step_by_step() {
    let mut windows = Windows::default();
    let allowed = |windows: &Windows| windows.share.of(20);
    for (time, expected) in (0..).zip([10, 5, 2, 2]) {
        record(&mut windows, ms(time), Some(ms(0)));
        assert_eq!(allowed(&windows), expected);
    }
    let mut steps = vec![allowed(&windows)];
    for n in 1..600 {
        record(&mut windows, ms(10 * n), None);
        if steps.last() != Some(&allowed(&windows)) {
            steps.push(allowed(&windows));
        }
    }
    assert_eq!(steps, [2, 4, 6, 8, 10, 12, 14, 16, 18, 20]);
}

#[test]
fn a_clock_that_is_set_back_ends_no_window_early() {
    let limits = [RateLimit::new(2, ms(1000))];
    let mut windows = Windows::default();
    for time in [5000, 1000] {
        record(&mut windows, ms(time), None);
    }
    assert_eq!(
        windows.try_acquire(&limits, ms(2500)),
        Err(Wait::For(ms(3501)))
    );
}

#[test]
fn a_response_expires_with_the_longest_window_and_not_before() {
    let limits = [RateLimit::new(1, ms(1000)), RateLimit::new(9, ms(10))];
    let mut windows = Windows::default();
    record(&mut windows, ms(0), None);
    assert_eq!(
        windows.try_acquire(&limits, ms(1000)),
        Err(Wait::For(ms(1))),
        "the margin"
    );
    assert_eq!(windows.responses.len(), 1);
    assert_eq!(windows.try_acquire(&limits, ms(1001)), Ok(()));
    assert!(windows.responses.is_empty());
}

#[test]
fn times_in_the_future_become_now() {
    let limits = [RateLimit::new(3, ms(1000))];
    let mut windows = Windows::default();
    for time in [500, 1000, 9000] {
        record(&mut windows, ms(time), None);
    }
    record(&mut windows, ms(9000), Some(ms(9_000_000)));
    windows.restore(0, ms(1000));
    assert_eq!(windows.responses, [ms(500), ms(1000), ms(1000), ms(1000)]);
    let hour = ms(3_600_000);
    assert_eq!(
        windows.try_acquire(&limits, ms(5000)),
        Err(Wait::Paused(hour.saturating_sub(ms(4000)))),
        "an hour at most"
    );
}

#[test]
fn fifty_responses_without_a_429_add_ten_percent() {
    let mut windows = Windows::default();
    record(&mut windows, ms(0), Some(ms(0)));
    for responses in 1..=100 {
        record(&mut windows, ms(0), None);
        assert_eq!(
            windows.share.of(100),
            50 + responses / 50 * 10,
            "after {responses}"
        );
    }
}

#[test]
fn concurrent_requests_that_get_a_429_halve_the_share_once() {
    let mut windows = Windows {
        in_flight: 17,
        ..Windows::default()
    };
    for time in 10..26 {
        windows.release(ms(time % 10), ms(time), Some(ms(1000)));
    }
    assert_eq!(windows.share.of(100), 50);
    windows.release(ms(10), ms(40), Some(ms(1000)));
    assert_eq!(
        windows.share.of(100),
        50,
        "started when the share was reduced"
    );
    record(&mut windows, ms(2000), Some(ms(1000)));
    assert_eq!(windows.share.of(100), 25, "started later");
}
