//! The windows on a virtual clock, against a server that keeps its own.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::time::Duration;

use proptest::prelude::*;

use super::{Ended, Next, Windows};
use crate::rate_limit::RateLimit;

const fn ms(n: u64) -> Duration {
    Duration::from_millis(n)
}

/// A server that enforces the limits exactly, by the time at which requests arrive, and counts
/// those that it refuses as well.
struct Server {
    limits: Vec<RateLimit>,
    arrived: VecDeque<Duration>,
    refused: usize,
}

impl Server {
    fn arrives(&mut self, at: Duration) {
        self.arrived.push_back(at);
        let over = |limit: &RateLimit| {
            let in_window = self
                .arrived
                .iter()
                .rev()
                .take_while(|t| **t + limit.window() > at);
            in_window.count() > limit.requests() as usize
        };
        self.refused += usize::from(self.limits.iter().any(over));
    }
}

/// What happens at a moment; what arrives comes before what is answered, as it does on the wire.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Arrives,
    Answered,
    Free,
}

/// Runs `requests` requests with so many `workers`; gives the time the last was sent, and how many
/// the server refused. `delay` gives the time there and back of each.
fn simulate(
    limits: &[RateLimit],
    requests: usize,
    workers: usize,
    mut delay: impl FnMut() -> (Duration, Duration),
) -> (Duration, usize) {
    let mut server = Server {
        limits: limits.to_vec(),
        arrived: VecDeque::new(),
        refused: 0,
    };
    let mut windows = Windows::default();
    let mut events: BinaryHeap<_> = (0..workers)
        .map(|_| Reverse((ms(0), Event::Free)))
        .collect();
    let (mut sent, mut waiting, mut last) = (0, 0, ms(0));
    while let Some(Reverse((now, event))) = events.pop() {
        match event {
            Event::Arrives => server.arrives(now),
            Event::Answered => {
                windows.end(now, now, Ended::Answered);
                let woken = std::mem::take(&mut waiting) + 1;
                events.extend((0..woken).map(|_| Reverse((now, Event::Free))));
            }
            Event::Free if sent == requests => {}
            Event::Free => match windows.next(limits, now) {
                Next::At(at) | Next::Closed(at) => events.push(Reverse((at, Event::Free))),
                Next::AfterAnswer => waiting += 1,
                Next::Now => {
                    windows.begin();
                    (sent, last) = (sent + 1, now);
                    let (there, back) = delay();
                    events.push(Reverse((now + there, Event::Arrives)));
                    events.push(Reverse((now + there + back, Event::Answered)));
                }
            },
        }
    }
    assert_eq!(sent, requests);
    (last, server.refused)
}

/// An answer to a request that began and ended at one moment.
fn record(windows: &mut Windows, at: Duration, ended: Ended) {
    windows.begin();
    windows.end(at, at, ended);
}

proptest! {
    #[test]
    fn no_window_is_ever_broken(
        limits in prop::collection::vec((1..20_u32, 1..2000_u64), 1..4),
        delays in prop::collection::vec((0..200_u64, 0..200_u64), 1..150),
        workers in 1..20_usize,
    ) {
        let limits: Vec<_> = limits.into_iter().map(|(n, w)| RateLimit::new(n, ms(w))).collect();
        let mut next = delays.iter().cycle();
        let delay = || next.next().map(|&(there, back)| (ms(there), ms(back))).unwrap();
        let (_, refused) = simulate(&limits, delays.len(), workers, delay);
        prop_assert_eq!(refused, 0);
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "`make bench-limits` shows the figures")]
fn the_schedule_is_within_two_percent_of_the_fastest() {
    // With instant answers the limits permit 100 every 5 s, but 1000 in 180 s.
    for (requests, fastest) in [(1_000, 45.0), (10_000, 1_665.0), (50_000, 8_865.0)] {
        let (last, refused) = simulate(&RateLimit::DIGICERT, requests, 1, || (ms(0), ms(0)));
        let last = last.as_secs_f64();
        assert!(
            last >= fastest && last < fastest * 1.02,
            "{requests}: {last} s"
        );
        assert_eq!(refused, 0);
        let over = (last / fastest - 1.0) * 100.0;
        println!(
            "{requests} requests: {last:.1} s, {over:.2} % over the fastest, {refused} refused"
        );
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "as above")]
fn delays_of_up_to_two_seconds_in_both_directions_never_earn_a_429() {
    for workers in [1, 4, 16] {
        let mut seed = 7_u64;
        let mut random = move || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            ms((seed >> 33) % 2001)
        };
        let delay = || (random(), random());
        let (last, refused) = simulate(&RateLimit::DIGICERT, 10_000, workers, delay);
        assert_eq!(refused, 0, "{workers} workers");
        let last = last.as_secs();
        println!(
            "10000 requests, 0 to 2 s there and back, {workers} at once: {last} s, {refused} refused"
        );
    }
}

#[test]
fn requests_under_way_hold_their_slots() {
    let limits = [RateLimit::new(2, ms(100))];
    let mut windows = Windows::default();
    windows.begin();
    windows.begin();
    assert_eq!(windows.next(&limits, ms(10_000)), Next::AfterAnswer);
    windows.end(ms(0), ms(50), Ended::Answered);
    assert_eq!(windows.next(&limits, ms(50)), Next::At(ms(151)));
    assert_eq!(windows.next(&limits, ms(151)), Next::Now);
}

#[test]
fn a_refusal_closes_the_gate_and_halves_the_pace() {
    let limits = [RateLimit::new(4, ms(1000))];
    let mut windows = Windows::default();
    windows.begin();
    windows.end(ms(0), ms(0), Ended::Refused { wait: ms(5000) });
    assert_eq!(windows.next(&limits, ms(10)), Next::Closed(ms(5000)));
    assert_eq!(windows.next(&limits, ms(5000)), Next::Now);
    windows.begin();
    windows.begin();
    assert_eq!(
        windows.next(&limits, ms(5000)),
        Next::AfterAnswer,
        "2 of 4 are used"
    );
}

#[test]
fn the_pace_never_stops_and_recovers_step_by_step() {
    let limits = [RateLimit::new(20, ms(1))];
    let mut windows = Windows::default();
    let most = |windows: &Windows| windows.pace.of(20);
    for (at, expected) in (0..).zip([10, 5, 2, 2]) {
        record(&mut windows, ms(at), Ended::Refused { wait: ms(0) });
        assert_eq!(most(&windows), expected);
    }
    let mut steps = vec![most(&windows)];
    for n in 1..600 {
        record(&mut windows, ms(10 * n), Ended::Answered);
        windows.next(&limits, ms(10 * n));
        if steps.last() != Some(&most(&windows)) {
            steps.push(most(&windows));
        }
    }
    assert_eq!(steps, [2, 4, 6, 8, 10, 12, 14, 16, 18, 20]);
}

#[test]
fn a_clock_that_is_set_back_frees_no_slot_early() {
    let limits = [RateLimit::new(2, ms(1000))];
    let mut windows = Windows::default();
    for at in [5000, 1000] {
        record(&mut windows, ms(at), Ended::Answered);
    }
    assert_eq!(windows.next(&limits, ms(2500)), Next::At(ms(6001)));
}

#[test]
fn what_is_out_of_every_window_is_forgotten_and_not_before() {
    let limits = [RateLimit::new(1, ms(1000)), RateLimit::new(9, ms(10))];
    let mut windows = Windows::default();
    record(&mut windows, ms(0), Ended::Answered);
    assert_eq!(
        windows.next(&limits, ms(1000)),
        Next::At(ms(1001)),
        "one step of a clock more"
    );
    assert_eq!(windows.answered.len(), 1);
    assert_eq!(windows.next(&limits, ms(1001)), Next::Now);
    assert!(windows.answered.is_empty());
}

#[test]
fn times_that_lie_ahead_become_now() {
    let limits = [RateLimit::new(3, ms(1000))];
    let mut windows = Windows::default();
    for at in [500, 1000, 9000] {
        record(&mut windows, ms(at), Ended::Answered);
    }
    record(
        &mut windows,
        ms(9000),
        Ended::Refused {
            wait: ms(9_000_000),
        },
    );
    windows.resumed(0, ms(1000));
    assert_eq!(windows.answered, [ms(500), ms(1000), ms(1000), ms(1000)]);
    let hour = ms(3_600_000);
    assert_eq!(
        windows.next(&limits, ms(5000)),
        Next::Closed(ms(1000) + hour),
        "an hour at most"
    );
}

#[test]
fn fifty_answers_without_a_429_give_a_tenth_back() {
    let mut windows = Windows::default();
    record(&mut windows, ms(0), Ended::Refused { wait: ms(0) });
    for answers in 1..=100 {
        record(&mut windows, ms(0), Ended::Answered);
        assert_eq!(
            windows.pace.of(100),
            50 + answers / 50 * 10,
            "after {answers}"
        );
    }
}

#[test]
fn refusals_of_requests_that_were_under_way_together_halve_the_pace_once() {
    let mut windows = Windows::default();
    (0..16).for_each(|_| windows.begin());
    for at in 10..26 {
        windows.end(ms(at % 10), ms(at), Ended::Refused { wait: ms(1000) });
    }
    assert_eq!(windows.pace.of(100), 50);
    windows.begin();
    windows.end(ms(10), ms(40), Ended::Refused { wait: ms(1000) });
    assert_eq!(windows.pace.of(100), 50, "it began when the pace was cut");
    record(&mut windows, ms(2000), Ended::Refused { wait: ms(1000) });
    assert_eq!(
        windows.pace.of(100),
        25,
        "one that began after it tells something new"
    );
}
