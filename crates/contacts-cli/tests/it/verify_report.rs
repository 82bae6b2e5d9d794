//! `--verify report`.

use contacts_cli::{CancelToken, Exit, Io};
use contacts_sandbox::{Account, KeyRole, RateLimits, Sandbox};
use serde_json::{Value, json};

use crate::apply::CancelAfter;
use crate::files::Files;
use crate::run::{Ran, puts, run_against};

const ORDERS: u64 = 200;

/// Orders 1 to 200 with John as both contacts.
fn sandbox(faults: &[&str]) -> Sandbox {
    let mut account = Account::default();
    account.add_key(Account::DEMO_KEY, KeyRole::Orders);
    let john = json!({"first_name": "John", "last_name": "Doe", "email": "john@example.com"});
    for id in 1..=ORDERS {
        let order =
            json!({"status": "issued", "organization_contact": john, "technical_contact": john});
        account.add_order(id, order);
    }
    let builder = Sandbox::builder().account(account);
    let builder = builder.rate_limits(RateLimits::off());
    let builder = faults
        .iter()
        .fold(builder, |b, fault| b.fault(fault.parse().unwrap()));
    builder.start().unwrap()
}

/// A file that replaces each technical contact, and the address of each organization contact.
fn csv(files: &Files) -> String {
    let rows = (1..=ORDERS).map(|id| {
        format!(
            "{id},technical_contact,Jane,Doe,jane@example.com\n\
             {id},organization_contact,John,Doe,certificates@example.com\n"
        )
    });
    let header = "order_id,contact_type,first_name,last_name,email\n".to_owned();
    files.with("contacts.csv", &(header + &rows.collect::<String>()))
}

fn apply(sandbox: &Sandbox, options: &[&str]) -> Ran {
    let files = Files::new();
    let args = ["apply", &csv(&files), "--yes", "--rate-limit", "off"];
    run_against(sandbox, &[&args, options].concat())
}

/// The lines about the reports, and the summary.
fn summary(ran: &Ran) -> String {
    let lines = ran.stdout.lines();
    let is_shown = |line: &&str| {
        let starts = ["order report", "reports query", "done", "200 of"];
        starts.iter().any(|start| line.starts_with(start))
    };
    lines.filter(is_shown).collect::<Vec<_>>().join("\n")
}

#[test]
fn orders_that_the_reports_prove_take_two_requests() {
    let sandbox = sandbox(&[]);
    let ran = apply(&sandbox, &["--verify", "report"]);
    assert_eq!(ran.exit, Exit::Done, "{ran}");
    let requests = sandbox.requests().len();
    assert!(requests <= 410, "{requests}");
    assert!(
        ran.stdout.contains("\nverified   200, by report\n"),
        "{ran}"
    );
    insta::assert_snapshot!(summary(&ran), @"
    order report: covers 200 of 200 orders
    reports query: covers 200 of 200 orders
    done: 200 orders: 200 changed
    200 of 200 verified (200 by report, 0 by reading)
    ");
}

#[test]
fn a_report_that_is_missing_behind_or_cut_costs_requests_and_changes_no_result() {
    for (fault, by_report) in [
        ("absent,path=/report/order", 0),
        ("absent,path=/reports/query", 0),
        ("lag=3600,path=/report/order", 0),
        ("lag=3600,path=/reports/query", 0),
        ("cut=120,path=/report/order", 120),
        ("cut=50,path=/reports/query", 50),
    ] {
        let sandbox = sandbox(&[fault]);
        let ran = apply(&sandbox, &["--verify", "report", "--json"]);
        assert_eq!((ran.exit, puts(&sandbox)), (Exit::Done, 200), "{ran}");
        let document: Value = serde_json::from_str(&ran.stdout).unwrap();
        let count = |name: &str| document["summary"][name].as_u64().unwrap();
        assert_eq!((count("changed"), count("verified")), (200, 200), "{fault}");
        assert_eq!(count("verified_by_report"), by_report, "{fault}");
        let requests = sandbox.requests().len();
        assert!(requests <= 610, "{fault}: {requests}");
    }
}

#[test]
fn the_output_says_why_orders_were_read() {
    let sandbox = sandbox(&["absent,path=/reports/query"]);
    let ran = apply(&sandbox, &["--verify", "report"]);
    insta::assert_snapshot!(summary(&ran), @"
    order report: covers 200 of 200 orders
    reports query: the account does not have it
    done: 200 orders: 200 changed
    200 of 200 verified (0 by report, 200 by reading)
    ");
}

#[test]
fn a_run_that_is_interrupted_during_its_verification_can_be_resumed() {
    let (sandbox, files) = (sandbox(&[]), Files::new());
    let (file, journal) = (csv(&files), files.path("run.jsonl"));
    let cancel = CancelToken::default();
    let mut io = Io::for_tests()
        .with_stdout(CancelAfter::new("changed    200", &cancel))
        .with_environment(|name| {
            (name == "DIGICERT_API_KEY").then(|| Account::DEMO_KEY.to_owned())
        });
    let base_url = sandbox.base_url();
    let args = [
        "apply",
        &file,
        "--yes",
        "--verify",
        "report",
        "--rate-limit",
        "off",
    ];
    let args = [&args[..], &["--journal", &journal, "--base-url", &base_url]].concat();
    let args = ["digicert-contacts"].into_iter().chain(args);
    let exit = contacts_cli::run(args.map(str::to_owned), &mut io, &cancel);
    assert_eq!((exit, puts(&sandbox)), (Exit::Interrupted, 200));
    let stderr = io.stderr_text();
    assert!(stderr.starts_with("to resume:\n"), "{stderr}");
    let args = [
        "resume",
        &journal,
        "--yes",
        "--verify",
        "report",
        "--rate-limit",
        "off",
    ];
    let ran = run_against(&sandbox, &args);
    assert_eq!((ran.exit, puts(&sandbox)), (Exit::Done, 200), "{ran}");
    insta::assert_snapshot!(files.hide(&ran.stdout.lines().take(4).collect::<Vec<_>>().join("\n")), @"
    [folder]/run.jsonl: 200 orders, 0 remaining
    to resume it: at most 202 requests; 2 if the reports prove every order
    order report: covers 200 of 200 orders
    reports query: covers 200 of 200 orders
    ");
    insta::assert_snapshot!(summary(&ran), @"
    order report: covers 200 of 200 orders
    reports query: covers 200 of 200 orders
    done: 200 orders: 200 changed
    200 of 200 verified (200 by report, 0 by reading)
    ");
}

#[test]
fn a_plan_says_what_it_takes_with_and_without_the_reports() {
    let sandbox = sandbox(&[]);
    let limits = ["--rate-limit", "100/1", "--rate-limit", "400/10"];
    let options = [&["--verify", "report", "--limit", "100"], &limits[..]].concat();
    let files = Files::new();
    let args = ["apply", &csv(&files), "--yes", "--max-changes", "200"];
    let ran = run_against(&sandbox, &[&args[..], &options].concat());
    let estimate = ran
        .stdout
        .lines()
        .find(|line| line.starts_with("to apply it"))
        .unwrap();
    insta::assert_snapshot!(estimate, @"to apply it: at most 302 requests, at least 3s within the rate limits; 202 and 2s if the reports prove every order");
}

#[test]
fn replace_verifies_by_the_reports_too() {
    let sandbox = sandbox(&[]);
    let args = [
        "replace",
        "--from",
        "john@example.com",
        "--with",
        "first_name=Jane,last_name=Doe,email=jane@example.com",
        "--contact-type",
        "technical_contact",
        "--verify",
        "report",
        "--yes",
    ];
    let ran = run_against(&sandbox, &[&args[..], &["--rate-limit", "off"]].concat());
    assert_eq!((ran.exit, puts(&sandbox)), (Exit::Done, 200), "{ran}");
    let summary = "\n200 of 200 verified (200 by report, 0 by reading)\n";
    assert!(ran.stdout.contains(summary), "{ran}");
    let requests = sandbox.requests().len();
    assert!(requests <= 410, "{requests}");
}
