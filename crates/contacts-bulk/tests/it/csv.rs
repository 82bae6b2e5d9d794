//! CSV files.

use contacts_bulk::Input;
use contacts_bulk::input::{Format, ReadOptions};
use contacts_core::ContactType;

pub(crate) const HEADER: &str =
    "order_id,contact_type,first_name,last_name,email,job_title,telephone,language_id";

pub(crate) fn problems_of(csv: impl AsRef<[u8]>) -> String {
    match Input::from_csv(csv) {
        Ok(input) => format!(
            "{} orders, {} contacts",
            input.orders().len(),
            input.contacts()
        ),
        Err(error) => error.to_string(),
    }
}

pub(crate) fn trimmed() -> ReadOptions {
    let mut options = ReadOptions::default();
    options.trim = true;
    options
}

#[test]
fn the_rows_of_one_order_become_one_request() {
    let file = format!(
        "{HEADER}\n\
         7,technical_contact,Jane,Doe,jane@example.com,,,\n\
         8,technical_contact,Jane,Doe,jane@example.com,SRE,,1\n\
         7,organization_contact,\"Doe, \"\"J\"\"\",Zoë,zoe@example.com,,+1 555,\n"
    );
    let input = Input::from_csv(&file).unwrap();
    let messages: Vec<_> = input
        .orders()
        .iter()
        .map(|o| (o.order.get(), o.lines.clone(), o.update.contacts().count()))
        .collect();
    assert_eq!(messages, [(7, vec![2, 4], 2), (8, vec![3], 1)]);
    let seven = &input.orders()[0].update;
    assert_eq!(
        seven.contact(ContactType::Technical).unwrap().job_title(),
        None
    );
    let organization = seven.contact(ContactType::Organization).unwrap();
    assert_eq!(
        (organization.first_name(), organization.telephone()),
        ("Doe, \"J\"", Some("+1 555"))
    );
}

#[test]
fn all_problems_are_reported_with_line_and_column() {
    let file = format!(
        "{HEADER}\n\
         7,technical_contact,Jane,Doe,jane@example.com,,,\n\
         7,technical_contact,John,Doe,john@example.com,,,\n\
         ../x,technical_contact,Jane,{},jane@example.com,,,\n\
         ,billing_contact,,Doe,jane@,,{},en\n\
         8,technical_contact,Jane,Doe\n\
         9,,Jane,Doe ,jane@example.com,,,\n\
         9,organization_contact,\"Ja\nne\",Doe,jane@example.com,,,\n",
        "x".repeat(129),
        "1".repeat(33),
    );
    insta::assert_snapshot!(problems_of(file), @"
    line 3, contact_type: a second `technical_contact` for this order, the first is on line 2; remove one of them
    line 4, order_id: not an order id: expected 1 to 19 digits, no leading zero
    line 4, last_name: 129 characters; the limit is 128
    line 5, order_id: required, but missing
    line 5, contact_type: must be `organization_contact` or `technical_contact`
    line 5, first_name: required, but missing
    line 5, email: not an e-mail address: the domain has an empty label
    line 5, telephone: 33 characters; the limit is 32
    line 5, language_id: not a language id: expected 1 to 3 digits
    line 6: 4 cells, but the header has 8
    line 7, contact_type: required, but missing
    line 7, last_name: leading or trailing white space; remove it
    line 8, first_name: U+000A, a line break, at character 3; remove it
    ");
}

#[test]
fn a_cell_that_is_not_utf_8_is_reported() {
    let mut file = format!("{HEADER}\n7,technical_contact,Zo").into_bytes();
    file.extend(b"\xeb,Doe,jane@example.com,,,\n8,technical_contact,Jane,,jane@example.com,,,\n");
    insta::assert_snapshot!(problems_of(file), @"
    line 2, first_name: not UTF-8; save the file as CSV UTF-8
    line 3, last_name: required, but missing
    ");
}

#[test]
fn a_file_without_rows_is_a_problem() {
    for empty in ["", "\n\n", "\u{FEFF}"] {
        assert!(
            problems_of(empty).starts_with("line 1: the file is empty; the first line names"),
            "{}",
            problems_of(empty)
        );
    }
    for rows in ["", "\n\n", ",,,,,,,\n"] {
        assert_eq!(
            problems_of(format!("{HEADER}\n{rows}")),
            "line 2: no row below the header; add at least one"
        );
    }
}

#[test]
fn lines_are_counted_as_in_an_editor() {
    for end in ["\n", "\r\n", "\r"] {
        let file = [
            HEADER,
            "",
            "7,technical_contact,\"Jane\",Doe,jane@example.com,,,",
            ",,,,,,,",
            "",
            "8,technical_contact,Jane,Doe,oops,,,",
        ]
        .join(end);
        assert_eq!(
            problems_of(&file),
            "line 6, email: not an e-mail address: missing `@`",
            "{file:?}"
        );
    }
}

#[test]
fn cells_can_be_separated_by_semicolons_or_tabs() {
    let file = format!("{HEADER}\n7,technical_contact,Jane,\"O,Neil\",jane@example.com,,,\n");
    for delimiter in [";", "\t"] {
        let file = file
            .replace("O,Neil", "O|Neil")
            .replace(',', delimiter)
            .replace('|', ",");
        assert_eq!(problems_of(&file), "1 orders, 1 contacts", "{file}");
    }
}

#[test]
fn a_misplaced_quote_is_a_problem() {
    let row = "technical_contact,Jane,Doe,jane@example.com,,,";
    let file = format!(
        "{HEADER}\n7,{}\n8,{row}\n9,{}",
        row.replace("Jane", "\"Ja\"ne"),
        row.replace(",,,", ",,,\"")
    );
    insta::assert_snapshot!(problems_of(file), @"line 2: a quote is misplaced or not closed; put the whole cell in quotes and double those inside (2 times, on lines 2, 4)");
}

#[test]
fn a_misplaced_quote_in_the_header_is_a_problem() {
    let messages = problems_of(HEADER.replace("last_name", "\"last\"_name"));
    assert!(
        messages.starts_with("line 1: a quote is misplaced"),
        "{messages}"
    );
}

#[test]
fn utf_16_without_a_byte_order_mark_is_detected() {
    let utf16: Vec<u8> = HEADER.encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(
        problems_of(utf16),
        "line 1: the file is UTF-16; save it as CSV UTF-8"
    );
}

#[test]
fn white_space_is_trimmed_only_on_request() {
    let file =
        format!("\u{FEFF}{HEADER}\n 7 ,technical_contact, Jane,Doe\t,jane@example.com , ,,\n");
    assert_eq!(
        problems_of(&file).lines().count(),
        5,
        "{}",
        problems_of(&file)
    );
    let file = file.replace("order_id,", " order_id ,") + "  \n , ,\n";
    let input = Input::from_bytes(file.as_bytes(), Format::Csv, &trimmed()).unwrap();
    let contact = input.orders()[0]
        .update
        .contact(ContactType::Technical)
        .unwrap();
    assert_eq!((contact.first_name(), contact.job_title()), ("Jane", None));
}

#[test]
fn no_problem_contains_a_value() {
    let file = format!(
        "{HEADER}\nMarker,Marker, Marker,Marker\u{1},Marker,{0},{0},Marker\n",
        "Marker".repeat(20)
    );
    let Err(problems) = Input::from_csv(&file) else {
        panic!("it was accepted")
    };
    assert_eq!(problems.len(), 8);
    let shown = format!(
        "{problems} {problems:?} {}",
        serde_json::to_string(&problems).unwrap()
    );
    assert!(!shown.contains("Marker"), "{shown}");
    insta::assert_json_snapshot!(problems[0], @r#"
    {
      "line": 2,
      "column": "order_id",
      "code": "order-id-format",
      "message": "not an order id: expected 1 to 19 digits, no leading zero",
      "count": 1,
      "lines": [
        2
      ]
    }
    "#);
}

#[test]
fn tabs_used_as_padding_are_not_a_delimiter() {
    let header = HEADER.replace(',', "\t,\t\t");
    let file = format!("{header}\n7,technical_contact,Jane,Doe,jane@example.com,,,\n");
    let input = Input::from_bytes(file.as_bytes(), Format::Csv, &trimmed()).unwrap();
    assert_eq!(input.contacts(), 1);
    let messages = problems_of(&file);
    assert!(
        messages.contains("leading or trailing white space; remove it"),
        "{messages}"
    );
}

#[test]
fn the_apostrophe_that_escapes_a_formula_is_removed() {
    for (cell, value) in [
        ("'+1 555 0100", "+1 555 0100"),
        ("'=1", "=1"),
        ("'-1", "-1"),
        ("'@home", "@home"),
        ("''=1", "'=1"),
        ("''@home", "'@home"),
        ("'tis", "'tis"),
        ("'", "'"),
        ("+1 555", "+1 555"),
    ] {
        let file = format!("{HEADER}\n7,technical_contact,Jane,Doe,jane@example.com,{cell},,\n");
        let input = Input::from_csv(&file).unwrap();
        let technical = input.orders()[0].update.contact(ContactType::Technical);
        assert_eq!(technical.unwrap().job_title(), Some(value), "{cell}");
    }
}
