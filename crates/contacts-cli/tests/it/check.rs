//! `check`.

use std::fs;

use contacts_cli::{Exit, Io};

use crate::bad_input::{HEADER, JANE};
use crate::run::{example, run, run_on};

#[test]
fn an_order_in_two_files_is_reported_with_both_positions() {
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
    let message = ran
        .stderr
        .replace(folder.path().to_str().unwrap(), "[folder]");
    insta::assert_snapshot!(message, @"
    error: input rejected, nothing was sent:
      [folder]/b.csv:2: contact_type: a second `technical_contact` for this order, the first is in [folder]/a.csv:2; remove one of them
    ");
}

#[test]
fn check_reports_what_apply_would_reject() {
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
        "message": "input rejected, nothing was sent:\n  bad.csv:3: order_id: not an order id: expected 1 to 19 digits, no leading zero",
        "problems": [
          {
            "file": "bad.csv",
            "line": 3,
            "column": "order_id",
            "code": "order-id-format",
            "message": "not an order id: expected 1 to 19 digits, no leading zero",
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
        "contacts.csv: 14 orders, 16 contacts, no problems\n"
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
fn check_reports_the_problems_of_every_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bad\u{1b}[31m.csv");
    fs::write(&file, "order_id\n").unwrap();
    let ran = run(&["check", file.to_str().unwrap(), "/no/such/file"]);
    assert_eq!(ran.exit, Exit::BadInput);
    assert!(
        ran.stderr
            .contains("contact_type: required column is missing"),
        "{ran}"
    );
    assert!(
        ran.stderr.contains("\nerror: cannot read `/no/such/file`"),
        "{ran}"
    );
    assert!(!ran.stderr.contains('\u{1b}'), "{ran}");
}
