//! Whole calls on a virtual clock, against a script of failures.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use contacts_core::{ApiErrors, OrderId, Outcome};

use super::{Calls, Error, Event, Failure, Limiter, OnRateLimit, Request, Retry};
use crate::limit::{Clock, RateLimit, Store, VirtualClock};
use crate::transport::{Connection, TransportError};

fn limiter(limits: &[RateLimit]) -> Limiter<VirtualClock> {
    Limiter::new(limits.to_vec(), Store::in_memory(), VirtualClock::default())
}

fn calls(retry: Retry) -> Calls<VirtualClock> {
    Calls {
        limiter: limiter(&RateLimit::DIGICERT),
        retry,
        on_rate_limit: OnRateLimit::Wait,
        random: || 1.0,
    }
}

fn update() -> Request {
    Request::UpdateContacts(OrderId::parse("1").unwrap())
}

fn status_with(code: u16, retry_after: Option<u64>) -> Failure {
    Failure::Status {
        code,
        errors: ApiErrors::default(),
        retry_after: retry_after.map(Duration::from_secs),
    }
}

fn status(code: u16) -> Failure {
    status_with(code, None)
}

fn has_status(error: &Error, expected: u16) -> bool {
    matches!(*error.failure, Failure::Status { code, .. } if code == expected)
}

fn reset(connection: Connection) -> Failure {
    let error = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
    Failure::Transport(TransportError::new(error.into(), connection))
}

fn no_connection() -> Failure {
    let error = ureq::Error::HostNotFound;
    Failure::Transport(TransportError::new(error, Connection::NotEstablished))
}

/// A script of one failure, repeated.
fn repeat(count: usize, failure: impl Fn() -> Failure) -> Vec<Failure> {
    (0..count).map(|_| failure()).collect()
}

/// Runs a change against `script`, after which every request succeeds. Returns the result, the
/// time that it took in milliseconds, and for each request whether it needed a new connection.
fn run(calls: &Calls<VirtualClock>, script: Vec<Failure>) -> (Result<(), Error>, u64, Vec<bool>) {
    let started = calls.limiter.clock.now();
    let mut script = script.into_iter();
    let mut fresh = Vec::new();
    let send = |new_connection| {
        fresh.push(new_connection);
        script.next().map_or(Ok(()), Err)
    };
    let result = calls.run(update(), &|| false, send, |_| {});
    let took = calls.limiter.clock.now().saturating_sub(started);
    (result, took.as_millis().try_into().unwrap(), fresh)
}

#[test]
fn a_transient_error_is_retried_after_a_backoff() {
    let (result, took, sent) = run(&calls(Retry::default()), vec![status(503), status(502)]);
    assert!(result.is_ok());
    assert_eq!((took, sent.len()), (500 + 1000, 3));
}

#[test]
fn attempts_are_counted_and_reported() {
    let script = vec![status(500), status(503), status(504), status(500)];
    let (result, _, sent) = run(&calls(Retry::default()), script);
    let error = result.unwrap_err();
    assert_eq!((error.attempts, sent.len()), (3, 3));
    assert!(has_status(&error, 504));
    let (result, took, _) = run(&calls(Retry::none()), vec![status(503)]);
    assert_eq!((result.unwrap_err().attempts, took), (1, 0));
}

#[test]
fn events_report_the_number_and_the_result_of_each_attempt() {
    let calls = calls(Retry::default());
    let mut events = Vec::new();
    let mut script = vec![status(503), status(502)].into_iter();
    let send = |_| script.next().map_or(Ok(()), Err);
    let on_event = |event: Event<'_>| {
        events.push(match event {
            Event::Started { attempt } => format!("{attempt} started"),
            Event::Failed { attempt, .. } => format!("{attempt} failed"),
            Event::Succeeded { attempt, .. } => format!("{attempt} succeeded"),
            Event::Waiting { .. } => "waiting".to_owned(),
        });
    };
    assert!(calls.run(update(), &|| false, send, on_event).is_ok());
    let expected = "1 started, 1 failed, waiting, 2 started, 2 failed, waiting, \
                    3 started, 3 succeeded";
    assert_eq!(events.join(", "), expected);
}

#[test]
fn a_stale_connection_is_replaced_at_once() {
    let stale = || reset(Connection::Pooled);
    let (result, took, fresh) = run(&calls(Retry::default()), vec![stale()]);
    assert!(result.is_ok());
    assert_eq!((took, fresh), (0, vec![false, true]));
    let (result, took, fresh) = run(&calls(Retry::default()), repeat(9, stale));
    assert_eq!(result.unwrap_err().attempts, 3);
    assert_eq!((took, fresh), (0, vec![false, true, true]));
}

#[test]
fn a_final_status_is_not_retried() {
    for code in [200, 301, 400, 401, 403, 404, 405, 406, 418, 501, 505] {
        let (result, took, sent) = run(&calls(Retry::default()), vec![status(code)]);
        assert!(result.is_err(), "{code}");
        assert_eq!((took, sent.len()), (0, 1), "{code}");
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
    assert_eq!(outcome(repeat(3, no_connection)), Outcome::NotSent);
}

#[test]
fn a_429_is_retried_without_counting_as_an_attempt() {
    let script = repeat(4, || status(429));
    let (result, took, sent) = run(&calls(Retry::default()), script);
    assert!(result.is_ok());
    assert_eq!((took, sent.len()), ((5 + 10 + 20 + 40) * 1000, 5));
}

#[test]
fn repeated_429s_are_an_error_within_the_time() {
    let script = repeat(99, || status(429));
    let (result, took, sent) = run(&calls(Retry::default()), script);
    let error = result.unwrap_err();
    assert_eq!(error.outcome, Outcome::Rejected);
    assert_eq!(error.retry_after, Some(Duration::from_secs(180)));
    assert!((495_000..600_000).contains(&took), "{took}");
    assert_eq!(sent.len(), 8);
}

#[test]
fn a_call_that_does_not_wait_fails_at_once() {
    let mut calls = calls(Retry::default());
    calls.on_rate_limit = OnRateLimit::Fail;
    let (result, took, sent) = run(&calls, vec![status(429)]);
    let error = result.unwrap_err();
    assert!(has_status(&error, 429));
    assert_eq!(error.retry_after, Some(Duration::from_secs(5)));
    assert_eq!((took, sent.len()), (0, 1));
    let (result, took, sent) = run(&calls, vec![]);
    let error = result.unwrap_err();
    let five = Duration::from_secs(5);
    assert!(
        matches!(*error.failure, Failure::WouldWait(Some(wait)) if wait == five),
        "{error:?}"
    );
    assert_eq!((took, sent.len(), error.outcome), (0, 0, Outcome::NotSent));
}

#[test]
fn cancelling_ends_a_wait() {
    let calls = calls(Retry::default());
    let checks = Cell::new(0);
    let cancelled = || {
        checks.set(checks.get() + 1);
        checks.get() > 3
    };
    let send = |_| Err::<(), _>(status(503));
    let error = calls.run(update(), &cancelled, send, |_| {}).unwrap_err();
    assert!(matches!(*error.failure, Failure::Cancelled));
    assert_eq!((error.attempts, error.outcome), (1, Outcome::Unknown));
    assert!(calls.limiter.clock.now() <= Duration::from_millis(100));
}

#[test]
fn every_attempt_needs_a_permit() {
    let mut calls = calls(Retry::default());
    calls.limiter = limiter(&[RateLimit::new(2, Duration::from_secs(60))]);
    let (result, took, _) = run(&calls, vec![status(503), status(503)]);
    assert!(result.is_ok());
    assert!(took >= 60_000, "{took}");
}

#[test]
fn a_new_connection_that_breaks_is_retried_after_a_backoff() {
    let script = repeat(9, || reset(Connection::New));
    let (result, took, fresh) = run(&calls(Retry::default()), script);
    assert_eq!(result.unwrap_err().attempts, 3);
    assert_eq!((took, fresh), (1500, vec![false, false, false]));
}

#[test]
fn a_429_pauses_all_calls_even_if_its_own_call_fails() {
    for (retry_after, seconds) in [(None, 5), (Some(0), 1), (Some(7), 7), (Some(180), 180)] {
        let calls = calls(Retry::none());
        let script = vec![status_with(429, retry_after)];
        let error = run(&calls, script).0.unwrap_err();
        let reported = error.retry_after.map(|time| time.as_secs());
        assert_eq!(reported, Some(retry_after.unwrap_or(5).max(1)));
        let (result, took, _) = run(&calls, vec![]);
        assert!(result.is_ok());
        assert_eq!(took, seconds * 1000);
    }
}

#[test]
fn no_call_sends_during_the_pause_after_a_429_which_takes_an_hour_at_most() {
    for (retry_after, seconds) in [(601, 601), (99_999, 3600)] {
        let calls = calls(Retry::default());
        let script = vec![status_with(429, Some(retry_after))];
        assert!(run(&calls, script).0.is_err());
        let (result, took, sent) = run(&calls, vec![]);
        let remaining = match *result.unwrap_err().failure {
            Failure::WouldWait(wait) => wait.unwrap(),
            failure => panic!("{failure}"),
        };
        assert_eq!((remaining.as_secs(), took, sent.len()), (seconds, 0, 0));
    }
}

#[test]
fn a_retry_does_not_wait_for_a_permit_that_comes_too_late() {
    let mut calls = calls(Retry::new(3, Duration::from_secs(30)));
    calls.limiter = limiter(&[RateLimit::new(1, Duration::from_secs(60))]);
    let (result, took, sent) = run(&calls, vec![status(503)]);
    let error = result.unwrap_err();
    assert!(has_status(&error, 503));
    assert_eq!((error.attempts, sent.len()), (1, 1));
    assert!(took <= 1000, "{took}");
    let (result, took, _) = run(&calls, vec![]);
    assert!(result.is_ok(), "a first attempt waits for its permit");
    assert!(took > 30_000, "{took}");
}

#[test]
fn a_long_wait_for_the_rate_limit_is_reported_once() {
    let calls = calls(Retry::default());
    let waits = RefCell::new(Vec::new());
    let on_event = |event: Event<'_>| {
        if let Event::Waiting { time, reason } = event {
            waits
                .borrow_mut()
                .push((time.as_secs(), reason.to_string()));
        }
    };
    let call = || {
        calls
            .run(update(), &|| false, |_| Ok(()), on_event)
            .unwrap();
    };
    (0..100).for_each(|_| call());
    assert!(waits.borrow().is_empty());
    call();
    let reason = "the rate limit allows the next request in 5.0 s".to_owned();
    assert_eq!(*waits.borrow(), vec![(5, reason)]);
}
