//! The number of requests of a run, as a server counts them.

use std::time::Duration;

use contacts_cli::Exit;
use contacts_http::RateLimit;
use contacts_sandbox::{Account, KeyRole, RateLimits, Sandbox};
use serde_json::json;

use crate::files::Files;
use crate::run::{puts, run_against};

const ORDERS: u64 = 200;

/// Orders 1 to 200, whose technical contact a file changes.
fn sandbox() -> Sandbox {
    let mut account = Account::default();
    account.add_key(Account::DEMO_KEY, KeyRole::Orders);
    let john = json!({"first_name": "John", "last_name": "Doe", "email": "john@example.com"});
    for id in 1..=ORDERS {
        account.add_order(id, json!({"status": "issued", "technical_contact": john}));
    }
    let builder = Sandbox::builder().account(account);
    builder.rate_limits(RateLimits::off()).start().unwrap()
}

fn csv(files: &Files) -> String {
    let row = |id| format!("{id},technical_contact,Jane,Doe,jane@example.com\n");
    let rows: String = (1..=ORDERS).map(row).collect();
    let header = "order_id,contact_type,first_name,last_name,email\n";
    files.with("contacts.csv", &format!("{header}{rows}"))
}

/// Applies a file with `options`. Returns the number of requests and the last lines of the output.
fn apply(sandbox: &Sandbox, file: &str, options: &[&str]) -> (usize, String) {
    let before = sandbox.requests().len();
    let args = [&["apply", file, "--yes", "--rate-limit", "off"], options].concat();
    let ran = run_against(sandbox, &args);
    assert_eq!(ran.exit, Exit::Done, "{ran}");
    assert_eq!(puts(sandbox), 200);
    let (_, summary) = ran.stdout.split_once("\ndone: ").unwrap();
    let summary = summary.split("to plan").next().unwrap();
    (sandbox.requests().len() - before, summary.to_owned())
}

#[test]
fn each_order_takes_three_requests() {
    let (sandbox, files) = (sandbox(), Files::new());
    let (requests, summary) = apply(&sandbox, &csv(&files), &[]);
    assert!(requests <= 605, "{requests}");
    insta::assert_snapshot!(summary, @"
    200 orders: 200 changed
    200 of 200 verified
    ");
}

#[test]
fn a_sample_takes_two_requests_for_most_orders() {
    let (sandbox, files) = (sandbox(), Files::new());
    let (requests, summary) = apply(&sandbox, &csv(&files), &["--verify", "sample:20"]);
    assert!(requests <= 430, "{requests}");
    insta::assert_snapshot!(summary, @"
    200 orders: 200 changed
    20 of 200 verified; a random sample of 20
    ");
}

#[test]
fn a_plan_that_the_user_vouches_for_takes_one_request_for_each_order() {
    let (sandbox, files) = (sandbox(), Files::new());
    let plan = files.path("plan.json");
    let args = ["plan", &csv(&files), "-o", &plan, "--rate-limit", "off"];
    let planned = run_against(&sandbox, &args);
    assert_eq!(planned.exit, Exit::Done, "{planned}");
    let options = ["--no-refresh", "--verify", "none"];
    let (requests, summary) = apply(&sandbox, &plan, &options);
    assert!(requests <= 210, "{requests}");
    insta::assert_snapshot!(summary, @"
    200 orders: 200 changed
    0 of 200 verified
    ");
}

#[test]
fn an_update_without_an_answer_is_sent_once_and_the_output_says_so() {
    let mut account = Account::default();
    account.add_key(Account::DEMO_KEY, KeyRole::Orders);
    let john = json!({"first_name": "John", "last_name": "Doe", "email": "john@example.com"});
    account.add_order(1, json!({"status": "issued", "technical_contact": john}));
    let lost = "close,applied,method=PUT".parse().unwrap();
    let sandbox = Sandbox::builder()
        .account(account)
        .fault(lost)
        .start()
        .unwrap();
    let files = Files::new();
    let file = files.with(
        "contacts.csv",
        "order_id,contact_type,first_name,last_name,email\n\
         1,technical_contact,Jane,Doe,jane@example.com\n",
    );
    let ran = run_against(&sandbox, &["apply", &file, "--yes"]);
    assert_eq!((ran.exit, puts(&sandbox)), (Exit::Done, 1), "{ran}");
    let (_, result) = ran.stdout.split_once("\nchanged").unwrap();
    let result = result.split("to plan").next().unwrap();
    insta::assert_snapshot!(result, @"
        1, verified; no update was answered, but a read shows the change

    done: 1 order: 1 changed
    1 of 1 verified
    ");
    assert_eq!(sandbox.requests().len(), 3, "read, update, read");
}

#[test]
fn a_field_is_set_with_three_requests() {
    let sandbox = sandbox();
    let set = ["set", "1", "--technical", "email=jane@example.com", "--yes"];
    let ran = run_against(&sandbox, &[&set[..], &["--rate-limit", "off"]].concat());
    assert_eq!(
        (ran.exit, sandbox.requests().len()),
        (Exit::Done, 3),
        "{ran}"
    );
}

#[test]
fn a_file_without_a_plan_is_read_even_with_no_refresh() {
    let (sandbox, files) = (sandbox(), Files::new());
    let options = ["--no-refresh", "--verify", "none"];
    let (requests, _) = apply(&sandbox, &csv(&files), &options);
    assert_eq!(requests, 400);
    let args = [
        "apply",
        &csv(&files),
        "--yes",
        "--no-refresh",
        "--rate-limit",
        "off",
    ];
    let ran = run_against(&sandbox, &args);
    assert!(!ran.stderr.contains("overwritten"), "{ran}");
}

/// An account in which a person who leaves has `count` of the contacts, three quarters of them
/// technical.
fn with_leaver(orders: u64, count: u64, faults: &[&str]) -> Sandbox {
    let mut account = Account::default();
    account.add_key(Account::DEMO_KEY, KeyRole::Orders);
    for id in 1..=orders {
        let nth = id / (orders / count);
        let is_leaver = id.is_multiple_of(orders / count) && nth <= count;
        let contact = |leaves: bool| {
            let email = if leaves {
                "robin@example.com"
            } else {
                "john@example.com"
            };
            json!({"first_name": "John", "last_name": "Doe", "email": email})
        };
        let order = json!({
            "status": "issued",
            "organization_contact": contact(is_leaver && nth.is_multiple_of(4)),
            "technical_contact": contact(is_leaver && !nth.is_multiple_of(4)),
        });
        account.add_order(id, order);
    }
    let builder = Sandbox::builder()
        .account(account)
        .rate_limits(RateLimits::off());
    let builder = faults
        .iter()
        .fold(builder, |b, fault| b.fault(fault.parse().unwrap()));
    builder.start().unwrap()
}

/// Replaces the leaver. Returns the number of requests.
fn replace(sandbox: &Sandbox, count: usize) -> usize {
    let jane = "first_name=Jane,last_name=Doe,email=jane@example.com";
    let args = [
        "replace",
        "--from",
        "robin@example.com",
        "--with",
        jane,
        "--yes",
    ];
    let ran = run_against(sandbox, &[&args[..], &["--rate-limit", "off"]].concat());
    assert_eq!(ran.exit, Exit::Done, "{ran}");
    assert!(
        ran.stdout.contains(&format!("{count} of {count} verified")),
        "{ran}"
    );
    assert_eq!(puts(sandbox), count);
    sandbox.requests().len()
}

#[test]
fn a_leaver_is_replaced_with_few_requests_if_the_account_has_the_reports() {
    let requests = replace(&with_leaver(1000, 20, &[]), 20);
    assert!(requests <= 75, "{requests}");
}

#[test]
fn without_the_reports_the_same_orders_are_changed() {
    let faults = ["absent,path=/report/order", "absent,path=/reports/query"];
    let requests = replace(&with_leaver(1000, 20, &faults), 20);
    assert!((1000..=1075).contains(&requests), "{requests}");
}

#[test]
fn three_hundred_orders_of_fifty_thousand_take_less_than_a_minute_of_the_limits() {
    let requests = replace(&with_leaver(50_000, 300, &[]), 300);
    assert!(requests <= 955, "{requests}");
    let time = RateLimit::shortest_time(&RateLimit::DIGICERT, requests);
    assert!(time < Duration::from_secs(60), "{time:?}");
}

#[test]
fn a_plan_and_a_run_show_their_requests_and_the_time() {
    let (sandbox, files) = (sandbox(), Files::new());
    let args = [
        "plan",
        &csv(&files),
        "--rate-limit",
        "100/1",
        "--rate-limit",
        "400/10",
    ];
    let planned = run_against(&sandbox, &args);
    assert!(
        planned.stdout.ends_with(
            "to apply it: at most 600 requests, at least 11s within the rate limits\n\
             nothing was changed\n"
        ),
        "{planned}"
    );
}

#[test]
fn a_run_that_finds_nothing_to_change_leaves_no_journal() {
    let (sandbox, files) = (sandbox(), Files::new());
    let file = csv(&files);
    apply(&sandbox, &file, &["--verify", "none"]);
    let journal = files.path("again.jsonl");
    let (requests, _) = apply(&sandbox, &file, &["--journal", &journal]);
    assert_eq!(requests, 200);
    assert!(!std::path::Path::new(&journal).exists());
}
