//! Everything that can be wrong before the first request: one clear message, the right exit code,
//! nothing sent.

use std::fs;
use std::path::Path;

use contacts_cli::{Exit, Io};
use contacts_sandbox::Sandbox;

use crate::run::{Ran, example, run, run_against, run_on, run_with_key, without_address};

const HEADER: &str =
    "order_id,contact_type,first_name,last_name,email,job_title,telephone,language_id";
const JANE: &str = "technical_contact,Jane,Doe,jane@example.com,,,";

/// Applies a file of these bytes against a sandbox; nothing must arrive there.
fn apply(bytes: impl AsRef<[u8]>) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("contacts.csv");
    fs::write(&file, bytes).unwrap();
    apply_file(&file)
}

fn apply_file(file: &Path) -> Ran {
    let sandbox = Sandbox::start().unwrap();
    let name = file.to_str().unwrap();
    let mut ran = run_against(&sandbox, &["apply", name, "--yes"]);
    assert_eq!(
        (ran.exit, ran.stdout.as_str()),
        (Exit::BadInput, ""),
        "{ran}"
    );
    assert!(sandbox.requests().is_empty(), "nothing is sent");
    let folder = file.parent().unwrap().to_str().unwrap();
    ran.stderr = ran.stderr.replace(folder, "[folder]");
    ran
}

#[test]
fn a_file_that_is_missing_or_no_file() {
    let folder = tempfile::tempdir().unwrap();
    insta::assert_snapshot!(apply_file(&folder.path().join("contacts.csv")).stderr, @"error: `[folder]/contacts.csv` can't be read: No such file or directory (os error 2)");
    let ran = apply_file(folder.path());
    assert!(ran.stderr.contains("Is a directory"), "{ran}");
}

#[test]
fn a_file_that_holds_nothing_to_do() {
    insta::assert_snapshot!(apply("").stderr, @"
    error: the input can't be used, nothing was sent:
      [folder]/contacts.csv:1: the file is empty; the first line names the columns: order_id,contact_type,first_name,last_name,email,job_title,telephone,language_id (the last three may be left out)
    ");
    insta::assert_snapshot!(apply(format!("{HEADER}\n")).stderr, @"
    error: the input can't be used, nothing was sent:
      [folder]/contacts.csv:2: there is no row below the header
    ");
}

#[test]
fn a_file_that_is_not_utf_8() {
    insta::assert_snapshot!(apply([HEADER.as_bytes(), b"\n7,technical_contact,Zo\xeb,Doe,z@example.com,,,\n"].concat()).stderr, @"
    error: the input can't be used, nothing was sent:
      [folder]/contacts.csv:2: first_name: not UTF-8; save the file as CSV UTF-8
    ");
}

#[test]
fn a_file_without_a_header() {
    insta::assert_snapshot!(apply(format!("7,{JANE}\n")).stderr, @"
    error: the input can't be used, nothing was sent:
      [folder]/contacts.csv:1: this is not a header; the first line names the columns: order_id,contact_type,first_name,last_name,email,job_title,telephone,language_id (the last three may be left out)
    ");
}

#[test]
fn a_file_with_an_unknown_column() {
    insta::assert_snapshot!(apply(format!("{},remarks\n7,{JANE},x\n", HEADER.replace("email", "e-mail"))).stderr, @"
    error: the input can't be used, nothing was sent; 3 problems:
      [folder]/contacts.csv:1: e-mail: unknown column; did you mean `email`?
      [folder]/contacts.csv:1: remarks: unknown column
      [folder]/contacts.csv:1: email: this column is required, but missing
    ");
}

#[test]
fn two_technical_contacts_for_one_order() {
    insta::assert_snapshot!(apply(format!("{HEADER}\n7,{JANE}\n7,{JANE}\n")).stderr, @"
    error: the input can't be used, nothing was sent:
      [folder]/contacts.csv:3: contact_type: a second `technical_contact` for this order, whose first is on line 2; an order has only one
    ");
}

#[test]
fn an_over_long_name() {
    insta::assert_snapshot!(apply(format!("{HEADER}\n7,{}\n", JANE.replace("Jane", &"x".repeat(129)))).stderr, @"
    error: the input can't be used, nothing was sent:
      [folder]/contacts.csv:2: first_name: 129 characters, at most 128 are allowed
    ");
}

#[test]
fn the_same_mistake_on_many_lines_is_told_once() {
    let ran = apply(format!("{HEADER}\n{}", format!("0,{JANE}\n").repeat(60)));
    insta::assert_snapshot!(ran.stderr, @"
    error: the input can't be used, nothing was sent; 60 problems:
      [folder]/contacts.csv:2: order_id: not an order id: 1 to 19 digits are expected, the first not a zero (60 times, on lines 2, 3, 4, 5, 6 and more)
    ");
}

#[test]
fn a_long_list_of_problems_is_cut() {
    let line = |n| format!("{{\"order_id\": 7, \"x{n}\": 1, \"technical_contact\": 1}}\n");
    let ran = apply((0..60).map(line).collect::<Vec<_>>().concat());
    assert!(
        ran.stderr
            .starts_with("error: the input can't be used, nothing was sent; 120 problems:\n")
    );
    assert!(ran.stderr.ends_with("\n  and 11 more\n"), "{ran}");
    assert_eq!(ran.stderr.lines().count(), 52);
}

#[test]
fn an_order_in_two_files_is_told_with_both() {
    let folder = tempfile::tempdir().unwrap();
    let files = ["a.csv", "b.csv"].map(|name| folder.path().join(name));
    for file in &files {
        fs::write(file, format!("{HEADER}\n7,{JANE}\n")).unwrap();
    }
    let ran = run(&[
        "check",
        files[0].to_str().unwrap(),
        files[1].to_str().unwrap(),
    ]);
    assert_eq!(ran.exit, Exit::BadInput);
    let told = ran
        .stderr
        .replace(folder.path().to_str().unwrap(), "[folder]");
    insta::assert_snapshot!(told, @"
    error: the input can't be used, nothing was sent:
      [folder]/b.csv:2: contact_type: a second `technical_contact` for this order, whose first is in [folder]/a.csv:2; an order has only one
    ");
}

#[test]
fn no_key() {
    let ran = run(&["apply", &example("contacts.csv"), "--yes"]);
    assert_eq!((ran.exit, ran.stdout.as_str()), (Exit::Usage, ""));
    insta::assert_snapshot!(ran.stderr, @"error: no API key: set DIGICERT_API_KEY, or name a file with --api-key-file; to try without a key, use --sandbox");
}

#[test]
fn a_key_that_can_not_be_one() {
    let sandbox = Sandbox::start().unwrap();
    for (key, says) in [
        ("", "error: the API key is empty\n"),
        (
            "abc\n",
            "error: the API key ends with white space or a line break; remove it\n",
        ),
        (
            "a\r\nx: y",
            "error: the API key holds a character that is not visible ASCII; copy it again\n",
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
            .ends_with("it is too long for a key; is it the right file?\n"),
        "{ran}"
    );
    assert_eq!((ran.exit, sandbox.requests().len()), (Exit::Usage, before));
    let ran = run_against(&sandbox, &["get", "1", "--api-key-file", "/no/such/file"]);
    assert_eq!(ran.exit, Exit::Usage);
    assert!(
        ran.stderr
            .starts_with("error: the API key can't be read from `/no/such/file`: "),
        "{ran}"
    );
}

#[test]
fn a_wrong_key() {
    let sandbox = Sandbox::start().unwrap();
    let ran = run_with_key(
        &sandbox,
        "wrong",
        &["apply", &example("contacts.csv"), "--yes"],
    );
    assert_eq!((ran.exit, ran.stdout.as_str()), (Exit::KeyRefused, ""));
    insta::assert_snapshot!(ran.stderr, @"error: stopped after 0 of 14 orders were read, nothing was changed: order 100000001 could not be read: the server answered 403: access_denied|access_denied_invalid_key: Access denied due to access_denied_invalid_key.");
    assert_eq!(
        sandbox.requests().len(),
        1,
        "no second try with a key that was refused"
    );
    let ran = run_with_key(&sandbox, "wrong", &["get", "100000001", "100000002"]);
    assert_eq!(ran.exit, Exit::KeyRefused);
    assert_eq!(sandbox.requests().len(), 2);
}

#[test]
fn a_server_that_is_not_there() {
    let sandbox = Sandbox::start().unwrap();
    let (address, base_url) = (sandbox.address().to_string(), sandbox.base_url());
    drop(sandbox);
    for args in [
        vec!["apply", &example("contacts.csv"), "--yes"],
        vec!["get", "100000001"],
    ] {
        let io = Io::for_tests().with_environment(|_| Some("key".to_owned()));
        let ran = run_on(io, &[&args[..], &["--base-url", &base_url]].concat());
        assert_eq!(ran.exit, Exit::Failed, "{ran}");
        assert!(
            ran.stderr.contains("no connection (after 3 attempts): ")
                && ran.stderr.lines().count() == 1,
            "{ran}"
        );
        assert!(!ran.stderr.contains(&address));
    }
}

#[test]
fn addresses_and_ids_that_are_none() {
    for (args, says) in [
        (
            ["get", "../x", "--sandbox"].as_slice(),
            "order_id: not an order id",
        ),
        (
            &["get", "7", "--base-url", "http://example.com"],
            "http is for loopback only",
        ),
        (
            &["get", "7", "--base-url", "nonsense"],
            "the base URL can't be used",
        ),
    ] {
        let io = Io::for_tests().with_environment(|_| Some("key".to_owned()));
        let ran = run_on(io, args);
        assert_eq!(ran.exit, Exit::Usage);
        assert!(ran.stderr.contains(says), "{ran}");
    }
    let sandbox = Sandbox::start().unwrap();
    let port = sandbox.address().port().to_string();
    let ran = run(&["sandbox", "--port", &port]);
    assert_eq!(ran.exit, Exit::Failed);
    assert!(
        without_address(&ran.stderr, &sandbox)
            .starts_with("error: the sandbox can't listen on [sandbox]: ")
    );
}

#[test]
fn check_tells_what_apply_would_refuse() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bad.csv");
    fs::write(&file, format!("{HEADER}\n7,{JANE}\nx,{JANE}\n")).unwrap();
    let (bad, good) = (file.to_str().unwrap(), example("contacts.csv"));
    let ran = run(&["check", bad, &good, "--json"]);
    assert_eq!(ran.exit, Exit::BadInput);
    insta::assert_snapshot!(ran.stdout.replace(bad, "bad.csv"), @r#"
    {
      "error": {
        "exit_code": 65,
        "message": "the input can't be used, nothing was sent:\n  bad.csv:3: order_id: not an order id: 1 to 19 digits are expected, the first not a zero",
        "problems": [
          {
            "file": "bad.csv",
            "line": 3,
            "column": "order_id",
            "code": "order-id-format",
            "message": "not an order id: 1 to 19 digits are expected, the first not a zero",
            "count": 1,
            "lines": [
              3
            ]
          }
        ]
      }
    }
    "#);
    let ran = run(&["check", &good]);
    assert_eq!(ran.exit, Exit::Done);
    assert_eq!(
        ran.stdout.replace(&good, "contacts.csv"),
        "contacts.csv: 14 orders, 16 contacts, nothing wrong\n"
    );
    let io = Io::for_tests().with_stdin(fs::File::open(&good).unwrap(), false);
    insta::assert_snapshot!(run_on(io, &["check", "-", "--json"]).stdout, @r#"
    {
      "files": [
        {
          "file": "<stdin>",
          "orders": 14,
          "contacts": 16
        }
      ]
    }
    "#);
    let ran = run(&["check", "-"]);
    assert!(
        ran.stderr.contains("\n  <stdin>:1: the file is empty"),
        "{ran}"
    );
}

#[test]
fn check_tells_of_every_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bad\u{1b}[31m.csv");
    fs::write(&file, "order_id\n").unwrap();
    let ran = run(&["check", file.to_str().unwrap(), "/no/such/file"]);
    assert_eq!(ran.exit, Exit::BadInput);
    assert!(
        ran.stderr.contains("contact_type: this column is required"),
        "{ran}"
    );
    assert!(
        ran.stderr
            .contains("\nerror: `/no/such/file` can't be read"),
        "{ran}"
    );
    assert!(!ran.stderr.contains('\u{1b}'), "{ran}");
}
