//! Options of single calls.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use contacts_core::OrderId;
use contacts_http::{BaseUrl, CallOptions, Client, OnRateLimit, RateLimit, Retry};
use contacts_sandbox::{Fault, Sandbox};

use crate::server::{client_for, order};

fn client(sandbox: &Sandbox, limit: u32) -> Client {
    Client::builder(sandbox.api_key().parse().unwrap())
        .base_url(BaseUrl::parse(&sandbox.base_url()).unwrap())
        .rate_limits([RateLimit::new(limit, Duration::from_secs(3600))])
        .on_rate_limit(OnRateLimit::Fail)
        .build()
        .unwrap()
}

fn sandbox(fault: Fault) -> Sandbox {
    Sandbox::builder().fault(fault).start().unwrap()
}

fn demo_order() -> OrderId {
    OrderId::parse("100000001").unwrap()
}

#[test]
fn a_timeout_applies_to_the_calls_with_it_only() {
    let sandbox = sandbox(Fault::delay(Duration::from_secs(1)));
    let client = client(&sandbox, 100);
    let options = CallOptions::default()
        .timeout(Duration::from_millis(200))
        .retry(Retry::none());
    let started = Instant::now();
    let error = client
        .with_options(options)
        .unwrap()
        .order(demo_order())
        .unwrap_err();
    assert!(error.is_timeout());
    assert!(started.elapsed() < Duration::from_millis(900));
    insta::assert_snapshot!(error, @"order 100000001 could not be read: timed out after 0.2 s, the `timeout`");
    client.order(demo_order()).unwrap();
}

#[test]
fn a_longer_timeout_than_the_client_has_is_allowed() {
    let sandbox = sandbox(Fault::delay(Duration::from_millis(600)));
    let short = client_for(&sandbox.base_url())
        .timeout(Duration::from_millis(200))
        .build()
        .unwrap();
    let options = CallOptions::default().timeout(Duration::from_secs(20));
    let long = short.with_options(options).unwrap();
    let error = long.order(order()).unwrap_err();
    assert!(!error.is_timeout(), "an answer to an unknown key: {error}");
    assert!(error.is_auth());
}

#[test]
fn retries_are_those_of_the_options() {
    let sandbox = sandbox(Fault::status(503));
    let client = client(&sandbox, 100);
    let attempts = |retry| {
        let client = client.with_options(CallOptions::default().retry(retry));
        client.unwrap().order(demo_order()).unwrap_err().attempts()
    };
    assert_eq!(attempts(Retry::none()), 1);
    assert_eq!(attempts(Retry::new(2, Duration::from_secs(60))), 2);
}

#[test]
fn the_rate_limit_is_shared_and_waiting_can_be_refused() {
    let sandbox = Sandbox::start().unwrap();
    let client = client(&sandbox, 1);
    let waiting = CallOptions::default().on_rate_limit(OnRateLimit::Wait);
    client
        .with_options(waiting.clone())
        .unwrap()
        .order(demo_order())
        .unwrap();
    let error = client.order(demo_order()).unwrap_err();
    assert!(error.is_rate_limited(), "{error}");
    // A later option replaces an earlier one.
    let refusing = CallOptions::default().on_rate_limit(OnRateLimit::Fail);
    let refusing = client
        .with_options(waiting)
        .unwrap()
        .with_options(refusing)
        .unwrap();
    assert!(refusing.order(demo_order()).unwrap_err().is_rate_limited());
    assert_eq!(sandbox.requests().len(), 1);
}

#[test]
fn a_call_waits_for_the_rate_limit_at_most_as_long_as_it_allows() {
    let sandbox = Sandbox::start().unwrap();
    let client = Client::builder(sandbox.api_key().parse().unwrap())
        .base_url(BaseUrl::parse(&sandbox.base_url()).unwrap())
        .rate_limits([RateLimit::new(1, Duration::from_secs(1))])
        .build()
        .unwrap();
    let within = |time| {
        let options = CallOptions::default().on_rate_limit(OnRateLimit::WaitAtMost(time));
        client.with_options(options).unwrap()
    };
    client.order(demo_order()).unwrap();
    for time in [Duration::ZERO, Duration::from_millis(100)] {
        let started = Instant::now();
        let error = within(time).order(demo_order()).unwrap_err();
        assert!(error.is_rate_limited(), "{error}");
        assert!(error.retry_after().unwrap() > time);
        assert!(started.elapsed() < Duration::from_millis(500));
    }
    within(Duration::from_secs(20)).order(demo_order()).unwrap();
    assert_eq!(sandbox.requests().len(), 2);
}

#[test]
fn a_429_is_retried_only_within_the_longest_wait() {
    let sandbox = sandbox(Fault::status(429));
    let client = client(&sandbox, 100);
    let options = CallOptions::default()
        .on_rate_limit(OnRateLimit::WaitAtMost(Duration::from_secs(1)))
        .retry(Retry::default());
    let started = Instant::now();
    let client = client.with_options(options).unwrap();
    let error = client.order(demo_order()).unwrap_err();
    assert_eq!(
        (error.status(), error.attempts()),
        (Some(429), 1),
        "{error}"
    );
    assert!(error.retry_after().unwrap() > Duration::from_secs(1));
    assert!(started.elapsed() < Duration::from_secs(1));
}

#[test]
fn a_call_is_cancelled_by_the_client_and_by_each_of_its_options() {
    let sandbox = Sandbox::start().unwrap();
    let flags: [_; 3] = std::array::from_fn(|_| Arc::new(AtomicBool::new(false)));
    let cancelled = |index: usize| {
        let flag = Arc::clone(&flags[index]);
        move || flag.load(Ordering::SeqCst)
    };
    let client = client_for(&sandbox.base_url())
        .cancelled(cancelled(0))
        .build()
        .unwrap();
    let options = |index| CallOptions::default().cancelled(cancelled(index));
    let call = client
        .with_options(options(1))
        .unwrap()
        .with_options(options(2))
        .unwrap();
    for flag in &flags {
        assert!(!call.order(order()).unwrap_err().is_cancelled());
        flag.store(true, Ordering::SeqCst);
        assert!(call.order(order()).unwrap_err().is_cancelled());
        flag.store(false, Ordering::SeqCst);
    }
    flags[2].store(true, Ordering::SeqCst);
    assert!(!client.order(order()).unwrap_err().is_cancelled());
}

#[test]
fn options_out_of_range_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    let builder = client_for("http://127.0.0.1:1/services/v2");
    let alone = builder.build().unwrap();
    let builder = client_for("http://127.0.0.1:1/services/v2");
    let shared = builder
        .rate_limit_file(folder.path().join("limit"))
        .build()
        .unwrap();
    let message = |client: &Client, options| client.with_options(options).unwrap_err().to_string();
    let minute = CallOptions::default().timeout(Duration::from_secs(60));
    let messages = [
        message(
            &alone,
            CallOptions::default().timeout(Duration::from_secs(90_000)),
        ),
        message(
            &alone,
            CallOptions::default().retry(Retry::new(0, Duration::ZERO)),
        ),
        message(&shared, minute.clone()),
    ];
    insta::assert_snapshot!(messages.join("\n"), @"
    invalid timeout: at most 24 hours are allowed
    invalid retry policy: at least one attempt is required
    invalid timeout: with a shared rate limit, at most the timeout of the client is allowed
    ");
    assert!(alone.with_options(minute).is_ok());
}
