//! `--policy` and `--expect-digest`.

use contacts_cli::Exit;
use contacts_sandbox::{Account, Sandbox};
use serde_json::{Value, json};

use crate::files::Files;
use crate::run::{puts, run, run_against};

const BOTH: &str = "order_id,contact_type,first_name,last_name,email\n\
                    100000001,technical_contact,Jane,Doe,jane.doe@example.org\n\
                    100000002,technical_contact,Jane,Doe,jane.doe@example.com\n\
                    100000002,organization_contact,Jane,Doe,jane.doe@example.com\n\
                    100000010,organization_contact,Jane,Doe,jane.doe@example.com\n";

#[test]
fn a_plan_that_violates_a_policy_is_neither_saved_nor_applied() {
    let sandbox = Sandbox::start().unwrap();
    let files = Files::new();
    let file = files.with("two.csv", BOTH);
    let policy = files.with(
        "policy.toml",
        "max_changes = 1\norganization_contacts = false\nemail_domains = [\"*.example.net\", \"example.com\"]\n\
         max_percent_of_container = 10\n",
    );
    let saved = files.path("plan.json");
    let planned = run_against(
        &sandbox,
        &["plan", &file, "--policy", &policy, "-o", &saved],
    );
    assert_eq!(planned.exit, Exit::PolicyViolated, "{planned}");
    insta::assert_snapshot!(planned.stderr, @"
    error: the plan violates the policy, nothing was changed:
      max_changes: 3 of 3 orders would change, at most 1 may
      organization_contacts: would change the organization contact of 2 orders: 100000002, 100000010
      email_domains: the domain of a new e-mail address is not allowed in 1 order: 100000001
      max_percent_of_container: 3 of 14 orders of container 1 would change, at most 10 % may: 100000001, 100000002, 100000010
    ");
    assert!(!std::fs::exists(&saved).unwrap());
    let apply = ["apply", &file, "--policy", &policy, "--yes"];
    let applied = run_against(&sandbox, &apply);
    assert_eq!((applied.exit, puts(&sandbox)), (Exit::PolicyViolated, 0));
    assert_eq!(applied.stderr, planned.stderr);
    let replaced = run_against(
        &sandbox,
        &[
            "replace",
            "--from",
            "robin.leaver@example.com",
            "--with",
            "first_name=A,last_name=B,email=a@example.org",
            "--policy",
            &policy,
            "--yes",
        ],
    );
    assert_eq!(
        (replaced.exit, puts(&sandbox)),
        (Exit::PolicyViolated, 0),
        "{replaced}"
    );
}

#[test]
fn a_plan_within_the_policy_is_applied() {
    let sandbox = Sandbox::start().unwrap();
    let files = Files::new();
    let file = files.with("jane.csv", &BOTH[..BOTH.find("100000002").unwrap()]);
    let policy = "max_changes = \"100%\"\norganization_contacts = false\nemail_domains = [\"example.org\"]\n\
                  max_percent_of_container = 10\n";
    let policy = files.with("policy.toml", policy);
    let ran = run_against(&sandbox, &["apply", &file, "--policy", &policy, "--yes"]);
    assert_eq!((ran.exit, puts(&sandbox)), (Exit::Done, 1), "{ran}");
    let offline = [
        "plan",
        &file,
        "--policy",
        &policy,
        "--state",
        "docs/examples/export.csv",
    ];
    assert_eq!(run(&offline).exit, Exit::BadInput, "no such file here");
    let export = files.path("export.csv");
    run_against(&sandbox, &["export", "-o", &export]);
    let ran = run(&["plan", &file, "--policy", &policy, "--state", &export]);
    insta::assert_snapshot!(ran.stderr, @"error: the policy limits a percentage of containers, which --state does not know; plan without --state, or check the policy with `apply`");
}

#[test]
fn a_percentage_counts_the_orders_of_each_container() {
    let mut account = Account::demo();
    let order = |id: u64, container: Value| {
        json!({"id": id, "status": "issued", "container": container,
            "technical_contact": {"first_name": "R", "last_name": "L", "email": "r@example.com"}})
    };
    for id in 1..=10 {
        account.add_order(id, order(id, json!({"id": 101})));
    }
    account.add_order(11, order(11, json!({"id": "102"})));
    account.add_order(12, order(12, json!({"id": 102})));
    account.add_order(13, order(13, Value::Null));
    let sandbox = Sandbox::builder().account(account).start().unwrap();
    let files = Files::new();
    let policy = files.with("policy.toml", "max_percent_of_container = 10");
    let input = |orders: &[u64]| {
        let rows = orders
            .iter()
            .map(|id| format!("{id},technical_contact,Jane,Doe,jane@example.com\n"));
        format!(
            "order_id,contact_type,first_name,last_name,email\n{}",
            rows.collect::<String>()
        )
    };
    let plan = |name: &str, orders: &[u64]| {
        let file = files.with(name, &input(orders));
        run_against(&sandbox, &["plan", &file, "--policy", &policy])
    };
    assert_eq!(plan("within.csv", &[3]).exit, Exit::Done);
    insta::assert_snapshot!(plan("exceeds.csv", &[3, 4, 11, 13]).stderr, @"
    error: the plan violates the policy, nothing was changed:
      max_percent_of_container: 2 of 10 orders of container 101 would change, at most 10 % may: 3, 4
      max_percent_of_container: 1 of 2 orders of container 102 would change, at most 10 % may: 11
      max_percent_of_container: orders without a container in the list of orders: 13
    ");
}

#[test]
fn apply_refuses_another_plan_than_the_expected_one() {
    let sandbox = Sandbox::start().unwrap();
    let files = Files::new();
    let file = files.with("both.csv", BOTH);
    let saved = files.path("plan.json");
    let planned = run_against(&sandbox, &["plan", &file, "-o", &saved, "--json"]);
    let document: Value = serde_json::from_str(&planned.stdout).unwrap();
    let digest = document["digest"].as_str().unwrap();
    let other = format!("sha256:{}", "0".repeat(64));
    let refused = run_against(
        &sandbox,
        &["apply", &saved, "--yes", "--expect-digest", &other],
    );
    assert_eq!((refused.exit, puts(&sandbox)), (Exit::BadInput, 0));
    insta::assert_snapshot!(refused.stderr, @"error: the plan has another digest than --expect-digest; nothing was sent");
    insta::assert_snapshot!(run(&["apply", &file, "--yes", "--expect-digest", digest]).stderr, @"error: --expect-digest needs a plan, which `plan -o` writes");
    insta::assert_snapshot!(run(&["apply", &file, "--expect-digest", "abc"]).stderr, @"
    error: invalid value 'abc' for '--expect-digest <SHA256>': expected 64 hexadecimal digits, as `plan -o` prints them

    For more information, try '--help'.
    ");
    let hex = digest.strip_prefix("sha256:").unwrap().to_uppercase();
    let applied = run_against(
        &sandbox,
        &["apply", &saved, "--yes", "--expect-digest", &hex],
    );
    assert_eq!((applied.exit, puts(&sandbox)), (Exit::Done, 3), "{applied}");
}

#[test]
fn a_wrong_policy_is_rejected_before_a_request() {
    let files = Files::new();
    let wrong = [
        "",
        "max_change = 1",
        "max_changes = -1",
        "max_changes = \"101%\"\nemail_domains = [\"@example.com\"]\nmax_percent_of_container = 101",
        "organization_contacts = \"no\"",
        "email_domains = \"example.com\"",
    ];
    let errors = wrong.map(|text| {
        let policy = files.with("policy.toml", text);
        let file = files.with("both.csv", BOTH);
        files.hide(&run(&["plan", &file, "--policy", &policy]).stderr)
    });
    insta::assert_snapshot!(errors.join(""), @r#"
    error: cannot read `[folder]/policy.toml`: line 1: the policy limits nothing; see docs/contacts-as-code.md
    error: cannot read `[folder]/policy.toml`: line 1: unknown field `max_change`, expected one of `max_changes`, `organization_contacts`, `email_domains`, `max_percent_of_container`
    error: cannot read `[folder]/policy.toml`: line 1: expected a number of orders, or a percentage such as "5%"
    error: cannot read `[folder]/policy.toml`: line 1: max_changes: a percentage is at most 100%
      line 2: email_domains: expected domains such as `example.com` or `*.example.com`
      line 3: max_percent_of_container: a percentage is at most 100
    error: cannot read `[folder]/policy.toml`: line 1: expected a boolean
    error: cannot read `[folder]/policy.toml`: line 1: expected a sequence
    "#);
}
