//! `plan`, and `apply` with a plan.

use contacts_cli::Exit;
use contacts_sandbox::{Account, Sandbox};
use serde_json::{Value, json};

use crate::files::Files;
use crate::run::{example, puts, run, run_against};

#[test]
fn a_plan_changes_nothing_and_is_applied_later() {
    let sandbox = Sandbox::start().unwrap();
    let files = Files::new();
    let (file, plan) = (
        example("contacts-with-problems.csv"),
        files.path("plan.json"),
    );
    let made = run_against(&sandbox, &["plan", &file, "-o", &plan]);
    assert_eq!(made.exit, Exit::SomeFailed, "some orders are blocked");
    assert_eq!(puts(&sandbox), 0);
    insta::assert_snapshot!(files.hide(&made.to_string()));
    let reads = sandbox.requests().len();
    let applied = run_against(&sandbox, &["apply", &plan, "--yes", "--no-verify"]);
    assert_eq!(applied.exit, Exit::SomeFailed);
    assert_eq!(
        (puts(&sandbox), sandbox.requests().len()),
        (2, reads + 4),
        "each order to change is read before its update"
    );
    assert!(
        applied
            .stdout
            .contains("done: 6 orders: 2 changed, 1 unchanged, 1 blocked, 2 not read"),
        "{applied}"
    );
}

#[test]
fn a_plan_warns_of_values_that_an_undo_may_not_restore() {
    let mut account = Account::demo();
    let robin = json!({"first_name": "Robin ", "last_name": "Doe", "email": "robin@exämple.com"});
    account.add_order(
        7,
        json!({"id": 7, "status": "issued", "technical_contact": robin}),
    );
    let sandbox = Sandbox::builder().account(account).start().unwrap();
    let files = Files::new();
    let file = files.with(
        "jane.csv",
        "order_id,contact_type,first_name,last_name,email\n\
         7,technical_contact,Jane,Doe,jane@example.com\n",
    );
    let ran = run_against(&sandbox, &["plan", &file]);
    insta::assert_snapshot!(ran, @"
    exit code: 0
    ----- stdout
    order 7  issued
      technical_contact
        first_name   Robin              ->  Jane
        email        robin@exämple.com  ->  jane@example.com
      undo may not restore: technical_contact first_name: the value breaks a rule of ours; undo sends it, and DigiCert may reject it (surrounding-white-space)
      undo may not restore: technical_contact email: the value breaks a rule of ours; undo sends it, and DigiCert may reject it (email-format)

    plan: 1 order: 1 to change
    to apply it: at most 3 requests
    nothing was changed
    ");
    let ran = run_against(&sandbox, &["plan", &file, "--json"]);
    let document: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(
        document["not_restorable"][1],
        json!({"order_id": "7", "contact_type": "technical_contact", "field": "email",
            "reason": "may-be-rejected", "rule": "email-format"})
    );
}

#[test]
fn the_exit_code_says_whether_a_plan_has_changes() {
    let sandbox = Sandbox::start().unwrap();
    let file = example("contacts.csv");
    let plan = |more: &[&str]| run_against(&sandbox, &[&["plan", &file], more].concat()).exit;
    assert_eq!(plan(&[]), Exit::Done);
    assert_eq!(plan(&["--detailed-exitcode"]), Exit::ChangesPending);
    let files = Files::new();
    let csv = "order_id,contact_type,first_name,last_name,email\n\
               100000010,technical_contact,Ada,Nwosu,ada.nwosu@example.com\n";
    let right = files.with("right.csv", csv);
    let ran = run_against(&sandbox, &["plan", &right, "--detailed-exitcode"]);
    assert_eq!(ran.exit, Exit::Done, "{ran}");
}

#[test]
fn the_json_output_of_plan_is_one_document() {
    let sandbox = Sandbox::start().unwrap();
    let file = example("contacts-with-problems.csv");
    let ran = run_against(&sandbox, &["plan", &file, "--json"]);
    assert_eq!((ran.exit, ran.stderr.as_str()), (Exit::SomeFailed, ""));
    insta::assert_snapshot!(ran.stdout);
}

#[test]
fn an_order_that_changed_since_the_plan_is_a_conflict() {
    let sandbox = Sandbox::start().unwrap();
    let files = Files::new();
    let plan = files.path("plan.json");
    run_against(&sandbox, &["plan", &example("contacts.csv"), "-o", &plan]);
    let other = files.with(
        "other.csv",
        "order_id,contact_type,first_name,last_name,email\n\
        100000001,technical_contact,Mallory,M,m@example.com\n",
    );
    run_against(&sandbox, &["apply", &other, "--yes"]);
    let ran = run_against(&sandbox, &["apply", &plan, "--yes", "--check-again"]);
    assert_eq!(ran.exit, Exit::SomeFailed);
    assert!(ran.stdout.contains("conflict   100000001: somebody else changed the order since the plan was made; that change stays\n"), "{ran}");
    assert!(
        ran.stdout
            .contains("11 changed, 2 unchanged, 1 in conflict"),
        "{ran}"
    );
    let one = sandbox.order(100_000_001).unwrap();
    assert_eq!(one["technical_contact"]["first_name"], "Mallory");
}

#[test]
fn an_invalid_plan_is_rejected_before_any_request() {
    let sandbox = Sandbox::start().unwrap();
    let files = Files::new();
    let plan = files.path("plan.json");
    run_against(&sandbox, &["plan", &example("contacts.csv"), "-o", &plan]);
    let text = std::fs::read_to_string(&plan).unwrap();
    let edited = files.with("edited.json", &text.replace("Ferreira", "Ferreiro"));
    let foreign = crate::run::run(&[
        "plan",
        &example("contacts.csv"),
        "--sandbox",
        "-o",
        &files.path("foreign.json"),
    ]);
    assert_eq!(foreign.exit, Exit::Done, "{foreign}");
    let message = [
        run_against(&sandbox, &["apply", &edited, "--yes"]),
        run_against(&sandbox, &["apply", &files.path("foreign.json"), "--yes"]),
        run_against(&sandbox, &["plan", &example("contacts.csv"), "-o", &plan]),
        run_against(
            &sandbox,
            &[
                "plan",
                &example("contacts.csv"),
                "-o",
                "/no/such/folder/plan.json",
            ],
        ),
        run_against(&sandbox, &["apply", &plan, "--yes", "--journal", &plan]),
        run_against(&sandbox, &["apply", &plan, "--yes", "--rejects", &plan]),
        run_against(&sandbox, &["apply", &plan, "--yes", "--max-changes", "11"]),
        run_against(&sandbox, &["apply", &plan, "--yes", "--max-changes", "85%"]),
    ];
    let message: Vec<_> = message
        .iter()
        .map(|ran| format!("{} {}", ran.exit.code(), ran.stderr))
        .collect();
    let message = files
        .hide(&message.concat())
        .replace(&sandbox.base_url(), "[sandbox]");
    insta::assert_snapshot!(message);
    assert_eq!(puts(&sandbox), 0);
    let ran = run_against(&sandbox, &["apply", &plan, "--yes", "--max-changes", "86%"]);
    assert_eq!((ran.exit, puts(&sandbox)), (Exit::Done, 12));
}

#[cfg(unix)]
#[test]
fn a_plan_is_readable_by_its_owner_only() {
    use std::os::unix::fs::MetadataExt;
    let files = Files::new();
    let plan = files.path("plan.json");
    crate::run::run(&["plan", &example("contacts.csv"), "--sandbox", "-o", &plan]);
    assert_eq!(std::fs::metadata(&plan).unwrap().mode() & 0o777, 0o600);
}

#[test]
fn a_plan_given_as_input_is_recognised() {
    let (sandbox, files) = (Sandbox::start().unwrap(), Files::new());
    let plan = files.path("plan.json");
    run_against(&sandbox, &["plan", &example("contacts.csv"), "-o", &plan]);
    let checked = run(&["check", &plan]);
    assert_eq!(checked.exit, Exit::BadInput);
    insta::assert_snapshot!(files.hide(&checked.stderr), @"
    error: input rejected, nothing was sent:
      [folder]/plan.json:1: the file is a plan; to apply it, use `apply`
    ");
    let planned = run_against(&sandbox, &["plan", &plan]);
    assert_eq!(planned.to_string(), checked.to_string());
}

#[test]
fn a_plan_is_printed_as_markdown_for_a_pull_request() {
    let mut account = Account::demo();
    let robin = json!({"first_name": "Robin", "last_name": "a|b <script> @team", "email": "robin@example.com"});
    account.add_order(
        7,
        json!({"id": 7, "status": "issued", "certificate": {"common_name": "*.example.com"},
            "technical_contact": robin}),
    );
    let sandbox = Sandbox::builder().account(account).start().unwrap();
    let files = Files::new();
    let file = files.with(
        "jane.csv",
        "order_id,contact_type,first_name,last_name,email\n\
         7,technical_contact,Jane,Doe,jane@example.com\n\
         8,technical_contact,Jane,Doe,jane@example.com\n\
         100000010,technical_contact,Ada,Nwosu,ada.nwosu@example.com\n",
    );
    let plan = files.path("plan.json");
    let ran = run_against(
        &sandbox,
        &["plan", &file, "--output", "markdown", "-o", &plan],
    );
    insta::assert_snapshot!(files.hide(&ran), @"
    exit code: 3
    ----- stdout
    ### DigiCert contacts: 1 order to change

    | | orders |
    |---|--:|
    | to change | 1 |
    | unchanged | 1 |
    | not read | 1 |

    Digest of the plan: `sha256:[digest]`

    | order | common name | status | plan | fields |
    |---|---|---|---|---|
    | 7 | <code>&#42;.example.com</code> | <code>issued</code> | to change | technical_contact: first_name, last_name, email |
    | 8 | | | not read: <code>order 8 could not be read&#58; the server answered 404&#58; not&#95;found&#124;order&#58; The order does not exist in this account.</code> | |

    <details><summary>Values</summary>

    | order | contact | field | before | after |
    |---|---|---|---|---|
    | 7 | technical_contact | first_name | <code>Robin</code> | <code>Jane</code> |
    | 7 | technical_contact | last_name | <code>a&#124;b &#60;script&#62; &#64;team</code> | <code>Doe</code> |
    | 7 | technical_contact | email | <code>robin&#64;example.com</code> | <code>jane&#64;example.com</code> |

    </details>
    ");
    let ran = run_against(
        &sandbox,
        &["plan", &file, "--output", "markdown", "--redact"],
    );
    assert!(
        !ran.stdout.contains("Jane") && ran.stdout.contains("first_name"),
        "{ran}"
    );
}

#[test]
fn markdown_of_many_orders_fits_in_a_comment() {
    let row = |id: usize| format!("{id},technical_contact,Jane,Doe,jane@example.com\n");
    let rows: String = (1..=5000).map(row).collect();
    let files = Files::new();
    let file = files.with(
        "many.csv",
        &format!("order_id,contact_type,first_name,last_name,email\n{rows}"),
    );
    let export = files.with(
        "export.csv",
        &format!(
            "order_id,contact_type,first_name,last_name,email\n{}",
            rows.replace("Jane", "Robin")
        ),
    );
    let ran = run(&["plan", &file, "--state", &export, "--output", "markdown"]);
    assert_eq!(ran.exit, Exit::Done);
    assert!(ran.stdout.len() <= 60_000, "{}", ran.stdout.len());
    let shown = ran
        .stdout
        .lines()
        .filter(|line| line.ends_with("technical_contact: first_name |"))
        .count();
    let note = format!("\n{} more orders are not shown here.\n", 5000 - shown);
    assert!(shown > 100 && ran.stdout.contains(&note), "{shown}");
    assert!(
        ran.stdout
            .ends_with("more fields are not shown here.\n\n</details>\n")
    );
}

#[test]
fn a_plan_is_printed_as_junit_for_the_results_of_a_pipeline() {
    let sandbox = Sandbox::start().unwrap();
    let file = example("contacts-with-problems.csv");
    let ran = run_against(&sandbox, &["plan", &file, "--output", "junit"]);
    assert_eq!(ran.exit, Exit::SomeFailed);
    insta::assert_snapshot!(ran.stdout, @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites>
    <testsuite name="digicert-contacts plan" tests="6" failures="2" errors="3" skipped="0">
    <testcase classname="digicert-contacts.plan" name="order 100000001 www.example.com"><failure message="would change: technical_contact: first_name, last_name, email, telephone"/></testcase>
    <testcase classname="digicert-contacts.plan" name="order 100000003 blog.example.com"><error message="blocked: a DV order can&#39;t have an organization contact"/></testcase>
    <testcase classname="digicert-contacts.plan" name="order 100000099"><error message="not read: order 100000099 could not be read: the server answered 404: not_found|order: The order does not exist in this account."/></testcase>
    <testcase classname="digicert-contacts.plan" name="order 200000001"><error message="not read: order 200000001 could not be read: the server answered 404: not_found|order: The order does not exist in this account."/></testcase>
    <testcase classname="digicert-contacts.plan" name="order 100000008 *.apps.example.com"/>
    <testcase classname="digicert-contacts.plan" name="order 100000012 id.example.com"><failure message="would change: technical_contact: first_name, last_name, email, telephone"/></testcase>
    </testsuite>
    </testsuites>
    "#);
}

#[test]
fn output_names_a_format_and_not_a_file() {
    let redacted = run(&["plan", "a.csv", "--redact"]).stderr;
    assert_eq!(
        redacted,
        "error: --redact leaves out the values of Markdown: add --output markdown\n"
    );
    insta::assert_snapshot!(run(&["plan", "a.csv", "--output", "plan.json"]).stderr, @"
    error: invalid value 'plan.json' for '--output <FORMAT>'
      [possible values: text, json, markdown, junit]

    For more information, try '--help'.
    ");
}
