//! Invalid files: a clear message, the right exit code, no request.

use std::fs;
use std::path::Path;

use contacts_cli::Exit;
use contacts_sandbox::Sandbox;

use crate::run::{Ran, run_against};

pub(crate) const HEADER: &str =
    "order_id,contact_type,first_name,last_name,email,job_title,telephone,language_id";
pub(crate) const JANE: &str = "technical_contact,Jane,Doe,jane@example.com,,,";

/// Applies a file with these bytes; the sandbox must get no request.
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
fn a_missing_file_or_a_folder_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    insta::assert_snapshot!(apply_file(&folder.path().join("contacts.csv")).stderr, @"error: cannot read `[folder]/contacts.csv`: No such file or directory (os error 2)");
    let ran = apply_file(folder.path());
    assert!(ran.stderr.contains("Is a directory"), "{ran}");
}

#[test]
fn a_file_without_rows_is_rejected() {
    insta::assert_snapshot!(apply("").stderr, @"
    error: input rejected, nothing was sent:
      [folder]/contacts.csv:1: the file is empty; the first line names the columns: order_id,contact_type,first_name,last_name,email,job_title,telephone,language_id (the last three are optional)
    ");
    insta::assert_snapshot!(apply(format!("{HEADER}\n")).stderr, @"
    error: input rejected, nothing was sent:
      [folder]/contacts.csv:2: no row below the header; add at least one
    ");
}

#[test]
fn a_file_that_is_not_utf_8_is_rejected() {
    insta::assert_snapshot!(apply([HEADER.as_bytes(), b"\n7,technical_contact,Zo\xeb,Doe,z@example.com,,,\n"].concat()).stderr, @"
    error: input rejected, nothing was sent:
      [folder]/contacts.csv:2: first_name: not UTF-8; save the file as CSV UTF-8
    ");
}

#[test]
fn a_file_without_a_header_is_rejected() {
    insta::assert_snapshot!(apply(format!("7,{JANE}\n")).stderr, @"
    error: input rejected, nothing was sent:
      [folder]/contacts.csv:1: not a header; the first line names the columns: order_id,contact_type,first_name,last_name,email,job_title,telephone,language_id (the last three are optional)
    ");
}

#[test]
fn an_unknown_column_is_rejected_with_a_suggestion() {
    insta::assert_snapshot!(apply(format!("{},remarks\n7,{JANE},x\n", HEADER.replace("email", "e-mail"))).stderr, @"
    error: input rejected, nothing was sent; 3 problems:
      [folder]/contacts.csv:1: e-mail: unknown column; did you mean `email`?
      [folder]/contacts.csv:1: remarks: unknown column; remove it, or ignore it with --ignore-columns (in a program, `ignore_columns`)
      [folder]/contacts.csv:1: email: required column is missing, or ignored
    ");
}

#[test]
fn two_technical_contacts_for_one_order_are_rejected() {
    insta::assert_snapshot!(apply(format!("{HEADER}\n7,{JANE}\n7,{JANE}\n")).stderr, @"
    error: input rejected, nothing was sent:
      [folder]/contacts.csv:3: contact_type: a second `technical_contact` for this order, the first is on line 2; remove one of them
    ");
}

#[test]
fn a_name_over_the_length_limit_is_rejected() {
    insta::assert_snapshot!(apply(format!("{HEADER}\n7,{}\n", JANE.replace("Jane", &"x".repeat(129)))).stderr, @"
    error: input rejected, nothing was sent:
      [folder]/contacts.csv:2: first_name: 129 characters; the limit is 128
    ");
}

#[test]
fn a_problem_on_many_lines_is_reported_once() {
    let ran = apply(format!("{HEADER}\n{}", format!("0,{JANE}\n").repeat(60)));
    insta::assert_snapshot!(ran.stderr, @"
    error: input rejected, nothing was sent; 60 problems:
      [folder]/contacts.csv:2: order_id: not an order id: expected 1 to 19 digits, no leading zero (60 times, on lines 2, 3, 4, 5, 6 and more)
    ");
}

#[test]
fn a_long_list_of_problems_is_truncated() {
    let line = |n| format!("{{\"order_id\": 7, \"x{n}\": 1, \"technical_contact\": 1}}\n");
    let ran = apply((0..60).map(line).collect::<Vec<_>>().concat());
    assert!(
        ran.stderr
            .starts_with("error: input rejected, nothing was sent; 120 problems:\n")
    );
    assert!(ran.stderr.ends_with("\n  and 11 more\n"), "{ran}");
    assert_eq!(ran.stderr.lines().count(), 52);
}
