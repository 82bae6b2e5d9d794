//! The API key: sources, and errors for invalid ones.

use std::fs;

use contacts_cli::{Exit, Io};
use contacts_sandbox::Sandbox;

use crate::run::{example, run, run_against, run_on, run_with_key};

#[test]
fn a_missing_key_is_an_error() {
    let ran = run(&["apply", &example("contacts.csv"), "--yes"]);
    assert_eq!((ran.exit, ran.stdout.as_str()), (Exit::Usage, ""));
    insta::assert_snapshot!(ran.stderr, @"error: no API key: set DIGICERT_API_KEY, or name a file with --api-key-file; to try without a key, use --sandbox");
}

#[test]
fn an_invalid_key_is_rejected_without_showing_it() {
    let sandbox = Sandbox::start().unwrap();
    for (key, says) in [
        ("", "error: the API key is empty\n"),
        (
            "abc\n",
            "error: the API key ends with white space or a line break; remove it\n",
        ),
        (
            "a\r\nx: y",
            "error: the API key contains a character that is not visible ASCII; copy it again\n",
        ),
    ] {
        let ran = run_with_key(&sandbox, key, &["get", "100000001"]);
        assert_eq!((ran.exit, ran.stderr.as_str()), (Exit::Usage, says));
    }
    assert!(sandbox.requests().is_empty());
}

#[test]
fn a_key_from_a_file_or_from_standard_input() {
    let sandbox = Sandbox::start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key");
    fs::write(&file, format!("{}\r\n", sandbox.api_key())).unwrap();
    let ran = run_against(
        &sandbox,
        &["get", "100000001", "--api-key-file", file.to_str().unwrap()],
    );
    assert_eq!(ran.exit, Exit::Done, "{ran}");
    let io = Io::for_tests().with_stdin("sandbox-demo-key\n".as_bytes(), false);
    let args = [
        "get",
        "100000001",
        "--api-key-file",
        "-",
        "--base-url",
        &sandbox.base_url(),
    ];
    assert_eq!(run_on(io, &args).exit, Exit::Done);
    fs::write(&file, "A".repeat(5000)).unwrap();
    let before = sandbox.requests().len();
    let ran = run_against(
        &sandbox,
        &["get", "1", "--api-key-file", file.to_str().unwrap()],
    );
    assert!(
        ran.stderr
            .ends_with("the file is too long; check the file name\n"),
        "{ran}"
    );
    assert_eq!((ran.exit, sandbox.requests().len()), (Exit::Usage, before));
    let ran = run_against(&sandbox, &["get", "1", "--api-key-file", "/no/such/file"]);
    assert_eq!(ran.exit, Exit::Usage);
    assert!(
        ran.stderr
            .starts_with("error: cannot read the API key from `/no/such/file`: "),
        "{ran}"
    );
}

#[test]
fn a_key_that_the_server_rejects_has_its_exit_code() {
    let sandbox = Sandbox::start().unwrap();
    let ran = run_with_key(&sandbox, "wrong", &["plan", &example("contacts.csv")]);
    assert_eq!((ran.exit, ran.stdout.as_str()), (Exit::KeyRejected, ""));
    insta::assert_snapshot!(ran.stderr, @"error: stopped after 0 of 14 orders were read, nothing was changed: order 100000001 could not be read: the server answered 403: access_denied|access_denied_invalid_key: Access denied due to access_denied_invalid_key.; the key was not accepted: use another key");
    assert_eq!(sandbox.requests().len(), 1, "a rejected key is not retried");
    let ran = run_with_key(&sandbox, "wrong", &["get", "100000001", "100000002"]);
    assert_eq!(ran.exit, Exit::KeyRejected);
    assert_eq!(sandbox.requests().len(), 2);
}
