//! `undo`.

use contacts_cli::Exit;
use contacts_sandbox::Sandbox;
use serde_json::Value;

use crate::files::Files;
use crate::run::{example, run_against};

fn orders(sandbox: &Sandbox) -> Vec<Value> {
    (100_000_001..=100_000_014)
        .map(|id| sandbox.order(id).unwrap())
        .collect()
}

#[test]
fn an_undo_of_orders_that_were_not_read_says_what_it_restores() {
    let (sandbox, files) = (Sandbox::start().unwrap(), Files::new());
    let file = files.with(
        "contacts.csv",
        "order_id,contact_type,first_name,last_name,email\n\
         100000001,technical_contact,Jane,Doe,jane@example.com\n",
    );
    let [plan, journal] = ["plan.json", "run.jsonl"].map(|name| files.path(name));
    run_against(&sandbox, &["plan", &file, "-o", &plan]);
    for (options, is_warned) in [(&["--no-refresh"][..], true), (&[], false)] {
        let journal = format!("{journal}{is_warned}");
        let args = ["apply", &plan, "--yes", "--journal", &journal];
        run_against(&sandbox, &[&args[..], options].concat());
        let back = files.path(&format!("back{is_warned}.json"));
        let ran = run_against(&sandbox, &["undo", &journal, "-o", &back]);
        let warning =
            "warning: 1 order had --no-refresh: the undo restores the contacts of the plan";
        assert_eq!(ran.stderr.contains(warning), is_warned, "{ran}");
        let ran = run_against(&sandbox, &["apply", &back, "--yes"]);
        assert_eq!(ran.exit, Exit::Done, "{ran}");
    }
}

#[test]
fn undo_restores_what_digicert_permits_and_lists_the_rest() {
    let sandbox = Sandbox::start().unwrap();
    let files = Files::new();
    let [first, second, back, forth] =
        ["1.jsonl", "2.jsonl", "back.json", "forth.json"].map(|name| files.path(name));
    let before = orders(&sandbox);
    run_against(
        &sandbox,
        &[
            "apply",
            &example("contacts.csv"),
            "--yes",
            "--journal",
            &first,
        ],
    );
    let after = orders(&sandbox);
    let undo = run_against(&sandbox, &["undo", &first, "-o", &back]);
    assert_eq!(undo.exit, Exit::SomeFailed, "not everything is restorable");
    insta::assert_snapshot!(files.hide(&undo.to_string()));
    assert_eq!(orders(&sandbox), after, "a plan changes nothing");
    let ran = run_against(&sandbox, &["apply", &back, "--yes", "--journal", &second]);
    assert_eq!(ran.exit, Exit::Done, "{ran}");
    let restored = orders(&sandbox);
    for (before, restored) in before.iter().zip(&restored) {
        for kind in ["organization_contact", "technical_contact"] {
            let Some(contact) = before[kind].as_object() else {
                continue;
            };
            for (field, value) in contact {
                assert_eq!(
                    &restored[kind][field], value,
                    "{} {kind} {field}",
                    before["id"]
                );
            }
        }
    }
    // An undo of the undo restores the result of the first run.
    let ran = run_against(&sandbox, &["undo", &second, "-o", &forth]);
    assert_eq!(ran.exit, Exit::Done, "{ran}");
    run_against(&sandbox, &["apply", &forth, "--yes"]);
    assert_eq!(orders(&sandbox), after);
}

#[test]
fn the_json_document_lists_what_is_not_restorable() {
    let sandbox = Sandbox::start().unwrap();
    let files = Files::new();
    let journal = files.path("run.jsonl");
    run_against(
        &sandbox,
        &[
            "apply",
            &example("contacts.csv"),
            "--yes",
            "--journal",
            &journal,
        ],
    );
    let ran = run_against(
        &sandbox,
        &["undo", &journal, "-o", &files.path("back.json"), "--json"],
    );
    let document: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(
        document["summary"]["orders"],
        document["orders"].as_array().unwrap().len()
    );
    insta::assert_snapshot!(serde_json::to_string_pretty(&document["not_restorable"]).unwrap());
}

#[cfg(unix)]
#[test]
fn cancelling_ends_the_wait_for_a_journal_from_a_pipe() {
    let files = Files::new();
    let (pipe, back) = (files.path("pipe"), files.path("back.json"));
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    let cancel = contacts_cli::CancelToken::default();
    cancel.cancel();
    let args = ["digicert-contacts", "undo", &pipe, "-o", &back, "--sandbox"];
    let exit = contacts_cli::run(args, &mut contacts_cli::Io::for_tests(), &cancel);
    assert_eq!(exit, Exit::Interrupted);
    assert!(!std::path::Path::new(&back).exists());
}
