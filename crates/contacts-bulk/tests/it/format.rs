//! Files that are not an input.

use contacts_bulk::Input;
use contacts_bulk::input::{Check, Format, InputError, ReadOptions};

/// The problems of reading, which must equal those of checking.
fn problems_of(name: &str, bytes: &[u8]) -> String {
    let format = Format::of(name, bytes);
    let read = Input::from_bytes(bytes, format, &ReadOptions::default()).unwrap_err();
    let checked = Check::default().file(name, bytes, format, &ReadOptions::default());
    assert_eq!(read, checked.unwrap_err());
    InputError::from(read).to_string()
}

#[test]
fn a_utf_16_file_is_recognized() {
    let header = "order_id,contact_type,first_name,last_name,email\n";
    let utf16: Vec<u8> = header.encode_utf16().flat_map(u16::to_le_bytes).collect();
    insta::assert_snapshot!(problems_of("contacts.csv", &[b"\xff\xfe", &utf16[..]].concat()), @"line 1: the file is UTF-16; save it as CSV UTF-8");
    assert_eq!(
        problems_of("contacts.csv", &utf16),
        problems_of("contacts.csv", b"\xfe\xff\0o")
    );
}

#[test]
fn a_spreadsheet_that_cannot_be_read_is_recognized() {
    let messages = [
        ("contacts.xls", &b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0"[..]),
        ("contacts.xlsx", b"PK\x03\x04\x14\0\x06\0"),
        ("renamed.jsonl", b"PK\x03\x04"),
    ];
    let messages = messages
        .map(|(name, bytes)| problems_of(name, bytes))
        .join("\n");
    let other = "such as .xls, or has a password; save it as .xlsx or as CSV UTF-8";
    let workbook = "line 1: not an .xlsx workbook, or damaged; save it as .xlsx or as CSV UTF-8";
    let text = "such as .xlsx, not text; save it as CSV UTF-8";
    let expected = if cfg!(feature = "xlsx") {
        format!("line 1: the file is a spreadsheet {other}\n{workbook}\n{workbook}")
    } else {
        vec![format!("line 1: the file is a spreadsheet {text}"); 3].join("\n")
    };
    assert_eq!(messages, expected);
}

#[test]
fn a_plan_and_a_journal_are_recognized_with_a_hint() {
    let plan = br#"{"format":"digicert-contacts-plan","version":1,"orders":[]}"#;
    let messages = problems_of("plan.json", plan);
    insta::assert_snapshot!(messages, @"line 1: the file is a plan; to apply it, use `apply`");
    let formatted = b"\n{\n  \"version\": 1,\n  \"format\": \"digicert-contacts-plan\"\n}";
    assert_eq!(problems_of("plan.jsonl", formatted), messages);
    let journal = b"{\"format\":\"digicert-contacts-journal\",\"version\":1}\n{}\n";
    insta::assert_snapshot!(problems_of("run.jsonl", journal), @"line 1: the file is the journal of a run; to resume the run, use `resume`; to restore what it overwrote, use `undo`");
}

#[test]
fn an_order_with_such_a_value_is_an_order() {
    let title = "digicert-contacts-plan owner";
    let line = format!(
        r#"{{"order_id": 7, "contacts": [{{"contact_type": "technical_contact", "first_name": "A",
        "last_name": "B", "email": "a@example.com", "job_title": "{title}"}}]}}"#
    );
    let line = line.replace('\n', " ");
    let input =
        Input::from_bytes(line.as_bytes(), Format::JsonLines, &ReadOptions::default()).unwrap();
    assert_eq!(input.contacts(), 1);
}
