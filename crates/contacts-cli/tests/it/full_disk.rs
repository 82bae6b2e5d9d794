//! Files that cannot be written during a run.
#![cfg(unix)]

use std::path::Path;
use std::process::{Command, Output};

use crate::files::Files;
use crate::process::Served;
use crate::run::example;

/// Runs the command with a limit on file sizes, in blocks of 512 bytes.
fn run_within(blocks: usize, served: &Served, args: &[&str]) -> Output {
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"");
    Command::new("sh")
        .args(["-c", &script, "sh", env!("CARGO_BIN_EXE_digicert-contacts")])
        .args(args)
        .args(["--base-url", &served.base_url, "--rate-limit", "off"])
        .env("DIGICERT_API_KEY", &served.api_key)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn the_result_is_printed_if_the_rejects_cannot_be_written() {
    let (served, files) = (Served::start(), Files::new());
    let file = example("contacts-with-problems.csv");
    let rejects = files.path("rejects.csv");
    // Changes every order that can change, so that the second run needs no journal.
    run_within(
        1000,
        &served,
        &[
            "apply",
            &file,
            "--yes",
            "--journal",
            &files.path("run.jsonl"),
        ],
    );
    for json in [false, true] {
        let mut args = vec!["apply", &file, "--yes", "--rejects", &rejects];
        // A guard needs the whole plan first.
        args.extend(["--max-changes", "0"]);
        let journal = files.path("again.jsonl");
        args.extend(["--journal", &journal]);
        args.extend(json.then_some("--json"));
        let ran = run_within(0, &served, &args);
        assert_eq!(ran.status.code(), Some(1), "{ran:?}");
        assert!(
            text(&ran.stderr).contains("error: cannot write `"),
            "{ran:?}"
        );
        let message = if json { "\"summary\"" } else { "done: " };
        assert!(text(&ran.stdout).contains(message), "{ran:?}");
        assert!(!Path::new(&rejects).exists());
    }
}

#[test]
fn a_journal_without_room_for_its_plan_is_removed() {
    let (served, files) = (Served::start(), Files::new());
    let journal = files.path("run.jsonl");
    let file = example("contacts.csv");
    let ran = run_within(
        2,
        &served,
        &["apply", &file, "--yes", "--journal", &journal],
    );
    assert_eq!(ran.status.code(), Some(1));
    assert!(
        text(&ran.stderr).ends_with("; nothing was changed\n"),
        "{ran:?}"
    );
    assert!(!Path::new(&journal).exists());
}

#[test]
fn a_journal_that_fails_after_the_last_request_can_be_resumed() {
    let files = Files::new();
    let mut met = 0;
    for length in (1..128).step_by(50) {
        for more in (1..128).step_by(50) {
            let served = Served::start();
            let (first, last) = ("A".repeat(length), "B".repeat(more));
            let name = format!("{length}-{more}");
            let input = files.with(
                &format!("{name}.csv"),
                &format!(
                    "order_id,contact_type,first_name,last_name,email\n\
                     100000001,technical_contact,{first},{last},a@example.com\n"
                ),
            );
            let journal = files.path(&format!("{name}.jsonl"));
            for blocks in 2..4 {
                let args = ["apply", &input, "--yes", "--journal", &journal];
                let ran = run_within(blocks, &served, &args);
                if !text(&ran.stdout).contains("changed    100000001") || ran.status.success() {
                    let _ = std::fs::remove_file(&journal);
                    continue;
                }
                let message = text(&ran.stderr);
                if !message.starts_with("error: cannot write the journal") {
                    continue;
                }
                met += 1;
                assert!(
                    message.contains("\n  digicert-contacts resume "),
                    "{message}"
                );
                let ran = run_within(1000, &served, &["resume", &journal, "--yes"]);
                assert!(ran.status.success(), "{ran:?}");
            }
        }
    }
    assert!(met > 0);
}
