//! Runs against a sandbox whose network loses one request in six.

use std::time::{Duration, SystemTime};

use contacts_bulk::input::{Format, ReadOptions};
use contacts_bulk::{AccountIdentity, Input, Plan, PlanFile, Replay, Run, RunSettings};
use contacts_http::{ApiKey, BaseUrl, RateLimit, Retry};
use contacts_sandbox::{Account, Fault, KeyRole, RateLimits, Sandbox};
use serde_json::json;

/// DigiCert's windows, 100 times shorter.
const WINDOWS: [(u32, Duration); 2] = [
    (100, Duration::from_millis(50)),
    (1000, Duration::from_millis(1800)),
];

/// Resets 5 % of the requests before they arrive, loses the answers of 5 % after the change, answers
/// 3 % with 503 and 2 % with 429.
fn faults() -> [Fault; 4] {
    let put = |fault: Fault, probability, seed| fault.method("PUT").probability(probability, seed);
    // A fault applies only if the previous ones did not.
    [
        put(Fault::reset(), 0.05, 1),
        put(Fault::close().applied(), 0.05 / 0.95, 2),
        put(Fault::status(503), 0.03 / 0.90, 3),
        put(Fault::status(429), 0.02 / 0.87, 4),
    ]
}

fn client(sandbox: &Sandbox) -> contacts_http::Client {
    contacts_http::Client::builder(ApiKey::parse(Account::DEMO_KEY).unwrap())
        .base_url(BaseUrl::parse(&sandbox.base_url()).unwrap())
        // Half of the server's, so that a restarted client does not exceed them.
        .rate_limits(WINDOWS.map(|(requests, window)| RateLimit::new(requests / 2, window)))
        // The run retries what the client would wait for minutes for.
        .retry(Retry::none())
        .build()
        .unwrap()
}

fn assert_every_order_is_correct(orders: u64) {
    let mut account = Account::default();
    account.add_key(Account::DEMO_KEY, KeyRole::Orders);
    for id in 1..=orders {
        account.add_order(id, json!({"status": "issued"}));
    }
    let builder = Sandbox::builder().account(account);
    let sandbox = builder
        .rate_limits(RateLimits::new(WINDOWS))
        .start()
        .unwrap();
    // A new client, because a pause after a 429 ends with the process.
    let client = || client(&sandbox);

    let row = |id| format!("{id},technical_contact,Jane,Doe,jane{id}@example.com\n");
    let rows: String = (1..=orders).map(row).collect();
    let csv = format!("order_id,contact_type,first_name,last_name,email\n{rows}");
    let input = Input::from_bytes(csv.as_bytes(), Format::Csv, &ReadOptions::default()).unwrap();
    let plan = Plan::fetch(input, &client(), |_| {}).unwrap();
    for fault in faults() {
        sandbox.add_fault(fault).unwrap();
    }

    let owner = AccountIdentity::new(sandbox.base_url(), Account::DEMO_KEY);
    let plan = PlanFile::new(plan, owner.base_url(), SystemTime::now());
    let mut journal = Vec::new();
    let mut run = Run::start(plan, &owner, &mut journal, SystemTime::now).unwrap();
    let settings = RunSettings::default();
    let mut report = run.apply(&settings, &client(), |_| {});
    let mut runs = 1;
    while run.remaining() > 0 {
        drop(run);
        let replay = Replay::read(&journal).unwrap();
        run = Run::resume(replay, &owner, &mut journal, SystemTime::now).unwrap();
        report = run.apply(&settings, &client(), |_| {});
        runs += 1;
        assert!(runs < orders, "the runs do not finish");
    }
    drop(run);

    let all = usize::try_from(orders).unwrap();
    let summary = report.summary();
    let added = summary.unchanged
        + summary.blocked
        + summary.read_failed
        + summary.conflict
        + summary.changed
        + summary.failed
        + summary.skipped;
    assert_eq!((summary.orders, added), (all, all));
    assert_eq!((summary.changed, summary.verified), (all, all));
    for id in 1..=orders {
        let order = sandbox.order(id).unwrap();
        assert_eq!(
            order["technical_contact"]["email"],
            format!("jane{id}@example.com")
        );
    }
    // A read shows that a change was applied whose answer was lost. Only where the rate limit had no
    // permit for it, an order may have been changed twice, as the journal says.
    let text = String::from_utf8(journal).unwrap();
    let lost = text
        .lines()
        .filter(|line| line.starts_with("{\"finished\"") && line.contains("\"unknown\""));
    let lost: Vec<serde_json::Value> = lost
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let lost: std::collections::HashSet<_> = lost
        .iter()
        .map(|line| line["finished"]["order_id"].as_str().unwrap())
        .collect();
    let twice = (1..=orders).filter(|id| sandbox.history(*id).len() > 1);
    let twice: Vec<_> = twice.map(|id| id.to_string()).collect();
    assert!(twice.iter().all(|id| lost.contains(id.as_str())));
    assert!(
        twice.len() <= all / 100 && runs > 1,
        "{} twice in {runs} runs",
        twice.len()
    );
}

#[test]
fn every_order_is_correct_after_a_run_over_a_bad_network() {
    assert_every_order_is_correct(300);
}

/// `make test-bulk-long` runs it.
#[test]
#[ignore = "it takes a minute"]
fn ten_thousand_orders_are_correct_after_a_run_over_a_bad_network() {
    let started = std::time::Instant::now();
    assert_every_order_is_correct(10_000);
    assert!(started.elapsed() < Duration::from_secs(600));
}
