//! Rate limits, with a manual clock.

use std::time::Duration;

use contacts_sandbox::{Account, ManualClock, RateLimits, Sandbox};

use crate::client::{get, send};

const TOO_MANY: &str = r#"{"errors":[{"code":"request_limit_exceeded","message":"Service unavailable, please limit request volume"}]}"#;

fn accepted(sandbox: &Sandbox, count: usize) -> usize {
    (0..count)
        .filter(|_| get(sandbox, "user/me").status == 200)
        .count()
}

#[test]
fn the_documented_limits_are_enforced() {
    let clock = ManualClock::default();
    let sandbox = Sandbox::builder().clock(clock.clone()).start().unwrap();
    assert_eq!(accepted(&sandbox, 100), 100);
    let rejected = get(&sandbox, "user/me");
    assert_eq!((rejected.status, rejected.body.as_str()), (429, TOO_MANY));
    let other = send(&sandbox, Account::DEMO_VIEW_ONLY_KEY, "GET", "user/me", "");
    assert_eq!(other.status, 200, "each key has its own limit");
    clock.advance(Duration::from_millis(4_999));
    assert_eq!(get(&sandbox, "user/me").status, 429);
    // The request that was just rejected counts; the first ones have left the window.
    clock.advance(Duration::from_millis(1));
    assert_eq!(accepted(&sandbox, 100), 99);
    for _ in 0..8 {
        clock.advance(Duration::from_secs(10));
        accepted(&sandbox, 100);
    }
    clock.advance(Duration::from_secs(10));
    assert!(accepted(&sandbox, 100) < 100, "1000 in 3 minutes");
    let windows = sandbox.state()["keys"][0]["windows"].to_string();
    assert_eq!(
        windows,
        r#"[{"used":100,"limit":100,"seconds":5.0},{"used":1000,"limit":1000,"seconds":180.0}]"#
    );
    clock.advance(Duration::from_secs(180));
    assert_eq!(accepted(&sandbox, 100), 100);
}

#[test]
fn a_request_with_an_unknown_key_does_not_count() {
    let limits = RateLimits::new([(1, Duration::from_secs(60))]);
    let sandbox = Sandbox::builder().rate_limits(limits).start().unwrap();
    for _ in 0..3 {
        assert_eq!(send(&sandbox, "wrong", "GET", "user/me", "").status, 403);
    }
    assert_eq!(accepted(&sandbox, 3), 1);
}

#[test]
fn rate_limits_can_be_off() {
    let sandbox = Sandbox::builder()
        .rate_limits(RateLimits::off())
        .start()
        .unwrap();
    assert_eq!(accepted(&sandbox, 150), 150);
    assert_eq!(sandbox.state()["keys"][0]["windows"].to_string(), "[]");
}
