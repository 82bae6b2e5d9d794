//! Files that are no input, and are told for what they are.

use contacts_bulk::Input;
use contacts_bulk::input::{Check, Format, InputError, ReadOptions};

/// What reading and checking say, which has to be the same.
fn says(name: &str, bytes: &[u8]) -> String {
    let format = Format::of(name, bytes);
    let read = Input::from_bytes(bytes, format, ReadOptions::default()).unwrap_err();
    let checked = Check::default().file(name, bytes, format, ReadOptions::default());
    assert_eq!(read, checked.unwrap_err());
    InputError::from(read).to_string()
}

#[test]
fn a_file_in_utf_16_is_named_so() {
    let header = "order_id,contact_type,first_name,last_name,email\n";
    let utf16: Vec<u8> = header.encode_utf16().flat_map(u16::to_le_bytes).collect();
    insta::assert_snapshot!(says("contacts.csv", &[b"\xff\xfe", &utf16[..]].concat()), @"line 1: the file is UTF-16; save it as CSV UTF-8");
    assert_eq!(
        says("contacts.csv", &utf16),
        says("contacts.csv", b"\xfe\xff\0o")
    );
}

#[test]
fn a_spreadsheet_is_named_so() {
    let told = says("contacts.xlsx", b"PK\x03\x04\x14\0\x06\0");
    insta::assert_snapshot!(told, @"line 1: the file is a spreadsheet such as .xlsx, not text; save it as CSV UTF-8");
    let old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0";
    assert_eq!(says("contacts.xls", old), told);
    assert_eq!(says("renamed.jsonl", b"PK\x03\x04"), told);
}

#[test]
fn a_plan_and_a_journal_are_named_so_and_what_to_do_with_them() {
    let plan = br#"{"format":"digicert-contacts-plan","version":1,"orders":[]}"#;
    let told = says("plan.json", plan);
    insta::assert_snapshot!(told, @"line 1: the file is a plan; to apply it, use `apply`");
    let formatted = b"\n{\n  \"version\": 1,\n  \"format\": \"digicert-contacts-plan\"\n}";
    assert_eq!(says("plan.jsonl", formatted), told);
    let journal = b"{\"format\":\"digicert-contacts-journal\",\"version\":1}\n{}\n";
    insta::assert_snapshot!(says("run.jsonl", journal), @"line 1: the file is the journal of a run; to resume the run, use `resume`; to restore what it overwrote, use `undo`");
}

#[test]
fn an_order_with_such_a_value_is_none_of_them() {
    let title = "digicert-contacts-plan owner";
    let line = format!(
        r#"{{"order_id": 7, "contacts": [{{"contact_type": "technical_contact", "first_name": "A",
        "last_name": "B", "email": "a@example.com", "job_title": "{title}"}}]}}"#
    );
    let line = line.replace('\n', " ");
    let input =
        Input::from_bytes(line.as_bytes(), Format::JsonLines, ReadOptions::default()).unwrap();
    assert_eq!(input.contacts(), 1);
}
