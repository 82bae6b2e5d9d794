//! `replace`.

use contacts_cli::Exit;
use contacts_sandbox::Sandbox;
use serde_json::Value;

use crate::files::Files;
use crate::run::{Ran, run_against};

const LEAVER: &str = "robin.leaver@example.com";

/// Puts a successor with these fields in the place of `from`; the changes go into `changes.csv`.
fn replace(sandbox: &Sandbox, files: &Files, from: &str, successor: &str, more: &[&str]) -> Ran {
    let (jane, changes) = (
        files.with("jane.json", successor),
        files.path("changes.csv"),
    );
    let args = ["replace", "--from", from, "--with", &jane, "-o", &changes];
    run_against(sandbox, &[&args, more].concat())
}

#[test]
fn somebody_who_leaves_is_replaced_everywhere() {
    let (files, sandbox) = (Files::new(), Sandbox::start().unwrap());
    let jane = r#"{"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com", "job_title": "SRE"}"#;
    let ran = replace(&sandbox, &files, LEAVER, jane, &[]);
    insta::assert_snapshot!(files.hide(&ran), @"
    exit code: 0
    ----- stdout
    [folder]/changes.csv: 11 contacts of 14 orders

    ----- stderr
    note: the successor has no telephone, so orders keep that of the person before
    ");
    let ran = run_against(&sandbox, &["apply", &files.path("changes.csv"), "--yes"]);
    assert_eq!(ran.exit, Exit::Done, "{ran}");
    let args = [
        "export",
        "-o",
        &files.path("after.csv"),
        "--contact",
        LEAVER,
        "--json",
    ];
    let told: Value = serde_json::from_str(&run_against(&sandbox, &args).stdout).unwrap();
    assert_eq!(told["contacts"], 0);
}

#[test]
fn a_successor_who_breaks_a_rule_is_refused_before_anything_is_read() {
    let (files, sandbox) = (Files::new(), Sandbox::start().unwrap());
    let jane = r#"{"first_name": "Jane", "mail": "x"}"#;
    let ran = replace(&sandbox, &files, LEAVER, jane, &[]);
    assert_eq!((ran.exit, sandbox.requests().len()), (Exit::BadInput, 0));
    insta::assert_snapshot!(files.hide(&ran), @"
    exit code: 65
    ----- stderr
    error: `[folder]/jane.json` can't be used:
      last_name: required, but missing
      email: required, but missing
      mail: unknown field; did you mean `email`?
    ");
}

const JANE: &str = r#"{"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com", "job_title": "SRE", "telephone": "+1 555 0199"}"#;

#[test]
fn a_replacement_can_be_planned_at_once() {
    let (files, sandbox) = (Files::new(), Sandbox::start().unwrap());
    let plan = files.path("plan.json");
    let ran = replace(&sandbox, &files, LEAVER, JANE, &["--plan", &plan, "--json"]);
    assert_eq!((ran.exit, ran.stderr.as_str()), (Exit::Done, ""), "{ran}");
    let told: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(
        told["summary"]["changes"], 10,
        "10 orders, one with both contacts"
    );
    let ran = run_against(&sandbox, &["apply", &plan, "--yes"]);
    assert_eq!(ran.exit, Exit::Done, "{ran}");
}

#[test]
fn where_nobody_is_found_nothing_is_written() {
    let (files, sandbox) = (Files::new(), Sandbox::start().unwrap());
    let plan = files.path("plan.json");
    let replace = |more: &[&str]| {
        let more = [&["--plan", &plan], more].concat();
        replace(&sandbox, &files, "nobody@example.com", JANE, &more)
    };
    insta::assert_snapshot!(files.hide(&replace(&[])), @"
    exit code: 0
    ----- stdout
    0 contacts of 14 orders, so no file was written

    ----- stderr
    note: no contact has this e-mail address
    ");
    insta::assert_snapshot!(files.hide(&replace(&["--json"])), @r#"
    exit code: 0
    ----- stdout
    {
      "file": null,
      "orders": 14,
      "contacts": 0,
      "incomplete": 0,
      "failed": []
    }

    ----- stderr
    note: no contact has this e-mail address
    "#);
    assert_eq!(files.count(), 1, "the successor's");
}

#[test]
fn an_order_that_can_not_be_read_is_told_where_nobody_is_found() {
    let fault = "status=400,order=100000003".parse().unwrap();
    let sandbox = Sandbox::builder().fault(fault).start().unwrap();
    let files = Files::new();
    let ran = replace(&sandbox, &files, "nobody@example.com", JANE, &[]);
    insta::assert_snapshot!(files.hide(&ran), @"
    exit code: 3
    ----- stdout
    0 contacts of 13 orders, so no file was written
    1 order could not be read

    ----- stderr
    error: order 100000003 could not be read: the server answered 400: sandbox_fault: A fault of the sandbox.
    note: no contact has this e-mail address
    ");
    assert_eq!(files.count(), 1, "the successor's");
}
