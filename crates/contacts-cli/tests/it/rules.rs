//! `plan --rules`.

use contacts_cli::Exit;
use contacts_sandbox::{Account, Sandbox};
use serde_json::{Value, json};

use crate::files::Files;
use crate::run::{puts, run, run_against};

const RULES: &str = r#"
[people.web]
first_name = "Web"
last_name = "Team"
email = "web@example.com"

[people.office]
first_name = "Olivia"
last_name = "Office"
email = "office@example.com"

[[rule]]
domain = "*.example.com"
technical_contact = "web"

[[rule]]
domain = "www.example.com"
organization_contact = "office"

[[rule]]
domain = "example.net"
technical_contact = "office"
"#;

#[test]
fn orders_get_the_contacts_of_the_rules_and_a_second_run_changes_nothing() {
    let sandbox = Sandbox::start().unwrap();
    let files = Files::new();
    let rules = files.with("contacts.toml", RULES);
    let plan =
        |more: &[&str]| run_against(&sandbox, &[&["plan", "--rules", &rules], more].concat());
    let file = files.path("plan.json");
    let planned = plan(&["-o", &file, "--detailed-exitcode"]);
    assert_eq!(
        (planned.exit, puts(&sandbox)),
        (Exit::ChangesPending, 0),
        "{planned}"
    );
    insta::assert_snapshot!(files.hide(&planned.to_string()));
    let applied = run_against(&sandbox, &["apply", &file, "--yes"]);
    assert_eq!(applied.exit, Exit::Done, "{applied}");
    let changed = puts(&sandbox);
    assert!(changed > 0);
    let again = plan(&["--detailed-exitcode", "--json"]);
    assert_eq!(
        (again.exit, puts(&sandbox)),
        (Exit::Done, changed),
        "{again}"
    );
    let document: Value = serde_json::from_str(&again.stdout).unwrap();
    assert_eq!(document["summary"]["changes"], 0);
    insta::assert_snapshot!(document["rules"], @r#"{"orders":14,"without_rule":2,"without_id":0,"unused_rules":[20]}"#);
}

#[test]
fn a_language_id_alone_is_no_drift() {
    let sandbox = Sandbox::start().unwrap();
    let files = Files::new();
    let person = RULES.replacen(
        "web@example.com\"",
        "web@example.com\"\nlanguage_id = \"1\"",
        1,
    );
    let rules = files.with("contacts.toml", &person);
    let plan = || {
        run_against(
            &sandbox,
            &["plan", "--rules", &rules, "--detailed-exitcode"],
        )
        .exit
    };
    assert_eq!(plan(), Exit::ChangesPending);
    let file = files.path("plan.json");
    run_against(&sandbox, &["plan", "--rules", &rules, "-o", &file]);
    assert_eq!(
        run_against(&sandbox, &["apply", &file, "--yes"]).exit,
        Exit::Done
    );
    assert_eq!(plan(), Exit::Done);
}

#[test]
fn rules_are_applied_to_an_export_without_a_request() {
    let sandbox = Sandbox::start().unwrap();
    let files = Files::new();
    let rules = files.with("contacts.toml", RULES);
    let export = files.path("export.csv");
    assert_eq!(
        run_against(&sandbox, &["export", "-o", &export]).exit,
        Exit::Done
    );
    let live = run_against(&sandbox, &["plan", "--rules", &rules, "--json"]);
    let requests = sandbox.requests().len();
    let offline = run_against(
        &sandbox,
        &["plan", "--rules", &rules, "--state", &export, "--json"],
    );
    assert_eq!(sandbox.requests().len(), requests);
    let changes = |stdout: &str| {
        let document: Value = serde_json::from_str(stdout).unwrap();
        document["summary"]["changes"].as_u64().unwrap()
            + document["summary"]["unread"].as_u64().unwrap()
    };
    assert_eq!(changes(&offline.stdout), changes(&live.stdout), "{offline}");
}

#[test]
fn wrong_rules_are_rejected_before_a_request() {
    let files = Files::new();
    let rules = files.with("contacts.toml", "[[rule]]\ntechnical_contact = \"web\"");
    insta::assert_snapshot!(files.hide(&run(&["plan", "--rules", &rules]).to_string()), @"
    exit code: 65
    ----- stderr
    error: cannot read `[folder]/contacts.toml`: line 1: technical_contact: `web` is not defined; add a table `[people.web]`
    ");
    insta::assert_snapshot!(run(&["plan"]), @"
    exit code: 64
    ----- stderr
    error: the following required arguments were not provided:
      <FILE>

    Usage: digicert-contacts plan <FILE>

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(run(&["plan", "a.csv", "--rules", "b.toml"]), @"
    exit code: 64
    ----- stderr
    error: the argument '[FILE]' cannot be used with '--rules <FILE>'

    Usage: digicert-contacts plan <FILE>

    For more information, try '--help'.
    ");
}

#[test]
fn rules_given_as_an_input_are_not_taken_for_a_table() {
    let files = Files::new();
    let rules = files.with("contacts.toml", RULES);
    for command in ["plan", "apply", "check"] {
        let ran = run(&[command, &rules]);
        assert_eq!(ran.exit, Exit::BadInput);
        assert!(ran.stderr.contains("use `plan --rules`"), "{ran}");
    }
}

#[test]
fn a_pull_request_shows_rules_without_an_effect_and_violations_of_the_policy() {
    let sandbox = Sandbox::start().unwrap();
    let files = Files::new();
    let rules = files.with("contacts.toml", RULES);
    let policy = files.with("policy.toml", "max_changes = 3");
    let plan = |more: &[&str]| {
        let args = [
            &[
                "plan", "--rules", &rules, "--redact", "--output", "markdown",
            ],
            more,
        ];
        run_against(&sandbox, &args.concat())
    };
    let unused = "warning: the rule on line 20 decides no contact of an order\n";
    let ran = plan(&[]);
    assert_eq!((ran.exit, ran.stderr.as_str()), (Exit::Done, unused));
    let notes = |stdout: &str| {
        let lines = stdout.lines().filter(|line| line.starts_with("- "));
        lines.collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(notes(&ran.stdout), @"- <code>the rule on line 20 decides no contact of an order</code>");
    let file = files.path("plan.json");
    let ran = plan(&["--policy", &policy, "-o", &file]);
    assert_eq!(ran.exit, Exit::PolicyViolated);
    insta::assert_snapshot!(notes(&ran.stdout), @"
    - <code>the plan violates the policy, nothing was changed&#58;</code>
    - <code>max&#95;changes&#58; 12 of 12 orders would change, at most 3 may</code>
    - <code>the rule on line 20 decides no contact of an order</code>
    ");
    assert!(ran.stdout.contains("| 100000001 |") && !ran.stdout.contains("Digest"));
    assert!(!std::path::Path::new(&file).exists());
    let junit = run_against(
        &sandbox,
        &[
            "plan", "--rules", &rules, "--output", "junit", "--policy", &policy,
        ],
    );
    assert_eq!(junit.exit, Exit::PolicyViolated);
    assert!(
        junit.stdout.ends_with("</testsuites>\n") && junit.stderr.starts_with(unused),
        "{junit}"
    );
}

#[test]
fn a_rule_for_ev_matches_although_the_list_has_no_validation_types() {
    let sandbox = Sandbox::start().unwrap();
    let files = Files::new();
    let text = RULES.replacen("domain = \"www.example.com\"", "product = \"EV\"", 1);
    let rules = files.with("contacts.toml", &text);
    let count = |rules: &str| {
        let before = sandbox.requests().len();
        let ran = run_against(&sandbox, &["plan", "--rules", rules, "--json"]);
        let document: Value = serde_json::from_str(&ran.stdout).unwrap();
        let orders = document["orders"].as_array().unwrap().iter();
        let with_office = orders.filter(|order| {
            let mut changes = order["changes"].as_array().unwrap().iter();
            changes.any(|change| change["contact_type"] == "organization_contact")
        });
        let requests = sandbox.requests().len() - before;
        let products = requests - document["orders"].as_array().unwrap().len() - 1;
        (
            with_office.count(),
            products,
            document["rules"]["unused_rules"].clone(),
        )
    };
    insta::assert_compact_debug_snapshot!(count(&rules), @"(2, 7, Array [Number(20)])");
    let named = files.with("named.toml", &text.replace("\"EV\"", "\"ssl_ev_plus\""));
    assert_eq!(count(&named).1, 0, "a product's id is in the list");
}

#[test]
fn a_common_name_cannot_make_a_junit_report_invalid() {
    let mut account = Account::demo();
    let name = "a\u{1}\u{fffe}\u{ffff}<.example.com";
    let order = json!({"id": 7, "status": "issued", "certificate": {"common_name": name}});
    account.add_order(7, order);
    let sandbox = Sandbox::builder().account(account).start().unwrap();
    let files = Files::new();
    let input = files.with(
        "contacts.csv",
        "order_id,contact_type,first_name,last_name,email\n7,technical_contact,A,B,a@example.com\n",
    );
    let ran = run_against(&sandbox, &["plan", &input, "--output", "junit"]);
    let line = ran.stdout.lines().find(|line| line.contains("order 7"));
    let line = line.unwrap();
    assert!(
        line.contains("name=\"order 7 a\u{fffd}\u{fffd}\u{fffd}&lt;.example.com\""),
        "{line}"
    );
}
