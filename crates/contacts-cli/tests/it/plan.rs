//! Plans: made, kept, carried out later.

use contacts_cli::Exit;
use contacts_sandbox::Sandbox;

use crate::files::Files;
use crate::run::{example, puts, run, run_against};

#[test]
fn a_plan_changes_nothing_and_is_carried_out_later() {
    let sandbox = Sandbox::start().unwrap();
    let files = Files::new();
    let (file, plan) = (
        example("contacts-with-problems.csv"),
        files.path("plan.json"),
    );
    let made = run_against(&sandbox, &["plan", &file, "-o", &plan]);
    assert_eq!(made.exit, Exit::SomeFailed, "some can't be changed");
    assert_eq!(puts(&sandbox), 0);
    insta::assert_snapshot!(files.hide(&made.to_string()));
    let reads = sandbox.requests().len();
    let applied = run_against(&sandbox, &["apply", &plan, "--yes", "--no-verify"]);
    assert_eq!(applied.exit, Exit::SomeFailed);
    assert_eq!(
        (puts(&sandbox), sandbox.requests().len()),
        (2, reads + 2),
        "nothing is read again"
    );
    assert!(
        applied
            .stdout
            .contains("done: 6 orders: 2 changed, 1 already right, 1 blocked, 2 not read"),
        "{applied}"
    );
}

#[test]
fn the_exit_code_tells_whether_there_is_something_to_change() {
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
fn programs_get_the_plan_as_one_document() {
    let sandbox = Sandbox::start().unwrap();
    let file = example("contacts-with-problems.csv");
    let ran = run_against(&sandbox, &["plan", &file, "--json"]);
    assert_eq!((ran.exit, ran.stderr.as_str()), (Exit::SomeFailed, ""));
    insta::assert_snapshot!(ran.stdout);
}

#[test]
fn an_order_that_somebody_changed_since_is_left_alone() {
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
    assert!(ran.stdout.contains("conflict   100000001: somebody changed the order since the plan was made; nothing is sent for it\n"), "{ran}");
    assert!(
        ran.stdout
            .contains("11 changed, 2 already right, 1 changed by somebody else"),
        "{ran}"
    );
    let one = sandbox.order(100_000_001).unwrap();
    assert_eq!(one["technical_contact"]["first_name"], "Mallory");
}

#[test]
fn what_can_not_be_carried_out_is_refused_before_anything_is_sent() {
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
    let told = [
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
    let told: Vec<_> = told
        .iter()
        .map(|ran| format!("{} {}", ran.exit.code(), ran.stderr))
        .collect();
    let told = files
        .hide(&told.concat())
        .replace(&sandbox.base_url(), "[sandbox]");
    insta::assert_snapshot!(told);
    assert_eq!(puts(&sandbox), 0);
    let ran = run_against(&sandbox, &["apply", &plan, "--yes", "--max-changes", "86%"]);
    assert_eq!((ran.exit, puts(&sandbox)), (Exit::Done, 12));
}

#[cfg(unix)]
#[test]
fn a_plan_is_for_its_owner_alone() {
    use std::os::unix::fs::MetadataExt;
    let files = Files::new();
    let plan = files.path("plan.json");
    crate::run::run(&["plan", &example("contacts.csv"), "--sandbox", "-o", &plan]);
    assert_eq!(std::fs::metadata(&plan).unwrap().mode() & 0o777, 0o600);
}

#[test]
fn a_plan_that_is_taken_for_an_input_file_is_named_so() {
    let (sandbox, files) = (Sandbox::start().unwrap(), Files::new());
    let plan = files.path("plan.json");
    run_against(&sandbox, &["plan", &example("contacts.csv"), "-o", &plan]);
    let checked = run(&["check", &plan]);
    assert_eq!(checked.exit, Exit::BadInput);
    insta::assert_snapshot!(files.hide(&checked.stderr), @"
    error: the input can't be used, nothing was sent:
      [folder]/plan.json:1: the file is a plan; to carry it out, use `apply`
    ");
    let planned = run_against(&sandbox, &["plan", &plan]);
    assert_eq!(planned.to_string(), checked.to_string());
}
