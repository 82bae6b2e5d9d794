//! Whole calls on a virtual clock, against a script of answers.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use contacts_core::{ApiErrors, Outcome};

use super::{Calls, Event, Failed};
use crate::clock::{Clock, Virtual};
use crate::connector::Interrupted;
use crate::kind::Kind;
use crate::ledger::Ledger;
use crate::limiter::Limiter;
use crate::rate_limit::RateLimit;
use crate::retry::Retry;

fn calls(retry: Retry) -> Calls<Virtual> {
    let limits = RateLimit::DIGICERT.to_vec();
    Calls {
        limiter: Limiter::new(limits, Ledger::in_memory(), Virtual::default()),
        retry,
        waits: true,
        random: || 1.0,
    }
}

fn status(status: u16) -> Kind {
    Kind::Answer {
        status,
        errors: ApiErrors::default(),
        retry_after: None,
    }
}

fn reset() -> Kind {
    broken(true)
}

/// A connection that breaks off, one that had served before if `kept`.
fn broken(kept: bool) -> Kind {
    let error = std::io::Error::from(std::io::ErrorKind::ConnectionReset).into();
    Kind::Transport(Interrupted { error, kept })
}

fn no_connection() -> Kind {
    let error = ureq::Error::HostNotFound;
    Kind::Transport(Interrupted { error, kept: false })
}

/// Runs a change against `script`; then every request succeeds. Gives the result, how long it
/// took, and for each request whether a new connection was asked for.
fn run(calls: &Calls<Virtual>, script: Vec<Kind>) -> (Result<(), Failed>, u64, Vec<bool>) {
    let begin = calls.limiter.clock.now();
    let script = RefCell::new(script.into_iter());
    let fresh = RefCell::new(Vec::new());
    let exchange = |new_connection| {
        fresh.borrow_mut().push(new_connection);
        script.borrow_mut().next().map_or(Ok(()), Err)
    };
    let result = calls.run(true, &|| false, exchange, |_| {});
    let took = calls.limiter.clock.now().saturating_sub(begin);
    (
        result,
        took.as_millis().try_into().unwrap(),
        fresh.into_inner(),
    )
}

#[test]
fn trouble_that_passes_is_waited_out() {
    let (result, took, fresh) = run(&calls(Retry::default()), vec![status(503), status(502)]);
    assert!(result.is_ok());
    assert_eq!((took, fresh.len()), (500 + 1000, 3));
}

#[test]
fn attempts_are_counted_and_told() {
    let script = vec![status(500), status(503), status(504), status(500)];
    let (result, _, fresh) = run(&calls(Retry::default()), script);
    let failed = result.unwrap_err();
    assert_eq!((failed.attempts, fresh.len()), (3, 3));
    assert!(matches!(failed.kind, Kind::Answer { status: 504, .. }));
    let (result, took, _) = run(&calls(Retry::none()), vec![status(503)]);
    assert_eq!((result.unwrap_err().attempts, took), (1, 0));
}

#[test]
fn each_attempt_is_told_by_its_number_and_how_it_went() {
    let calls = calls(Retry::default());
    let told = RefCell::new(Vec::new());
    let script = RefCell::new(vec![status(503), status(502)].into_iter());
    let exchange = |_| script.borrow_mut().next().map_or(Ok(()), Err);
    let tell = |event: Event<'_>| {
        told.borrow_mut().push(match event {
            Event::Begins { attempt } => format!("{attempt} begins"),
            Event::Fails { attempt, .. } => format!("{attempt} fails"),
            Event::Done { attempt, .. } => format!("{attempt} done"),
            Event::Waits { .. } => "waits".to_owned(),
        });
    };
    assert!(calls.run(true, &|| false, exchange, tell).is_ok());
    let told = told.into_inner().join(", ");
    let expected = "1 begins, 1 fails, waits, 2 begins, 2 fails, waits, 3 begins, 3 done";
    assert_eq!(told, expected);
}

#[test]
fn a_kept_connection_that_was_closed_is_replaced_at_once() {
    let (result, took, fresh) = run(&calls(Retry::default()), vec![reset()]);
    assert!(result.is_ok());
    assert_eq!((took, fresh), (0, vec![false, true]));
    let (result, took, fresh) = run(&calls(Retry::default()), (0..9).map(|_| reset()).collect());
    assert_eq!(result.unwrap_err().attempts, 3);
    assert_eq!((took, fresh), (0, vec![false, true, true]));
}

#[test]
fn an_answer_that_is_final_is_not_asked_for_again() {
    for code in [200, 301, 400, 401, 403, 404, 405, 406, 418, 501, 505] {
        let (result, took, fresh) = run(&calls(Retry::default()), vec![status(code)]);
        assert!(result.is_err(), "{code}");
        assert_eq!((took, fresh.len()), (0, 1), "{code}");
    }
}

#[test]
fn an_attempt_that_may_have_been_applied_stays_unknown() {
    let outcome = |script| run(&calls(Retry::default()), script).0.unwrap_err().outcome;
    assert_eq!(outcome(vec![status(404)]), Outcome::Rejected);
    assert_eq!(outcome(vec![status(503), status(404)]), Outcome::Unknown);
    assert_eq!(
        outcome(vec![no_connection(), status(403)]),
        Outcome::Rejected
    );
    let never = vec![no_connection(), no_connection(), no_connection()];
    assert_eq!(outcome(never), Outcome::NotSent);
}

#[test]
fn a_429_is_waited_out_without_counting_as_an_attempt() {
    let script = (0..4).map(|_| status(429)).collect();
    let (result, took, fresh) = run(&calls(Retry::default()), script);
    assert!(result.is_ok());
    assert_eq!((took, fresh.len()), ((5 + 10 + 20 + 40) * 1000, 5));
}

#[test]
fn a_429_that_does_not_end_is_an_error_in_time() {
    let script = (0..99).map(|_| status(429)).collect();
    let (result, took, fresh) = run(&calls(Retry::default()), script);
    let failed = result.unwrap_err();
    assert_eq!(failed.outcome, Outcome::Rejected);
    assert_eq!(failed.retry_after, Some(Duration::from_secs(180)));
    assert!((495_000..600_000).contains(&took), "{took}");
    assert_eq!(fresh.len(), 8);
}

#[test]
fn a_caller_that_does_not_wait_is_told_at_once() {
    let mut calls = calls(Retry::default());
    calls.waits = false;
    let (result, took, fresh) = run(&calls, vec![status(429)]);
    let failed = result.unwrap_err();
    assert!(matches!(failed.kind, Kind::Answer { status: 429, .. }));
    assert_eq!(failed.retry_after, Some(Duration::from_secs(5)));
    assert_eq!((took, fresh.len()), (0, 1));
    let (result, took, fresh) = run(&calls, vec![]);
    let failed = result.unwrap_err();
    assert!(
        matches!(failed.kind, Kind::WouldWait { retry_after: Some(wait) } if wait == Duration::from_secs(5)),
        "{failed:?}"
    );
    assert_eq!(
        (took, fresh.len(), failed.outcome),
        (0, 0, Outcome::NotSent)
    );
}

#[test]
fn a_wait_ends_when_it_is_cancelled() {
    let calls = calls(Retry::default());
    let asked = Cell::new(0);
    let cancelled = || {
        asked.set(asked.get() + 1);
        asked.get() > 3
    };
    let failed = calls
        .run(true, &cancelled, |_| Err::<(), _>(status(503)), |_| {})
        .unwrap_err();
    assert!(matches!(failed.kind, Kind::Cancelled));
    assert_eq!((failed.attempts, failed.outcome), (1, Outcome::Unknown));
    assert!(calls.limiter.clock.now() <= Duration::from_millis(100));
}

#[test]
fn every_attempt_takes_a_slot() {
    let mut calls = calls(Retry::default());
    calls.limiter = Limiter::new(
        vec![RateLimit::new(2, Duration::from_secs(60))],
        Ledger::in_memory(),
        Virtual::default(),
    );
    let (result, took, _) = run(&calls, vec![status(503), status(503)]);
    assert!(result.is_ok());
    assert!(took >= 60_000, "{took}");
}

#[test]
fn a_new_connection_that_breaks_counts_as_an_attempt() {
    let script = (0..9).map(|_| broken(false)).collect();
    let (result, took, fresh) = run(&calls(Retry::default()), script);
    assert_eq!(result.unwrap_err().attempts, 3);
    assert_eq!((took, fresh), (1500, vec![false, false, false]));
}

#[test]
fn a_429_makes_all_wait_though_its_own_call_gives_up() {
    for (retry_after, seconds) in [(None, 5), (Some(0), 1), (Some(7), 7), (Some(180), 180)] {
        let calls = calls(Retry::none());
        let kind = Kind::Answer {
            status: 429,
            errors: ApiErrors::default(),
            retry_after: retry_after.map(Duration::from_secs),
        };
        let failed = run(&calls, vec![kind]).0.unwrap_err();
        let told = failed.retry_after.map(|time| time.as_secs());
        assert_eq!(told, Some(retry_after.unwrap_or(5).max(1)));
        let (result, took, _) = run(&calls, vec![]);
        assert!(result.is_ok());
        assert_eq!(took, seconds * 1000);
    }
}

#[test]
fn nobody_sends_before_the_time_that_a_429_asks_for_but_an_hour_is_enough() {
    for (asked, seconds) in [(601, 601), (99_999, 3600)] {
        let calls = calls(Retry::default());
        let kind = || Kind::Answer {
            status: 429,
            errors: ApiErrors::default(),
            retry_after: Some(Duration::from_secs(asked)),
        };
        assert!(run(&calls, vec![kind()]).0.is_err());
        let (result, took, sent) = run(&calls, vec![]);
        let left = match result.unwrap_err().kind {
            Kind::WouldWait { retry_after } => retry_after.unwrap(),
            kind => panic!("{kind}"),
        };
        assert_eq!((left.as_secs(), took, sent.len()), (seconds, 0, 0));
    }
}

#[test]
fn a_slot_that_comes_too_late_for_another_try_is_not_waited_for() {
    let mut calls = calls(Retry::new(3, Duration::from_secs(30)));
    calls.limiter = Limiter::new(
        vec![RateLimit::new(1, Duration::from_secs(60))],
        Ledger::in_memory(),
        Virtual::default(),
    );
    let (result, took, fresh) = run(&calls, vec![status(503)]);
    let failed = result.unwrap_err();
    assert!(matches!(failed.kind, Kind::Answer { status: 503, .. }));
    assert_eq!((failed.attempts, fresh.len()), (1, 1));
    assert!(took <= 1000, "{took}");
    let (result, took, _) = run(&calls, vec![]);
    assert!(result.is_ok(), "its place in the queue is waited for");
    assert!(took > 30_000, "{took}");
}

#[test]
fn a_long_wait_for_the_rate_limit_is_told_once() {
    let calls = calls(Retry::default());
    let waits = RefCell::new(Vec::new());
    let tell = |event: Event<'_>| {
        if let Event::Waits { time, why } = event {
            waits.borrow_mut().push((time.as_secs(), why.to_string()));
        }
    };
    let call = || calls.run(true, &|| false, |_| Ok(()), tell).unwrap();
    (0..100).for_each(|_| call());
    assert!(waits.borrow().is_empty());
    call();
    let told = "the rate limit allows the next request in 5.0 s".to_owned();
    assert_eq!(*waits.borrow(), vec![(5, told)]);
}
