//! Resumes interrupted runs.

use contacts_cli::Exit;
use contacts_sandbox::{Account, Fault, Sandbox};

use crate::files::Files;
use crate::run::{example, puts, run, run_against, run_with_key};

#[test]
fn resume_changes_the_orders_beyond_a_limit() {
    let sandbox = Sandbox::start().unwrap();
    let files = Files::new();
    let journal = files.path("run.jsonl");
    let file = example("contacts.csv");
    let first = run_against(
        &sandbox,
        &[
            "apply",
            &file,
            "--yes",
            "--limit",
            "3",
            "--journal",
            &journal,
        ],
    );
    assert_eq!((first.exit, puts(&sandbox)), (Exit::Done, 3));
    let hide = |text: &str| files.hide(text).replace(&sandbox.base_url(), "[sandbox]");
    insta::assert_snapshot!(hide(&first.stderr), @"
    to resume:
      digicert-contacts resume [folder]/run.jsonl --base-url [sandbox]
    ");
    let rest = run_against(&sandbox, &["resume", &journal, "--yes"]);
    assert_eq!((rest.exit, puts(&sandbox)), (Exit::Done, 12));
    insta::assert_snapshot!(hide(&rest.to_string()));
    let again = run_against(&sandbox, &["resume", &journal, "--yes"]);
    assert_eq!(
        (again.exit, puts(&sandbox)),
        (Exit::Done, 12),
        "nothing remains"
    );
}

#[test]
fn a_run_resumes_with_another_key_only_on_request() {
    let sandbox = Sandbox::start().unwrap();
    let files = Files::new();
    let journal = files.path("run.jsonl");
    let args = [
        "apply",
        &example("contacts.csv"),
        "--yes",
        "--journal",
        &journal,
    ];
    let ran = run_with_key(&sandbox, Account::DEMO_VIEW_ONLY_KEY, &args);
    assert_eq!(ran.exit, Exit::KeyRejected);
    assert!(
        ran.stderr
            .contains("\nto resume:\n  digicert-contacts resume "),
        "{ran}"
    );
    let refused = run_against(&sandbox, &["resume", &journal, "--yes"]);
    assert_eq!(refused.exit, Exit::BadInput);
    insta::assert_snapshot!(files.hide(&refused.stderr), @"error: `[folder]/run.jsonl`: it was started with another API key; if the key belongs to the same account, add --other-key; nothing was sent");
    let ran = run_against(&sandbox, &["resume", &journal, "--yes", "--other-key"]);
    assert_eq!((ran.exit, puts(&sandbox)), (Exit::Done, 13), "{ran}");
    assert!(
        ran.stdout
            .contains("done: 14 orders: 12 changed, 2 unchanged\n12 of 12 verified\n"),
        "{ran}"
    );
}

#[test]
fn a_file_that_is_not_a_journal_is_rejected() {
    let sandbox = Sandbox::start().unwrap();
    let other = Sandbox::start().unwrap();
    let files = Files::new();
    let journal = files.path("run.jsonl");
    let args = [
        "apply",
        &example("contacts.csv"),
        "--yes",
        "--limit",
        "1",
        "--journal",
        &journal,
    ];
    run_against(&other, &args);
    let text = std::fs::read_to_string(&journal).unwrap();
    let damaged = files.with(
        "damaged.jsonl",
        &text.replacen("\"started\"", "\"begun\"", 1),
    );
    let newer = files.with(
        "newer.jsonl",
        &text.replacen("\"version\":1", "\"version\":2", 1),
    );
    let message: Vec<_> = [
        journal.as_str(),
        &damaged,
        &newer,
        &files.path("missing.jsonl"),
        &example("contacts.csv"),
    ]
    .map(|journal| run_against(&sandbox, &["resume", journal, "--yes"]))
    .iter()
    .map(|ran| format!("{} {}", ran.exit.code(), ran.stderr))
    .collect();
    let message = files.hide(&message.concat());
    let message = message
        .replace(&sandbox.base_url(), "[sandbox]")
        .replace(&other.base_url(), "[other]");
    insta::assert_snapshot!(message.replace(&example(""), ""));
    assert_eq!(sandbox.requests().len(), 0);
    assert_eq!(
        std::fs::read_to_string(&journal).unwrap(),
        text,
        "the journal is unchanged"
    );
}

#[test]
fn rejects_can_be_corrected_and_applied() {
    let sandbox = Sandbox::start().unwrap();
    let files = Files::new();
    let rejects = files.path("rejects.csv");
    let file = example("contacts-with-problems.csv");
    let ran = run_against(&sandbox, &["apply", &file, "--yes", "--rejects", &rejects]);
    assert_eq!(ran.exit, Exit::SomeFailed);
    assert!(
        files
            .hide(&ran.stdout)
            .contains("\n3 rejects written to [folder]/rejects.csv\n"),
        "{ran}"
    );
    insta::assert_snapshot!(std::fs::read_to_string(&rejects).unwrap());
    let checked = run(&["check", &rejects]);
    assert_eq!(checked.exit, Exit::Done, "{checked}");
    // No rejects, no file.
    let none = files.path("none.csv");
    let ran = run_against(
        &sandbox,
        &[
            "apply",
            &example("contacts.csv"),
            "--yes",
            "--rejects",
            &none,
        ],
    );
    assert_eq!(ran.exit, Exit::Done);
    assert!(!std::path::Path::new(&none).exists());
}

#[test]
fn a_run_without_changes_leaves_no_journal() {
    let sandbox = Sandbox::start().unwrap();
    let files = Files::new();
    let journal = files.path("run.jsonl");
    let args = ["apply", &example("contacts.csv"), "--journal", &journal];
    let ran = run_against(&sandbox, &args);
    assert_eq!(ran.exit, Exit::Usage, "no confirmation");
    assert!(!std::path::Path::new(&journal).exists());
}

#[test]
fn the_json_document_has_the_command_that_resumes() {
    let sandbox = Sandbox::start().unwrap();
    let files = Files::new();
    let journal = files.path("run.jsonl");
    let document = |args: &[&str]| {
        let ran = run_against(&sandbox, args);
        assert_eq!(ran.exit, Exit::Done, "{ran}");
        let document: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!(document["journal"], journal.as_str());
        (
            document["summary"]["changed"].clone(),
            document["resume"].clone(),
        )
    };
    let file = example("contacts.csv");
    let (changed, resume) = document(&[
        "apply",
        &file,
        "--yes",
        "--json",
        "--limit",
        "3",
        "--journal",
        &journal,
    ]);
    let expected = format!(
        "digicert-contacts resume {journal} --base-url {}",
        sandbox.base_url()
    );
    assert_eq!((changed, resume), (3.into(), expected.into()));
    let (changed, resume) = document(&["resume", &journal, "--yes", "--json"]);
    assert_eq!((changed, resume), (12.into(), serde_json::Value::Null));
}

#[test]
fn check_again_reports_conflicts_and_failed_reads() {
    let sandbox = Sandbox::start().unwrap();
    let files = Files::new();
    let (plan, journal) = (files.path("plan.json"), files.path("run.jsonl"));
    let file = example("contacts.csv");
    run_against(&sandbox, &["plan", &file, "-o", &plan]);
    let one = "first_name=Jane,last_name=Doe,email=jane.doe@example.com";
    run_against(&sandbox, &["set", "100000001", "--technical", one, "--yes"]);
    sandbox
        .add_fault(Fault::status(503).method("GET").orders([100_000_002]))
        .unwrap();
    let args = [
        "apply",
        &plan,
        "--yes",
        "--check-again",
        "--journal",
        &journal,
    ];
    let ran = run_against(&sandbox, &args);
    assert_eq!(ran.exit, Exit::SomeFailed);
    let message = ran.stdout.split_once("run.jsonl\n").unwrap().1;
    let message = message.split("to plan an undo").next().unwrap();
    let message: Vec<_> = message
        .lines()
        .filter(|line| !line.starts_with("changed"))
        .collect();
    insta::assert_snapshot!(message.join("\n"));
    assert!(
        ran.stderr
            .starts_with("warning: --check-again does nothing: orders are read"),
        "{ran}"
    );
    assert!(ran.stderr.contains("\nto resume:"), "{ran}");
    sandbox.clear_faults();
    let ran = run_against(&sandbox, &["resume", &journal, "--yes"]);
    assert!(ran.stdout.contains("changed    100000002"), "{ran}");
    assert_eq!(ran.stderr, "");
}
