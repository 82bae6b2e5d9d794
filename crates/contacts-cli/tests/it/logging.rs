//! `--verbose` and `--log-file`, in processes of their own: a process has one log.
#![cfg(unix)]

use std::os::unix::fs::PermissionsExt;
use std::process::Output;

use crate::files::Files;
use crate::process::{Served, command};
use crate::run::example;

fn run(args: &[&str]) -> (Output, String) {
    let output = command().args(args).output().unwrap();
    let stderr = String::from_utf8(output.stderr.clone()).unwrap();
    (output, stderr)
}

/// The lines without their times.
fn lines(log: &str) -> Vec<&str> {
    log.lines()
        .filter_map(|line| line.split_once("Z "))
        .map(|(_, rest)| rest)
        .collect()
}

#[test]
fn verbose_logs_to_standard_error_and_twice_each_request() {
    let (_, quiet) = run(&["get", "100000001", "--sandbox"]);
    assert_eq!(quiet, "");
    for options in [&["-v"][..], &["--verbose"]] {
        let (output, log) = run(&[&["get", "100000001", "--sandbox"], options].concat());
        assert!(output.stdout.starts_with(b"order 100000001"), "{log}");
        let log = lines(&log);
        assert!(
            log[0].starts_with("info: server http://127.0.0.1:"),
            "{log:?}"
        );
        assert_eq!(log.len(), 1, "{log:?}");
    }
    let (_, log) = run(&["-vv", "get", "100000001", "--sandbox"]);
    let log = lines(&log);
    let request = "debug: GET order/certificate/100000001: attempt 1";
    assert_eq!(log[1], request, "{log:?}");
    assert!(
        log[2].starts_with(&format!("{request}: 200 in ")),
        "{log:?}"
    );
    assert!(log[2].ends_with(" ms"), "{log:?}");
}

#[test]
fn a_log_file_has_every_detail_but_no_key_and_no_contact() {
    let (served, files) = (Served::start(), Files::new());
    let log = files.path("run.log");
    let journal = files.path("run.jsonl");
    let args = [
        "apply",
        &example("contacts.csv"),
        "-y",
        "--journal",
        &journal,
    ];
    let mut command = command();
    command
        .args(args)
        .args(["--base-url", &served.base_url, "--log-file", &log]);
    command.env("DIGICERT_API_KEY", &served.api_key);
    let output = command.output().unwrap();
    assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()));
    let (output, stderr) = run(&["get", "7", "--sandbox", "--log-file", &log]);
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr.starts_with("error: "), "{stderr}");

    let text = files.text("run.log");
    assert!(
        text.contains("debug: PUT order/certificate/100000001/contact: attempt 1"),
        "{text}"
    );
    assert!(text.contains(" API key from DIGICERT_API_KEY\n"), "{text}");
    assert!(
        text.contains("warn: order 7 could not be read"),
        "appended: {text}"
    );
    for secret in [&served.api_key, "Ferreira", "robin.leaver", "X-DC-DEVKEY"] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
    let mode = std::fs::metadata(&log).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_log_file_that_cannot_be_written_is_an_error_before_any_request() {
    let (output, stderr) = run(&[
        "get",
        "100000001",
        "--sandbox",
        "--log-file",
        "/proc/self/log",
    ]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr.starts_with("error: cannot write the log `/proc/self/log`: "),
        "{stderr}"
    );
    assert!(output.stdout.is_empty());
}
