use std::cell::{Cell, RefCell};

use super::{Duration, Failure, Limiter, Permit, RateLimit, Store, Wait, WaitBudget};
use crate::limit::clock::{Clock, VirtualClock};

const UNLIMITED: WaitBudget = WaitBudget::new(Duration::MAX);

fn limiter(requests: u32, seconds: u64) -> Limiter<VirtualClock> {
    let limit = RateLimit::new(requests, Duration::from_secs(seconds));
    Limiter::new(vec![limit], Store::in_memory(), VirtualClock::default())
}

fn acquire(
    limiter: &Limiter<VirtualClock>,
    budget: WaitBudget,
) -> Result<Permit<'_, VirtualClock>, Failure> {
    limiter.acquire(budget, &|| false, |_| {})
}

/// Sends one request, after any wait.
fn send(limiter: &Limiter<VirtualClock>) {
    drop(acquire(limiter, UNLIMITED).ok().unwrap());
}

#[test]
fn a_wait_is_reported_once_and_again_if_it_becomes_long() {
    for seconds in [1, 60] {
        let limiter = limiter(1, seconds);
        let waits = RefCell::new(Vec::new());
        let on_wait = |wait| waits.borrow_mut().push(wait);
        drop(limiter.acquire(UNLIMITED, &|| false, on_wait).ok());
        assert!(waits.borrow().is_empty(), "no wait");
        drop(limiter.acquire(UNLIMITED, &|| false, on_wait).ok());
        assert_eq!(waits.borrow().len(), 1);
        let time = waits.borrow()[0].time();
        assert!(time >= Some(Duration::from_secs(seconds)));
    }
    let limiter = limiter(2, 60);
    send(&limiter);
    limiter.clock.advance(Duration::from_millis(59_500));
    send(&limiter);
    let waits = Cell::new(0);
    // Another call takes the permit that becomes free.
    let taken = || {
        if waits.get() == 1 {
            limiter.clock.advance(Duration::from_millis(501));
            send(&limiter);
        }
        false
    };
    let on_wait = |wait: Wait| {
        let is_long = wait.time() >= Some(Duration::from_secs(1));
        assert_eq!(is_long, waits.replace(waits.get() + 1) == 1);
    };
    assert!(limiter.acquire(UNLIMITED, &taken, on_wait).is_ok());
    assert_eq!(waits.get(), 2);
}

#[test]
fn a_finished_wait_is_not_counted_as_waiting() {
    let limiter = limiter(1, 60);
    send(&limiter);
    send(&limiter);
    assert_eq!(limiter.lock().waiting, 0);
}

#[test]
fn a_call_waits_for_a_permit_within_its_budget_only() {
    let limiter = limiter(1, 60);
    send(&limiter);
    let short = acquire(&limiter, WaitBudget::new(Duration::from_secs(59)));
    assert!(matches!(short, Err(Failure::WouldWait(Some(wait))) if wait > Duration::from_secs(59)));
    assert!(
        limiter.clock.now() < Duration::from_secs(1),
        "it failed at once"
    );
    assert!(acquire(&limiter, UNLIMITED).is_ok());
    assert!(limiter.clock.now() >= Duration::from_secs(60));
}

#[test]
fn a_wait_may_use_the_whole_budget() {
    let limiter = limiter(1, 60);
    send(&limiter);
    let exactly = Duration::from_millis(60_001);
    assert!(acquire(&limiter, WaitBudget::new(exactly)).is_ok());
}

#[test]
fn a_permit_released_just_before_a_wait_is_not_missed() {
    let limiter = limiter(1, 0);
    let held = Cell::new(acquire(&limiter, UNLIMITED).ok());
    let started = limiter.clock.now();
    let release = || {
        drop(held.take());
        false
    };
    assert!(limiter.acquire(UNLIMITED, &release, |_| {}).is_ok());
    let took = limiter.clock.now().saturating_sub(started);
    assert!(took < Duration::from_millis(10), "{took:?}");
}

#[test]
fn a_wait_can_be_cancelled() {
    let limiter = limiter(1, 3600);
    send(&limiter);
    assert!(matches!(
        limiter.acquire(UNLIMITED, &|| true, |_| {}),
        Err(Failure::Cancelled)
    ));
    assert!(!limiter.sleep(Duration::from_secs(1), &|| true));
    assert!(limiter.sleep(Duration::from_secs(1), &|| false));
}

#[test]
fn a_429_pauses_all_calls() {
    let limiter = limiter(100, 5);
    let permit = acquire(&limiter, UNLIMITED);
    permit.ok().unwrap().release(Some(Duration::from_secs(20)));
    let other = acquire(&limiter, WaitBudget::NONE);
    assert!(matches!(other, Err(Failure::WouldWait(Some(wait))) if wait.as_secs() >= 19));
}

#[test]
fn a_pause_that_other_calls_keep_extending_ends_with_the_budget() {
    let limiter = limiter(100, 5);
    let in_flight = (0..9).map_while(|_| acquire(&limiter, UNLIMITED).ok());
    let in_flight = RefCell::new(in_flight.collect::<Vec<_>>());
    let throttle = || {
        let permit = in_flight.borrow_mut().pop();
        permit.unwrap().release(Some(Duration::from_secs(20)));
    };
    throttle();
    let started = limiter.clock.now();
    let checks = Cell::new(0);
    let throttle_again = || {
        checks.set(checks.get() + 1);
        if checks.get() % 100 == 0 {
            throttle();
        }
        false
    };
    let budget = WaitBudget {
        total: Duration::MAX,
        paused: Duration::from_secs(30),
    };
    let acquired = limiter.acquire(budget, &throttle_again, |_| {});
    assert!(matches!(acquired, Err(Failure::WouldWait(Some(_)))));
    let took = limiter.clock.now().saturating_sub(started);
    assert!(took <= Duration::from_secs(30), "{took:?}");
}
