//! Completions in real shells.
#![cfg(unix)]

use std::process::Command;

use crate::files::Files;
use crate::run::run;
use crate::tool::tool;

/// A line up to the cursor, and what Tab offers.
const OFFERED: &[(&str, &[&str])] = &[
    ("appl", &["apply"]),
    ("w", &["whoami"]),
    ("apply --s", &["--sandbox", "--stop-after-failures"]),
    ("--json apply --s", &["--sandbox", "--stop-after-failures"]),
    ("apply --yes contacts.csv --max", &["--max-changes"]),
    ("apply con", &["contacts.csv"]),
    ("apply --region ", &["eu", "us"]),
    ("apply --region=", &["eu", "us"]),
    ("apply --region e", &["eu"]),
    ("apply --region=e", &["eu"]),
    ("apply --journal con", &["contacts.csv"]),
    ("check contacts.csv con", &["contacts.csv"]),
    ("check contacts.csv --tr", &["--trim"]),
    ("get 7 --api-key-file con", &["contacts.csv"]),
    ("apply contacts.csv --concurrency ", &[]),
    ("export -o ", &["contacts.csv"]),
    (
        "export --status re",
        &["reissue_pending", "rejected", "revoked"],
    ),
    ("resume --reg", &["--region"]),
    (
        "completions ",
        &["bash", "elvish", "fish", "powershell", "zsh"],
    ),
    ("completions f", &["fish"]),
    ("man un", &["undo"]),
    ("help ap", &["apply"]),
    ("get con", &[]),
    ("whoami con", &[]),
    ("export con", &[]),
    ("apply --no-such", &[]),
];

/// Runs `complete.SHELL` for each line, in a folder with the file `contacts.csv`.
fn compare(shell: &str, no_configuration: &str, script: &str) {
    let Some(_) = tool(shell) else { return };
    let (scripts, work) = (Files::new(), Files::new());
    let script = scripts.with(script, &run(&["completions", shell]).stdout);
    work.with("contacts.csv", "");
    let complete = format!(
        "{}/tests/it/shell/complete.{shell}",
        env!("CARGO_MANIFEST_DIR")
    );
    for (line, expected) in OFFERED {
        let line = format!("digicert-contacts {line}");
        let mut command = Command::new(shell);
        command.args([no_configuration, &complete, &script, &line]);
        let output = command.current_dir(work.path("")).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let words = text.lines().map(str::trim_end);
        let mut offered: Vec<_> = words.filter(|word| !word.is_empty()).collect();
        offered.sort_unstable();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(offered, *expected, "{shell}: {line}\n{errors}");
    }
}

#[test]
fn bash_completes_commands_options_values_and_files() {
    compare("bash", "--norc", "digicert-contacts");
}

#[test]
fn fish_completes_commands_options_values_and_files() {
    compare("fish", "--no-config", "digicert-contacts.fish");
}

#[test]
fn zsh_completes_commands_options_values_and_files() {
    compare("zsh", "-f", "_digicert-contacts");
}
