//! Thousands of orders and a network that loses every sixth request.

use std::collections::HashSet;
use std::sync::Mutex;

use contacts_bulk::{Failure, FailureKind, OrderApi, Replay, Run, RunSettings};
use contacts_core::{ContactsUpdate, Order, OrderId, Outcome};

use crate::account::FakeAccount;
use crate::run::{noon, owner, plan_for};

/// Passes calls on, or injects faults, from a seed.
struct Faulty {
    account: FakeAccount,
    random: Mutex<u64>,
    applied: Mutex<Vec<u64>>,
}

impl Faulty {
    /// A number below 100.
    fn percent(&self) -> u64 {
        // xorshift64*
        let mut state = self.random.lock().unwrap();
        *state ^= *state >> 12;
        *state ^= *state << 25;
        *state ^= *state >> 27;
        (state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % 100
    }
}

fn failure(kind: FailureKind, outcome: Outcome, message: &str) -> Failure {
    Failure::new(kind, outcome, message)
}

impl OrderApi for Faulty {
    fn read(&self, order: OrderId) -> Result<Order, Failure> {
        self.account.read(order)
    }

    fn update(&self, order: OrderId, update: &ContactsUpdate) -> Result<(), Failure> {
        let unavailable = FailureKind::Unavailable;
        let change = || {
            self.applied.lock().unwrap().push(order.get());
            self.account.update(order, update)
        };
        match self.percent() {
            0..5 => Err(failure(unavailable, Outcome::NotSent, "connection reset")),
            5..10 => {
                change()?;
                Err(failure(unavailable, Outcome::Unknown, "no answer"))
            }
            10..13 => Err(failure(unavailable, Outcome::Rejected, "503")),
            13..15 => Err(failure(FailureKind::RateLimited, Outcome::Rejected, "429")),
            _ => change(),
        }
    }
}

#[test]
fn every_order_is_right_after_an_unreliable_network() {
    assert_all_right(500);
}

/// `make test-bulk-long` runs it.
#[test]
#[ignore = "it takes minutes without optimization"]
fn ten_thousand_orders_are_right_after_an_unreliable_network() {
    assert_all_right(10_000);
}

fn assert_all_right(orders: u64) {
    let account = FakeAccount::with(orders);
    let plan = plan_for(orders, &account);
    let faulty = Faulty {
        account,
        random: Mutex::new(20_261_124),
        applied: Mutex::default(),
    };
    let mut journal = Vec::new();
    let mut run = Run::start(plan, &owner(), &mut journal, noon).unwrap();
    let settings = RunSettings::default();
    let mut report = run.apply(&settings, &faulty, |_| {});
    let mut runs = 1;
    loop {
        let replay = Replay::read(&journal).unwrap();
        if replay.remaining() == 0 {
            break;
        }
        let mut run = Run::resume(replay, &owner(), &mut journal, noon).unwrap();
        report = run.apply(&settings, &faulty, |_| {});
        runs += 1;
        assert!(runs < 1000, "it never ends");
    }
    let all = usize::try_from(orders).unwrap();
    let summary = report.summary();
    assert_eq!((summary.orders, summary.changed), (all, all));
    assert_eq!(summary.verified, all);
    assert!(runs > all / 100, "each 429 stops a run: {runs}");
    for id in 1..=orders {
        assert_eq!(faulty.account.technical_email(id), "jane@example.com");
    }
    // An update whose response was lost is not sent again: the order shows that it was applied.
    let text = String::from_utf8(journal.clone()).unwrap();
    let lost = text
        .lines()
        .filter(|line| line.starts_with("{\"finished\"") && line.contains("\"unknown\""));
    let lost = lost.map(|line| {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        line["finished"]["order_id"]
            .as_str()
            .unwrap()
            .parse()
            .unwrap()
    });
    let lost: HashSet<u64> = lost.collect();
    let mut applied = faulty.applied.lock().unwrap().clone();
    applied.sort_unstable();
    let twice = applied.windows(2).filter(|pair| pair[0] == pair[1]);
    let twice: HashSet<u64> = twice.map(|pair| pair[0]).collect();
    assert!(twice.is_empty() && lost.len() > all / 50, "{twice:?}");
}
