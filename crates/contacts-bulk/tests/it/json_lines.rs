//! JSON Lines files.

use contacts_bulk::Input;
use contacts_bulk::input::{Format, ReadOptions};
use contacts_core::ContactType;

fn problems_of(lines: impl AsRef<[u8]>) -> String {
    match Input::from_bytes(lines.as_ref(), Format::JsonLines, &ReadOptions::default()) {
        Ok(input) => format!(
            "{} orders, {} contacts",
            input.orders().len(),
            input.contacts()
        ),
        Err(problems) => problems.to_string(),
    }
}

fn contact(contact_type: &str, email: &str) -> String {
    format!(
        r#"{{"contact_type": "{contact_type}", "first_name": "Jane", "last_name": "Doe", "email": "{email}"}}"#
    )
}

fn line(order_id: &str, contacts: &[String]) -> String {
    format!(
        "{{\"order_id\": {order_id}, \"contacts\": [{}]}}\n",
        contacts.join(", ")
    )
}

#[test]
fn an_order_id_is_a_string_or_an_integer() {
    let technical = contact("technical_contact", "jane@example.com");
    let organization = contact("organization_contact", "jo@example.com");
    let lines = [
        "\u{FEFF}".to_owned(),
        line("\"7\"", &[technical.clone(), organization.clone()]),
        "\n \r\n".to_owned(),
        line("8", std::slice::from_ref(&technical)).replace('\n', "\r\n"),
        line("8", &[organization]),
        format!(r#"{{"technical_contact": {technical}, "order_id": "\u0039"}}"#),
    ];
    let input = Input::from_bytes(
        lines.concat().as_bytes(),
        Format::JsonLines,
        &ReadOptions::default(),
    )
    .unwrap();
    let messages = input.orders().iter().map(|order| {
        let emails = ContactType::ALL.map(|kind| Some(order.update.contact(kind)?.email()));
        (order.order.get(), order.lines.clone(), emails)
    });
    let (jane, jo) = (Some("jane@example.com"), Some("jo@example.com"));
    assert_eq!(
        messages.collect::<Vec<_>>(),
        [
            (7, vec![1], [jo, jane]),
            (8, vec![4, 5], [jo, jane]),
            (9, vec![6], [None, jane]),
        ]
    );
}

#[test]
fn a_json_array_gets_one_hint() {
    let array = "\n[\n  {\"order_id\": 7},\n  {\"order_id\": 8}\n]\n";
    insta::assert_snapshot!(problems_of(array), @"line 2: a JSON array; write one object on each line, without `[`, `]` and commas between them");
}

#[test]
fn all_problems_are_reported_with_line_and_path() {
    let technical = contact("technical_contact", "jane@example.com");
    let lines = [
        line("7", std::slice::from_ref(&technical)),
        line("7", std::slice::from_ref(&technical)),
        line(
            "\"../x\"",
            &[technical.clone(), contact("billing_contact", "jane")],
        ),
        line("true", &[]),
        line("7.5", &[technical.replace("email", "e-mail")]),
        "[1]\nnull\n7\n".to_owned(),
        "{\"order_id\": 7, \"contacts\": [}\n".to_owned(),
        "  oops\n".to_owned(),
        format!("{{\"contacts\": [{technical}], \"remark\": 1}}\n"),
        line("8", std::slice::from_ref(&technical))
            .replace("{\"order_id\"", "{\"order_id\": 8, \"order_id\""),
        line("100000000000000000000", &[technical]),
        "{}".to_owned(),
    ];
    insta::assert_snapshot!(problems_of(lines.concat()), @"
    line 2, contact_type: a second `technical_contact` for this order, the first is on line 1; remove one of them
    line 3, order_id: not an order id: expected 1 to 19 digits, no leading zero (4 times, on lines 3, 4, 5, 13)
    line 3, contacts[1].contact_type: must be `organization_contact` or `technical_contact`
    line 3, contacts[1].email: not an e-mail address: missing `@`
    line 4, contacts: no contact; at least one is required (2 times, on lines 4, 14)
    line 5, contacts[0].email: required, but missing
    line 5, contacts[0].e-mail: unknown field; did you mean `email`?
    line 6: expected an object, found an array
    line 7: expected an object, found null; leave the field out to keep the order's value
    line 8: expected an object, found a number
    line 9: not JSON: expected value at column 30 (2 times, on lines 9, 10)
    line 11, order_id: required, but missing (2 times, on lines 11, 14)
    line 11, remark: unknown field
    line 12, order_id: appears more than once in the object
    ");
}

#[test]
fn a_line_that_is_not_utf_8_is_reported() {
    let technical = contact("technical_contact", "jane@example.com");
    let mut lines = line("7", std::slice::from_ref(&technical)).into_bytes();
    lines.extend(b"{\"order_id\": \"\xff\"}\n\xff\n");
    insta::assert_snapshot!(problems_of(lines), @"line 2: not UTF-8; save the file as CSV UTF-8 (2 times, on lines 2, 3)");
}

#[test]
fn a_file_without_lines_is_a_problem() {
    for empty in ["", "\n \n", "\u{FEFF}"] {
        assert!(
            problems_of(empty).starts_with("line 1: the file is empty"),
            "{}",
            problems_of(empty)
        );
    }
    let utf16: Vec<u8> = "{}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(
        problems_of(utf16),
        "line 1: the file is UTF-16; save it as CSV UTF-8"
    );
}

#[test]
fn no_problem_contains_a_value() {
    let wrong = contact("Marker", "Marker").replace("Jane", &"Marker".repeat(30));
    let lines = [
        line("\"Marker\"", &[wrong]),
        "{\"order_id\": Marker}\n".to_owned(),
        "{\"Marker here\": 1, \"order_id\": \"Marker\n".to_owned(),
    ];
    let problems = Input::from_bytes(
        lines.concat().as_bytes(),
        Format::JsonLines,
        &ReadOptions::default(),
    )
    .unwrap_err();
    let shown = format!(
        "{problems} {problems:?} {}",
        serde_json::to_string(&problems).unwrap()
    );
    assert!(!shown.contains("Marker"), "{shown}");
}
