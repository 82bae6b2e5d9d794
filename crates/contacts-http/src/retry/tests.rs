use super::{Duration, History, Retry, RetryClass, Wait};

const fn secs(n: u64) -> Duration {
    Duration::from_secs(n)
}

fn decide(class: RetryClass, retry_after: Option<u64>, history: History) -> Option<Wait> {
    let retry_after = retry_after.map(secs);
    Retry::new(9, secs(600)).decide(class, retry_after, history, 1.0)
}

fn backoff(history: History) -> Option<Wait> {
    decide(RetryClass::Backoff, None, history)
}

fn after(attempts: u32) -> History {
    History {
        attempts,
        ..History::default()
    }
}

#[test]
fn the_backoff_doubles_up_to_20_seconds_with_full_jitter() {
    let waits = [500, 1000, 2000, 4000, 8000, 16_000, 20_000, 20_000];
    for (attempts, wait) in (1..).zip(waits) {
        let wait = Duration::from_millis(wait);
        for (random, expected) in [(1.0, wait), (0.5, wait / 2), (0.0, Duration::ZERO)] {
            let retry = Retry::new(9, secs(600));
            let decision = retry.decide(RetryClass::Backoff, None, after(attempts), random);
            assert_eq!(decision, Some(Wait::For(expected)));
        }
    }
}

#[test]
fn attempts_and_time_are_bounded() {
    assert_eq!(backoff(after(8)), Some(Wait::For(secs(20))));
    assert_eq!(backoff(after(9)), None);
    let late = |elapsed| History {
        elapsed,
        ..after(7)
    };
    assert_eq!(backoff(late(secs(580))), Some(Wait::For(secs(20))));
    assert_eq!(backoff(late(secs(581))), None);
    assert_eq!(backoff(late(Duration::MAX)), None);
    assert_eq!(decide(RetryClass::Never, None, after(1)), None);
}

#[test]
fn a_retry_after_is_honoured_exactly_or_stops_the_call() {
    for (seconds, expected) in [
        (0, Some(Wait::For(secs(0)))),
        (600, Some(Wait::For(secs(600)))),
        (601, None),
        (999_999_999_999, None),
    ] {
        let decision = decide(RetryClass::Backoff, Some(seconds), after(1));
        assert_eq!(decision, expected);
    }
    for (seconds, expected) in [
        (7, Some(Wait::Paused(secs(7)))),
        (0, Some(Wait::Paused(secs(1)))),
        (600, Some(Wait::Paused(secs(600)))),
        (601, None),
    ] {
        let decision = decide(RetryClass::RateLimited, Some(seconds), after(1));
        assert_eq!(decision, expected);
    }
}

#[test]
fn the_pause_after_a_429_doubles_and_a_429_is_not_an_attempt() {
    for (rate_limited, seconds) in (0..).zip([5, 10, 20, 40, 80, 160, 180, 180]) {
        let history = History {
            rate_limited,
            ..after(9)
        };
        let decision = decide(RetryClass::RateLimited, None, history);
        assert_eq!(decision, Some(Wait::Paused(secs(seconds))));
    }
    let late = History {
        elapsed: secs(596),
        ..after(0)
    };
    assert_eq!(decide(RetryClass::RateLimited, None, late), None);
}

#[test]
fn a_stale_connection_is_replaced_at_once_while_attempts_remain() {
    let reconnect = |history| decide(RetryClass::Reconnect, None, history);
    assert_eq!(reconnect(after(8)), Some(Wait::For(Duration::ZERO)));
    assert_eq!(reconnect(after(9)), None);
    let late = |elapsed| History {
        elapsed: secs(elapsed),
        ..after(1)
    };
    assert_eq!(reconnect(late(600)), Some(Wait::For(Duration::ZERO)));
    assert_eq!(reconnect(late(601)), None);
}

#[test]
fn without_retries_every_failure_is_final() {
    for class in [
        RetryClass::Backoff,
        RetryClass::RateLimited,
        RetryClass::Reconnect,
        RetryClass::Never,
    ] {
        assert_eq!(Retry::none().decide(class, None, after(1), 1.0), None);
    }
}
