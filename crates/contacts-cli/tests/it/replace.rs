//! `replace`.

use contacts_cli::Exit;
use contacts_sandbox::Sandbox;
use serde_json::Value;

use crate::files::Files;
use crate::run::{Ran, run_against};

const LEAVER: &str = "robin.leaver@example.com";

/// Replaces `from` by a successor with these fields; writes `changes.csv`.
fn replace(sandbox: &Sandbox, files: &Files, from: &str, successor: &str, more: &[&str]) -> Ran {
    let (jane, changes) = (
        files.with("jane.json", successor),
        files.path("changes.csv"),
    );
    let args = ["replace", "--from", from, "--with", &jane, "-o", &changes];
    run_against(sandbox, &[&args, more].concat())
}

#[test]
fn a_person_is_replaced_in_every_contact() {
    let (files, sandbox) = (Files::new(), Sandbox::start().unwrap());
    let jane = r#"{"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com", "job_title": "SRE"}"#;
    let ran = replace(&sandbox, &files, LEAVER, jane, &[]);
    insta::assert_snapshot!(files.hide(&ran), @"
    exit code: 0
    ----- stdout
    [folder]/changes.csv: 11 contacts of 14 orders

    ----- stderr
    note: the successor has no telephone, so orders keep the previous value
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
    let document: Value = serde_json::from_str(&run_against(&sandbox, &args).stdout).unwrap();
    assert_eq!(document["contacts"], 0);
}

#[test]
fn an_invalid_successor_is_rejected_before_any_request() {
    let (files, sandbox) = (Files::new(), Sandbox::start().unwrap());
    let jane = r#"{"first_name": "Jane", "mail": "x"}"#;
    let ran = replace(&sandbox, &files, LEAVER, jane, &[]);
    assert_eq!((ran.exit, sandbox.requests().len()), (Exit::BadInput, 0));
    insta::assert_snapshot!(files.hide(&ran), @"
    exit code: 65
    ----- stderr
    error: `[folder]/jane.json`:
      last_name: required, but missing
      email: required, but missing
      mail: unknown field; did you mean `email`?
    ");
}

#[test]
fn a_successor_in_another_format_is_named_as_what_it_is() {
    let (files, sandbox) = (Files::new(), Sandbox::start().unwrap());
    let message = |successor: &str| {
        let ran = replace(&sandbox, &files, LEAVER, successor, &[]);
        assert_eq!((ran.exit, sandbox.requests().len()), (Exit::BadInput, 0));
        let message = files.hide(&ran.stderr);
        message.split(", such as").next().unwrap().to_owned()
    };
    let csv = "error: `[folder]/jane.json`: the file is CSV, not JSON; \
               expected one contact as a JSON object";
    for successor in [
        "first_name,last_name,email\nJane,Doe,jane.doe@example.com\n",
        "\u{feff}first_name;last_name;email\r\nJane;Doe;jane.doe@example.com\r\n",
        "\"first_name\",\"last_name\"\n\"Jane\",\"Doe\"\n",
        "Name\tMail\nJane\tjane.doe@example.com\n",
    ] {
        assert_eq!(message(successor), csv, "{successor}");
    }
    let others = [
        "",
        "P\0e\0",
        "PK\u{3}\u{4}",
        "first_name: Jane\n",
        "{\"first_name\": \"Jane\",}",
    ];
    insta::assert_snapshot!(others.map(message).join("\n"));
}

#[test]
fn a_byte_order_mark_before_the_successor_is_ignored() {
    let (files, sandbox) = (Files::new(), Sandbox::start().unwrap());
    let ran = replace(&sandbox, &files, LEAVER, &format!("\u{feff}{JANE}"), &[]);
    assert_eq!(ran.exit, Exit::Done, "{ran}");
}

const JANE: &str = r#"{"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com", "job_title": "SRE", "telephone": "+1 555 0199"}"#;

#[test]
fn a_replacement_can_be_planned_in_the_same_command() {
    let (files, sandbox) = (Files::new(), Sandbox::start().unwrap());
    let plan = files.path("plan.json");
    let ran = replace(&sandbox, &files, LEAVER, JANE, &["--plan", &plan, "--json"]);
    assert_eq!((ran.exit, ran.stderr.as_str()), (Exit::Done, ""), "{ran}");
    let document: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(
        document["summary"]["changes"], 10,
        "10 orders, one with both contacts"
    );
    let ran = run_against(&sandbox, &["apply", &plan, "--yes"]);
    assert_eq!(ran.exit, Exit::Done, "{ran}");
}

#[test]
fn an_unknown_person_leaves_no_file() {
    let (files, sandbox) = (Files::new(), Sandbox::start().unwrap());
    let plan = files.path("plan.json");
    let replace = |more: &[&str]| {
        let more = [&["--plan", &plan], more].concat();
        replace(&sandbox, &files, "nobody@example.com", JANE, &more)
    };
    insta::assert_snapshot!(files.hide(&replace(&[])), @"
    exit code: 0
    ----- stdout
    0 contacts of 14 orders, no file was written

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
      "failed": [],
      "without_id": 0
    }

    ----- stderr
    note: no contact has this e-mail address
    "#);
    assert_eq!(files.count(), 1, "only the successor's file");
}

#[test]
fn unreadable_orders_are_reported_if_the_person_is_not_found() {
    let fault = "status=400,order=100000003".parse().unwrap();
    let sandbox = Sandbox::builder().fault(fault).start().unwrap();
    let files = Files::new();
    let ran = replace(&sandbox, &files, "nobody@example.com", JANE, &[]);
    insta::assert_snapshot!(files.hide(&ran), @"
    exit code: 3
    ----- stdout
    0 contacts of 13 orders, no file was written
    1 order could not be read

    ----- stderr
    error: order 100000003 could not be read: the server answered 400: sandbox_fault: A fault of the sandbox.
    note: no contact has this e-mail address
    ");
    assert_eq!(files.count(), 1, "only the successor's file");
}
