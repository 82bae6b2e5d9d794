//! What `--help` and usage errors say.

use contacts_cli::Exit;

use crate::run::run;

/// The commands; empty for the program itself.
pub(crate) const COMMANDS: [&str; 19] = [
    "",
    "apply",
    "audit",
    "check",
    "completions",
    "export",
    "find",
    "get",
    "man",
    "plan",
    "replace",
    "report",
    "resume",
    "runs",
    "sandbox",
    "set",
    "undo",
    "version",
    "whoami",
];

#[test]
fn every_command_has_complete_help() {
    for command in COMMANDS {
        let args: Vec<_> = [command, "--help"]
            .into_iter()
            .filter(|a| !a.is_empty())
            .collect();
        let ran = run(&args);
        assert_eq!((ran.exit, ran.stderr.as_str()), (Exit::Done, ""));
        insta::assert_snapshot!(
            format!("help {command}").trim().replace(' ', "-"),
            ran.stdout
        );
    }
    assert_eq!(
        run(&["--version"]).stdout,
        format!("digicert-contacts {}\n", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn usage_errors_go_to_standard_error() {
    for args in [
        &["aply"][..],
        &[],
        &["apply"],
        &["get", "1", "--sandbox", "--region", "eu"],
    ] {
        let ran = run(args);
        assert_eq!(
            (ran.exit, ran.stdout.as_str()),
            (Exit::Usage, ""),
            "{args:?}"
        );
        assert!(ran.stderr.contains("Usage: digicert-contacts"), "{ran}");
    }
}

#[test]
fn a_file_to_write_is_never_standard_output() {
    for args in [
        &["plan", "contacts.csv", "-o", "-"][..],
        &["undo", "run.jsonl", "-o", "-"],
        &["report", "run.jsonl", "-o", "-"],
        &["export", "-o", "-"],
        &[
            "replace",
            "--from",
            "a@b.example",
            "--with",
            "jane.json",
            "-o",
            "-",
        ],
        &[
            "replace",
            "--from",
            "a@b.example",
            "--with",
            "jane.json",
            "-o",
            "x",
            "--plan",
            "-",
        ],
        &["apply", "contacts.csv", "--journal", "-"],
        &["resume", "run.jsonl", "--rejects", "-"],
        &["sandbox", "--save", "-"],
    ] {
        let ran = run(args);
        assert_eq!(ran.exit, Exit::Usage, "{args:?}: {ran}");
        let message = "contacts are written to a private file";
        assert!(ran.stderr.contains(message), "{args:?}: {ran}");
    }
    insta::assert_snapshot!(run(&["plan", "contacts.csv", "-o", "-"]), @"
    exit code: 64
    ----- stderr
    error: invalid value '-' for '--output-file <FILE>': contacts are written to a private file, not to standard output; name a file, or use `./-` for a file of that name

    For more information, try '--help'.
    ");
    let named = run(&["plan", "no-such-file.csv", "-o", "./-"]);
    assert_eq!(named.exit, Exit::BadInput, "{named}");
}

#[test]
fn completions_and_manual_pages_name_every_command_and_option() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = run(&["completions", shell]);
        assert_eq!(ran.exit, Exit::Done, "{ran}");
        for name in ["apply", "check", "whoami", "api-key-file"] {
            assert!(ran.stdout.contains(name), "{shell}: {name}");
        }
    }
    let page = run(&["man"]).stdout;
    assert!(page.contains(".TH digicert-contacts 1"), "{page}");
    assert!(page.contains("digicert\\-contacts\\-apply(1)"), "{page}");
    let page = run(&["man", "apply"]).stdout;
    assert!(page.contains("\\-\\-no\\-verify"), "{page}");
    for args in [&["man", "--json"][..], &["--json", "completions", "bash"]] {
        let ran = run(args);
        assert!(
            ran.stdout.contains("this command has no JSON output"),
            "{ran}"
        );
    }
    insta::assert_snapshot!(run(&["man", "nosuch"]), @"
    exit code: 64
    ----- stderr
    error: unknown command `nosuch`; the commands are apply, audit, check, completions, export, find, get, man, plan, replace, report, resume, runs, sandbox, set, undo, version, whoami
    ");
}
