//! Runs that ended early and are gone on with.

use contacts_cli::Exit;
use contacts_sandbox::{Account, Fault, Sandbox};

use crate::files::Files;
use crate::run::{example, puts, run, run_against, run_with_key};

#[test]
fn a_canary_is_followed_by_the_rest() {
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
    to go on:
      digicert-contacts resume [folder]/run.jsonl --base-url [sandbox]
    ");
    let rest = run_against(&sandbox, &["resume", &journal, "--yes"]);
    assert_eq!((rest.exit, puts(&sandbox)), (Exit::Done, 12));
    insta::assert_snapshot!(hide(&rest.to_string()));
    let again = run_against(&sandbox, &["resume", &journal, "--yes"]);
    assert_eq!(
        (again.exit, puts(&sandbox)),
        (Exit::Done, 12),
        "nothing was left"
    );
}

#[test]
fn a_run_whose_key_was_refused_goes_on_with_another() {
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
            .contains("\nto go on:\n  digicert-contacts resume "),
        "{ran}"
    );
    let refused = run_against(&sandbox, &["resume", &journal, "--yes"]);
    assert_eq!(refused.exit, Exit::BadInput);
    insta::assert_snapshot!(files.hide(&refused.stderr), @"error: `[folder]/run.jsonl`: it was begun with another API key; if it is another key of the same account, use --other-key; nothing was sent");
    let ran = run_against(&sandbox, &["resume", &journal, "--yes", "--other-key"]);
    assert_eq!((ran.exit, puts(&sandbox)), (Exit::Done, 13), "{ran}");
    assert!(
        ran.stdout
            .contains("done: 14 orders: 12 changed, 2 already right\n12 of 12 read back as sent\n"),
        "{ran}"
    );
}

#[test]
fn what_is_no_journal_of_this_run_is_refused() {
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
    let told: Vec<_> = [
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
    let told = files.hide(&told.concat());
    let told = told
        .replace(&sandbox.base_url(), "[sandbox]")
        .replace(&other.base_url(), "[other]");
    insta::assert_snapshot!(told.replace(&example(""), ""));
    assert_eq!(sandbox.requests().len(), 0);
    assert_eq!(
        std::fs::read_to_string(&journal).unwrap(),
        text,
        "and it is as it was"
    );
}

#[test]
fn what_failed_becomes_a_file_that_can_be_mended_and_applied() {
    let sandbox = Sandbox::start().unwrap();
    let files = Files::new();
    let rejects = files.path("rejects.csv");
    let file = example("contacts-with-problems.csv");
    let ran = run_against(&sandbox, &["apply", &file, "--yes", "--rejects", &rejects]);
    assert_eq!(ran.exit, Exit::SomeFailed);
    assert!(
        files
            .hide(&ran.stdout)
            .ends_with("\n3 rejects in [folder]/rejects.csv\n"),
        "{ran}"
    );
    insta::assert_snapshot!(std::fs::read_to_string(&rejects).unwrap());
    let checked = run(&["check", &rejects]);
    assert_eq!(checked.exit, Exit::Done, "{checked}");
    // Without any there is no file.
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
fn a_run_that_changes_nothing_leaves_no_journal() {
    let sandbox = Sandbox::start().unwrap();
    let files = Files::new();
    let journal = files.path("run.jsonl");
    let args = ["apply", &example("contacts.csv"), "--journal", &journal];
    let ran = run_against(&sandbox, &args);
    assert_eq!(ran.exit, Exit::Usage, "nobody said yes");
    assert!(!std::path::Path::new(&journal).exists());
}

#[test]
fn programs_get_the_command_line_that_goes_on() {
    let sandbox = Sandbox::start().unwrap();
    let files = Files::new();
    let journal = files.path("run.jsonl");
    let told = |args: &[&str]| {
        let ran = run_against(&sandbox, args);
        assert_eq!(ran.exit, Exit::Done, "{ran}");
        let told: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!(told["journal"], journal.as_str());
        (told["summary"]["changed"].clone(), told["resume"].clone())
    };
    let file = example("contacts.csv");
    let (changed, resume) = told(&[
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
    let (changed, resume) = told(&["resume", &journal, "--yes", "--json"]);
    assert_eq!((changed, resume), (12.into(), serde_json::Value::Null));
}

#[test]
fn what_a_second_look_at_an_order_finds_is_told() {
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
    let told = ran.stdout.split_once("run.jsonl\n").unwrap().1;
    let told: Vec<_> = told
        .lines()
        .filter(|line| !line.starts_with("changed"))
        .collect();
    insta::assert_snapshot!(told.join("\n"));
    assert!(ran.stderr.starts_with("to go on:"), "{ran}");
    sandbox.clear_faults();
    let ran = run_against(&sandbox, &["resume", &journal, "--yes"]);
    assert!(ran.stdout.contains("changed    100000002"), "{ran}");
    assert_eq!(ran.stderr, "");
}
