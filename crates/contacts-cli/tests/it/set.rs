//! `set`: one order, from the command line.

use contacts_cli::{Exit, Io};
use contacts_sandbox::Sandbox;

use crate::run::{run, run_against, run_on};

const JANE: &str = "first_name=Jane,last_name=Doe,email=jane.doe@example.com";

fn puts(sandbox: &Sandbox) -> usize {
    let requests = sandbox.requests();
    requests.iter().filter(|r| r.method == "PUT").count()
}

#[test]
fn set_shows_changes_and_verifies_a_contact() {
    let technical = format!("{JANE},job_title=Head, IT");
    let ran = run(&[
        "set",
        "100000001",
        "--technical",
        &technical,
        "--sandbox",
        "--yes",
    ]);
    insta::assert_snapshot!(ran, @"
    exit code: 0
    ----- stdout
    order 100000001  www.example.com  issued
      technical_contact
        first_name   Robin                     ->  Jane
        last_name    Leaver                    ->  Doe
        email        robin.leaver@example.com  ->  jane.doe@example.com
        job_title    Platform Engineer         ->  Head, IT
        telephone    +1 555 0100               ->  (kept)

    changed    100000001, verified
    ");
}

#[test]
fn both_contacts_take_one_request() {
    let sandbox = Sandbox::start().unwrap();
    let args = [
        "set",
        "100000001",
        "--technical",
        JANE,
        "--organization",
        JANE,
        "--yes",
    ];
    let ran = run_against(&sandbox, &args);
    assert_eq!((ran.exit, puts(&sandbox)), (Exit::Done, 1), "{ran}");
    let order = sandbox.order(100_000_001).unwrap();
    for contact in ["technical_contact", "organization_contact"] {
        assert_eq!(order[contact]["email"], "jane.doe@example.com");
    }
    let again = run_against(&sandbox, &args);
    assert_eq!((again.exit, puts(&sandbox)), (Exit::Done, 1), "{again}");
}

#[test]
fn set_asks_for_confirmation() {
    let sandbox = Sandbox::start().unwrap();
    let args = ["set", "100000001", "--technical", JANE];
    let ran = run_against(&sandbox, &args);
    assert_eq!((ran.exit, puts(&sandbox)), (Exit::Usage, 0), "{ran}");
    let io = Io::for_tests().with_stdin(&b"no\n"[..], true);
    let ran = run_on(io, &[&args[..], &["--sandbox"]].concat());
    assert_eq!(ran.exit, Exit::Failed);
    insta::assert_snapshot!(ran.stderr, @"Change 1 order? DigiCert cannot undo this. [y/N] error: declined, nothing was changed");
    let ran = run_against(&sandbox, &[&args[..], &["--json"]].concat());
    assert_eq!((ran.exit, puts(&sandbox)), (Exit::Usage, 0), "{ran}");
}

#[test]
fn set_reads_contacts_from_json() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("jane.json");
    std::fs::write(
        &file,
        r#"{"technical_contact": {"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com"}}"#,
    )
    .unwrap();
    let file = file.to_str().unwrap();
    let ran = run(&[
        "set",
        "100000005",
        "--from-json",
        file,
        "--sandbox",
        "--yes",
        "--json",
    ]);
    let document: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(ran.exit, Exit::Done, "{ran}");
    assert_eq!(document["orders"][0]["verification"], "verified");
    let stdin =
        &br#"{"contacts": [{"contact_type": "technical_contact", "first_name": "Jane"}]}"#[..];
    let io = Io::for_tests().with_stdin(stdin, false);
    let ran = run_on(io, &["set", "7", "--from-json", "-", "--sandbox", "--yes"]);
    assert_eq!(ran.exit, Exit::BadInput);
    insta::assert_snapshot!(ran.stderr, @"
    error: `<stdin>`:
      contacts[0].last_name: required, but missing
      contacts[0].email: required, but missing
    ");
}

#[test]
fn invalid_options_are_rejected_before_any_request() {
    let message = |args: &[&str]| {
        let ran = run(&[&["set", "7", "--sandbox", "--yes"], args].concat());
        assert_eq!((ran.exit, ran.stdout.as_str()), (Exit::Usage, ""), "{ran}");
        ran.stderr
    };
    insta::assert_snapshot!(message(&["--technical", "first_name=Jane,email=jane"]), @"
    error: invalid contacts, nothing was sent:
      --technical: email: not an e-mail address: missing `@`
    ");
    insta::assert_snapshot!(message(&["--technical", "e-mail=jane@example.com"]), @"error: --technical: unknown field; did you mean `email`?");
    insta::assert_snapshot!(message(&["--technical", "first_name=Jane,x=1"]), @"error: --technical: unknown field; the fields are first_name, last_name, email, job_title, telephone, language_id; use a JSON file for a value with `,` and `=`");
    insta::assert_snapshot!(message(&["--organization", "Jane"]), @"error: --organization: expected `FIELD=VALUE,...`");
    insta::assert_snapshot!(message(&["--organization", "email=a@b.c,email=a@b.c"]), @"error: --organization: `email` is given twice");
    assert!(message(&[]).contains("--from-json <FILE>"));
}

#[test]
fn a_single_field_keeps_the_others_of_the_order() {
    let sandbox = Sandbox::start().unwrap();
    let before = sandbox.order(100_000_001).unwrap()["technical_contact"].clone();
    let args = [
        "set",
        "100000001",
        "--technical",
        "email=jane@example.com",
        "--yes",
    ];
    let ran = run_against(&sandbox, &args);
    assert_eq!((ran.exit, puts(&sandbox)), (Exit::Done, 1), "{ran}");
    let mut expected = before;
    expected["email"] = "jane@example.com".into();
    assert_eq!(
        sandbox.order(100_000_001).unwrap()["technical_contact"],
        expected
    );
    // Order 100000005 has no technical contact to take the names from.
    let args = [
        "set",
        "100000005",
        "--technical",
        "email=jane@example.com",
        "--yes",
    ];
    let ran = run_against(&sandbox, &args);
    assert_eq!((ran.exit, puts(&sandbox)), (Exit::Usage, 1));
    insta::assert_snapshot!(ran.stderr, @"
    error: invalid contacts, nothing was sent:
      --technical: first_name: required, but missing
      --technical: last_name: required, but missing
    ");
    let args = ["set", "7", "--technical", "email=jane@example.com", "--yes"];
    let ran = run_against(&sandbox, &args);
    assert_eq!((ran.exit, puts(&sandbox)), (Exit::Failed, 1), "{ran}");
}

#[test]
fn set_can_be_undone() {
    let sandbox = Sandbox::start().unwrap();
    let before = sandbox.order(100_000_001).unwrap();
    let files = crate::files::Files::new();
    let (journal, undo) = (files.path("set.jsonl"), files.path("undo.json"));
    let args = [
        "set",
        "100000001",
        "--technical",
        JANE,
        "--yes",
        "--journal",
        &journal,
    ];
    let ran = run_against(&sandbox, &args);
    let message = files
        .hide(&ran.stdout)
        .replace(&sandbox.base_url(), "[sandbox]");
    let (_, message) = message.split_once("\n\n").unwrap();
    insta::assert_snapshot!(message, @"
    changed    100000001, verified
    journal: [folder]/set.jsonl
    to plan an undo:
      digicert-contacts undo [folder]/set.jsonl -o [folder]/set.undo.json --base-url [sandbox]
    to report:
      digicert-contacts report [folder]/set.jsonl -o [folder]/set.html
    ");
    let ran = run_against(&sandbox, &["undo", &journal, "-o", &undo]);
    assert_eq!(ran.exit, Exit::Done, "{ran}");
    let ran = run_against(&sandbox, &["apply", &undo, "--yes"]);
    assert_eq!(ran.exit, Exit::Done, "{ran}");
    assert_eq!(sandbox.order(100_000_001).unwrap(), before);
    // An order that has the contact leaves no journal.
    let args = [
        "set",
        "100000001",
        "--technical",
        "email=robin.leaver@example.com",
        "--yes",
    ];
    let again = files.path("again.jsonl");
    let ran = run_against(&sandbox, &[&args[..], &["--journal", &again]].concat());
    assert_eq!(ran.exit, Exit::Done, "{ran}");
    assert!(!std::path::Path::new(&again).exists());
}
