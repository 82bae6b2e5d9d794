//! The columns of a CSV file, and the lines before its header.

use contacts_bulk::Input;
use contacts_bulk::input::{Format, ReadOptions};
use contacts_core::Field;

use crate::csv::{HEADER, problems_of, trimmed};

const ROW: &str = "7,technical_contact,Jane,Doe,jane@example.com,,,";

fn with_options(file: &str, options: &ReadOptions) -> Result<Input, String> {
    let read = Input::from_bytes(file.as_bytes(), Format::Csv, options);
    read.map_err(|problems| problems.to_string())
}

#[test]
fn a_header_names_every_column() {
    insta::assert_snapshot!(problems_of("order id,contact_type,First Name,last_name,email,remarks,email\n"), @"
    line 1, order id: unknown column; did you mean `order_id`?
    line 1, First Name: unknown column; did you mean `first_name`?
    line 1, remarks: unknown column; remove it, or ignore it with --ignore-columns (in a program, `ignore_columns`)
    line 1, email: duplicate column; remove one of the two
    line 1, order_id: required column is missing, or ignored
    line 1, first_name: required column is missing, or ignored
    ");
    insta::assert_snapshot!(problems_of("7,technical_contact,Jane,Doe,jane@example.com\n"), @"line 1: not a header; the first line names the columns: order_id,contact_type,first_name,last_name,email,job_title,telephone,language_id (the last three are optional)");
    insta::assert_snapshot!(problems_of("order_id,first_name\n7,Jane\n"), @"
    line 1, contact_type: required column is missing, or ignored
    line 1, last_name: required column is missing, or ignored
    line 1, email: required column is missing, or ignored
    ");
    let optional = "email,last_name,first_name,contact_type,order_id\njane@example.com,Doe,Jane,technical_contact,7\n";
    assert_eq!(problems_of(optional), "1 orders, 1 contacts");
}

#[test]
fn the_columns_that_this_program_writes_for_people_are_ignored() {
    for column in ["reason", "common_name", "status", "product"] {
        let file = format!("{column},{HEADER}\n\"no, not so\",{ROW}\n");
        assert_eq!(problems_of(file), "1 orders, 1 contacts", "{column}");
    }
    let file = format!("status,product,status,{HEADER}\n,#N/A,x,{ROW}\n");
    assert_eq!(problems_of(file), "1 orders, 1 contacts");
}

#[test]
fn other_columns_can_be_ignored() {
    let mut options = ReadOptions::default();
    options.ignore_columns = ["remarks", "Cost Center #", "job_title"]
        .map(str::to_owned)
        .to_vec();
    let file = format!(
        "remarks,Cost Center #,{HEADER}\n\u{200E},12,{}\n",
        ROW.replace(",,,", ",CTO,,")
    );
    let input = with_options(&file, &options).unwrap();
    let (_, contact) = input.orders()[0].update.contacts().next().unwrap();
    assert_eq!(
        contact.get(Field::JobTitle),
        None,
        "the order keeps its value"
    );
    options.ignore_columns = vec!["email".to_owned()];
    let file = format!("{HEADER}\n{ROW}\n");
    insta::assert_snapshot!(with_options(&file, &options).unwrap_err(), @"line 1, email: required column is missing, or ignored");
}

#[test]
fn a_first_line_of_values_is_no_header_and_is_not_shown() {
    for file in [
        "100000001,technical_contact,Jane,Order,jane.secret@example.com,Head,030 1,\n",
        "first_name,Jane\n",
        "email,jane.secret@example.com\n",
    ] {
        let messages = problems_of(file);
        assert!(messages.starts_with("line 1: not a header"), "{messages}");
    }
    let joined = format!("{HEADER}{ROW}\n").replace("jane@", "jane.secret@");
    let messages = problems_of(joined);
    assert!(messages.contains("column 10: unknown column"), "{messages}");
    assert!(
        !messages.contains("Jane") && !messages.contains("secret"),
        "{messages}"
    );
    insta::assert_snapshot!(problems_of(format!("{HEADER},030 1234567,comment\n")), @"
    line 1, column 9: unknown column; remove it, or ignore it with --ignore-columns (in a program, `ignore_columns`)
    line 1, comment: unknown column; remove it, or ignore it with --ignore-columns (in a program, `ignore_columns`)
    ");
}

#[test]
fn empty_columns_without_a_name_are_ignored() {
    let file = format!("{HEADER};;;\n{ROW};;;\n").replace(',', ";");
    assert_eq!(problems_of(file), "1 orders, 1 contacts");
    let file = format!("{HEADER},,,\n{ROW}\n");
    assert_eq!(
        problems_of(file),
        "1 orders, 1 contacts",
        "in the header alone"
    );
    let file = format!("{HEADER}\n{ROW},,\n");
    assert_eq!(
        problems_of(file),
        "1 orders, 1 contacts",
        "in the rows alone"
    );
    let file = format!(",{HEADER}, ,\n,{ROW},,\n,{ROW},x,\n,{ROW},,,y\n");
    insta::assert_snapshot!(problems_of(file), @"
    line 3: a value in a column without a name; name the column, or remove it
    line 3, contact_type: a second `technical_contact` for this order, the first is on line 2; remove one of them
    line 4: 12 cells, but the header has 11
    ");
}

#[test]
fn the_first_line_of_excel_and_powershell_is_understood() {
    let file = format!("{HEADER}\n{ROW}\n").replace(',', "|");
    for first in [
        "sep=|",
        "\"sep=|\"",
        "Sep=|",
        "\nsep=|",
        "#TYPE System.Data.DataRow\nsep=|",
    ] {
        for end in ["\n", "\r\n", "\r"] {
            let file = format!("\u{FEFF}{first}\n{file}").replace('\n', end);
            assert_eq!(problems_of(&file), "1 orders, 1 contacts", "{file:?}");
        }
    }
    let file = format!(
        "#TYPE x\nsep=,\n{HEADER}\n{}\n",
        ROW.replace("jane@", "jane")
    );
    assert_eq!(
        problems_of(file),
        "line 4, email: not an e-mail address: missing `@`"
    );
    for empty in ["sep=;", "sep=;\n", "#TYPE x\n\n"] {
        assert!(
            problems_of(empty).contains("the file is empty"),
            "{}",
            problems_of(empty)
        );
    }
    assert_eq!(
        problems_of(format!("sep=,\n{HEADER}\n")),
        "line 3: no row below the header; add at least one"
    );
}

#[test]
fn a_column_name_is_trimmed_only_on_request() {
    let file = format!(
        "\u{200E}{}\n{ROW}\n",
        HEADER.replace(",email", ", email\u{A0}")
    );
    insta::assert_snapshot!(problems_of(&file), @"
    line 1, �order_id: leading or trailing U+200E, which is invisible; remove it
    line 1,  email : leading or trailing white space; remove it
    ");
    assert_eq!(with_options(&file, &trimmed()).unwrap().contacts(), 1);
}
