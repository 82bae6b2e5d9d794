//! Validating files without keeping their contacts.

use std::fmt::Write;

use contacts_bulk::Input;
use contacts_bulk::input::{Check, Format, ReadOptions};

const HEADER: &str = "order_id,contact_type,first_name,last_name,email";

fn rows(ids: impl IntoIterator<Item = u64>, rest: &str) -> String {
    let mut text = format!("{HEADER}\n");
    for id in ids {
        let _ = writeln!(text, "{id},{rest}");
    }
    text
}

const RIGHT: &str = "technical_contact,Jane,Doe,jane@example.com";

#[test]
fn a_check_reports_the_same_problems_as_reading() {
    let right = rows([7, 8], RIGHT) + "7,organization_contact,Jane,Doe,jane@example.com\n";
    let checked = Check::default().file(
        "a.csv",
        right.as_bytes(),
        Format::Csv,
        &ReadOptions::default(),
    );
    let checked = checked.unwrap();
    assert_eq!((checked.orders, checked.contacts), (2, 3));

    let wrong = rows([7, 7, 0, 9], "technical_contact,Jane,,jane");
    let messages = Check::default().file(
        "a.csv",
        wrong.as_bytes(),
        Format::Csv,
        &ReadOptions::default(),
    );
    let read = Input::from_bytes(wrong.as_bytes(), Format::Csv, &ReadOptions::default());
    assert_eq!(messages.unwrap_err(), read.unwrap_err());
}

#[test]
fn an_order_in_two_files_is_reported_with_both() {
    let mut check = Check::default();
    let mut file = |name: &str, text: String| {
        let format = Format::of(name, text.as_bytes());
        match check.file(name, text.as_bytes(), format, &ReadOptions::default()) {
            Ok(checked) => format!("{} orders, {} contacts", checked.orders, checked.contacts),
            Err(problems) => problems.to_string(),
        }
    };
    assert_eq!(file("a.csv", rows(7..10, RIGHT)), "3 orders, 3 contacts");
    let organization = RIGHT.replace("technical", "organization");
    assert_eq!(
        file("b.csv", rows([9, 10], &organization)),
        "2 orders, 2 contacts"
    );
    let lines = r#"{"order_id": 9, "contacts": [{"contact_type": "technical_contact", "first_name": "J", "last_name": "D", "email": "j@example.com"}, {"contact_type": "organization_contact", "first_name": "J", "last_name": "D", "email": "j@example.com"}]}"#;
    insta::assert_snapshot!(file("c.jsonl", lines.to_owned()), @"
    line 1, contact_type: a second `organization_contact` for this order, the first is in b.csv:2; remove one of them
    line 1, contact_type: a second `technical_contact` for this order, the first is in a.csv:4; remove one of them
    ");
}

#[test]
fn a_repeated_mistake_is_reported_once_with_a_count_and_examples() {
    let mut file = rows(1..=10_000, "technical_contact,Jane,Doe,jane");
    for (id, length, email) in [("0", 129, "@x"), ("1.23457E+08", 130, "a@b.c")] {
        let name = "x".repeat(length);
        let _ = writeln!(file, "{id},technical_contact,{name},Doe,{email}");
    }
    let problems =
        Input::from_bytes(file.as_bytes(), Format::Csv, &ReadOptions::default()).unwrap_err();
    assert_eq!(problems.total(), 10_005);
    insta::assert_snapshot!(problems, @"
    line 2, email: not an e-mail address: missing `@` (10000 times, on lines 2, 3, 4, 5, 6 and more)
    line 10002, order_id: not an order id: expected 1 to 19 digits, no leading zero
    line 10002, first_name: 129 characters; the limit is 128 (2 times, on lines 10002, 10003)
    line 10002, email: not an e-mail address: nothing before the `@`
    line 10003, order_id: a spreadsheet wrote this as a number such as 1.23E+08 or 7.0; format the column as text and enter the value again
    ");
    insta::assert_json_snapshot!(problems[0], @r#"
    {
      "line": 2,
      "column": "email",
      "code": "email-format",
      "message": "not an e-mail address: missing `@`",
      "count": 10000,
      "lines": [
        2,
        3,
        4,
        5,
        6,
        7,
        8,
        9,
        10,
        11
      ]
    }
    "#);
}

#[test]
fn mistakes_of_too_many_kinds_are_only_counted() {
    let mut lines = String::new();
    for n in 0..1000 {
        let _ = writeln!(lines, r#"{{"order_id": 7, "contacts": [], "x{n}": 1}}"#);
    }
    let problems = Input::from_bytes(lines.as_bytes(), Format::JsonLines, &ReadOptions::default())
        .unwrap_err();
    assert_eq!(
        (problems.len(), problems.total(), problems.omitted()),
        (200, 2000, 801)
    );
    assert!(
        problems
            .to_string()
            .ends_with("\nand 801 more mistakes of other kinds"),
        "{problems}"
    );
}
