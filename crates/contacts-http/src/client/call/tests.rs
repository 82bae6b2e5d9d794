//! Whole calls on a virtual clock, against a script of failures.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use contacts_core::{ApiErrors, OrderId, Outcome};

use super::{Calls, Error, Failure, Limiter, OnRateLimit, Request, Retry, WaitBudget};
use crate::limit::{Clock, RateLimit, Store, VirtualClock};
use crate::transport::{Connection, TransportError};

/// It lives as long as the tests.
fn limiter(limits: &[RateLimit]) -> &'static Limiter<VirtualClock> {
    let limiter = Limiter::new(limits.to_vec(), Store::in_memory(), VirtualClock::default());
    Box::leak(Box::new(limiter))
}

fn calls(retry: Retry) -> Calls<'static, VirtualClock> {
    Calls {
        limiter: limiter(&RateLimit::DIGICERT),
        retry,
        on_rate_limit: OnRateLimit::Wait,
        observer: None,
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
        foreign: None,
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
    Failure::Transport(TransportError::new(error.into(), connection, None, None))
}

fn no_connection() -> Failure {
    let error = ureq::Error::HostNotFound;
    Failure::Transport(TransportError::new(
        error,
        Connection::NotEstablished,
        None,
        None,
    ))
}

/// A script of one failure, repeated.
fn repeat(count: usize, failure: impl Fn() -> Failure) -> Vec<Failure> {
    (0..count).map(|_| failure()).collect()
}

/// Runs a change against `script`, after which every request succeeds. Returns the result, the
/// time that it took in milliseconds, and for each request whether it needed a new connection.
fn run(
    calls: &Calls<'_, VirtualClock>,
    script: Vec<Failure>,
) -> (Result<(), Error>, u64, Vec<bool>) {
    let started = calls.limiter.clock.now();
    let mut script = script.into_iter();
    let mut fresh = Vec::new();
    let send = |new_connection| {
        fresh.push(new_connection);
        script.next().map_or(Ok(()), Err)
    };
    let result = calls.run(update(), &|| false, &|| false, send, |_| Ok(None));
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
fn an_attempt_that_may_have_been_applied_stays_unknown() {
    let outcome = |script| run(&calls(Retry::default()), script).0.unwrap_err().outcome;
    assert_eq!(outcome(vec![status(404)]), Outcome::Rejected);
    assert_eq!(outcome(vec![status(503), status(404)]), Outcome::Unknown);
    let rejected = vec![no_connection(), status(403)];
    assert_eq!(outcome(rejected), Outcome::Rejected);
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
fn cancelling_ends_a_wait() {
    let calls = calls(Retry::default());
    let checks = Cell::new(0);
    let cancelled = || {
        checks.set(checks.get() + 1);
        checks.get() > 3
    };
    let send = |_| Err::<(), _>(status(503));
    let error = calls
        .run(update(), &cancelled, &|| false, send, |_| Ok(None))
        .unwrap_err();
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

/// What a read does, after a time in seconds.
type Read = (u64, Result<Option<()>, Failure>);

/// Runs a change whose attempts all fail with a broken connection; each is followed by the next read
/// of the script. Returns the result, the time in seconds, and the numbers of attempts and reads.
fn run_with_reads(
    calls: &Calls<'_, VirtualClock>,
    script: Vec<Read>,
    cancelled: &dyn Fn() -> bool,
) -> (Result<(), Error>, u64, (usize, usize)) {
    let started = calls.limiter.clock.now();
    let (attempts, reads) = (Cell::new(0), Cell::new(0));
    let mut script = script.into_iter();
    let send = |_| {
        attempts.set(attempts.get() + 1);
        Err(reset(Connection::New))
    };
    let read = |_| {
        reads.set(reads.get() + 1);
        let (seconds, result) = script.next().unwrap_or((0, Ok(None)));
        calls.limiter.sleep(Duration::from_secs(seconds), &|| false);
        result
    };
    let result = calls.run(update(), cancelled, &|| false, send, read);
    let took = calls.limiter.clock.now().saturating_sub(started);
    (result, took.as_secs(), (attempts.get(), reads.get()))
}

fn without_backoff(retry: Retry) -> Calls<'static, VirtualClock> {
    Calls {
        random: || 0.0,
        ..calls(retry)
    }
}

#[test]
fn a_read_confirms_the_last_attempt_even_if_no_time_is_left() {
    for retry in [Retry::default(), Retry::none()] {
        let script = vec![(0, Ok(Some(())))];
        let (result, _, sent) = run_with_reads(&without_backoff(retry), script, &|| false);
        assert!(result.is_ok());
        assert_eq!(sent, (1, 1));
    }
}

#[test]
fn no_attempt_starts_after_a_read_that_took_the_rest_of_the_time() {
    let calls = without_backoff(Retry::new(3, Duration::from_secs(60)));
    let (result, took, sent) = run_with_reads(&calls, vec![(61, Ok(None))], &|| false);
    let error = result.unwrap_err();
    assert_eq!((error.attempts, error.outcome), (1, Outcome::Unknown));
    assert!(matches!(*error.failure, Failure::Transport(_)));
    assert_eq!((took, sent), (61, (1, 1)));
}

#[test]
fn a_read_that_gets_a_429_pauses_the_next_attempt() {
    let calls = without_backoff(Retry::default());
    let script = vec![(0, Err(status(429)))];
    let (result, took, sent) = run_with_reads(&calls, script, &|| false);
    assert_eq!(result.unwrap_err().attempts, 3);
    // The read that failed is repeated.
    assert_eq!((took, sent), (5, (3, 4)));
}

#[test]
fn pauses_double_if_a_read_and_the_next_attempt_get_a_429() {
    let calls = without_backoff(Retry::default());
    let mut answers = vec![Ok(()), Err(status(429)), Err(status(503))];
    let mut read = vec![Ok(None), Ok(None), Err(status(429))];
    let send = |_| answers.pop().unwrap();
    let result = calls.run(update(), &|| false, &|| false, send, |_| {
        read.pop().unwrap()
    });
    assert!(result.is_ok());
    assert_eq!(calls.limiter.clock.now().as_secs(), 5 + 10);
}

#[test]
fn the_retry_after_of_a_read_delays_the_next_attempt() {
    for (seconds, took, sent) in [(7, 7, (3, 4)), (601, 0, (1, 1))] {
        let calls = without_backoff(Retry::default());
        let script = vec![(0, Err(status_with(503, Some(seconds))))];
        let result = run_with_reads(&calls, script, &|| false);
        assert_eq!((result.1, result.2), (took, sent));
        assert!(matches!(
            *result.0.unwrap_err().failure,
            Failure::Transport(_)
        ));
    }
}

#[test]
fn an_update_is_not_sent_again_without_a_read() {
    let calls = without_backoff(Retry::default());
    let script = (0..9).map(|_| (0, Err(status(503)))).collect();
    let (result, _, sent) = run_with_reads(&calls, script, &|| false);
    let error = result.unwrap_err();
    assert_eq!((error.attempts, error.outcome), (1, Outcome::Unknown));
    // After the attempt, and two retries before the next.
    assert_eq!(sent, (1, 3));
}

#[test]
fn an_order_is_read_again_if_the_wait_for_a_permit_was_long() {
    let mut calls = without_backoff(Retry::default());
    calls.limiter = limiter(&[RateLimit::new(1, Duration::from_secs(60))]);
    drop(
        calls
            .limiter
            .acquire(WaitBudget::NONE, &|| false, |_| {})
            .ok()
            .unwrap(),
    );
    let clock = &calls.limiter.clock;
    let read_at = Cell::new(clock.now());
    let must_read = || clock.now() > read_at.get() + Duration::from_secs(30);
    let log = RefCell::new(Vec::new());
    let send = |_| {
        log.borrow_mut().push(("send", clock.now().as_secs()));
        Ok(())
    };
    let read = |_| {
        read_at.set(clock.now());
        log.borrow_mut().push(("read", clock.now().as_secs()));
        Ok(None)
    };
    calls
        .run(update(), &|| false, &must_read, send, read)
        .unwrap();
    // The permit of the update takes as long again, so a second read would not help.
    assert_eq!(log.take(), [("read", 60), ("send", 120)]);
    // Without a wait, it is not read.
    calls.limiter = limiter(&RateLimit::DIGICERT);
    let clock = &calls.limiter.clock;
    let read_at = clock.now();
    let must_read = || clock.now() > read_at + Duration::from_secs(30);
    calls
        .run(
            update(),
            &|| false,
            &must_read,
            |_| Ok(()),
            |_| panic!("read"),
        )
        .unwrap();
}

#[test]
fn a_change_that_the_read_before_the_first_attempt_shows_ends_the_call() {
    let calls = without_backoff(Retry::default());
    let send = |_| -> Result<(), _> { panic!("sent") };
    let read = |_| Err(Failure::ChangedMeanwhile);
    let error = calls
        .run(update(), &|| false, &|| true, send, read)
        .unwrap_err();
    assert_eq!((error.attempts, error.outcome), (0, Outcome::NotSent));
    assert!(matches!(*error.failure, Failure::ChangedMeanwhile));
}

#[test]
fn cancelling_ends_the_wait_for_a_read() {
    let mut calls = without_backoff(Retry::new(1, Duration::from_secs(600)));
    calls.limiter = limiter(&[RateLimit::new(1, Duration::from_secs(60))]);
    // True once, as for a signal that was delivered.
    let checks = Cell::new(0);
    let cancelled = || {
        checks.set(checks.get() + 1);
        checks.get() == 3
    };
    let (result, took, sent) = run_with_reads(&calls, vec![], &cancelled);
    let error = result.unwrap_err();
    assert!(matches!(*error.failure, Failure::Cancelled));
    assert_eq!(error.outcome, Outcome::Unknown);
    assert_eq!((took, sent), (0, (1, 0)));
}
