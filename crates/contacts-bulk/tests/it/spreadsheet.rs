//! Values that a spreadsheet has changed.

use contacts_bulk::Input;
use contacts_bulk::input::{Format, ReadOptions};
use contacts_core::Field;

use crate::csv::{HEADER, problems_of, trimmed};

const COLUMNS: [&str; 8] = [
    "order_id",
    "contact_type",
    "first_name",
    "last_name",
    "email",
    "job_title",
    "telephone",
    "language_id",
];

/// A file with one row, in which `column` has this value.
fn file(column: &str, value: &str) -> String {
    let right = [
        "7",
        "technical_contact",
        "Jane",
        "Doe",
        "jane@example.com",
        "SRE",
        "+1 555",
        "1",
    ];
    let cells = COLUMNS.into_iter().zip(right);
    let cells = cells.map(|(name, cell)| if name == column { value } else { cell });
    let cells = cells.map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")));
    format!("{HEADER}\n{}\n", cells.collect::<Vec<_>>().join(","))
}

/// The codes of the problems of that file.
fn codes(column: &str, value: &str) -> Vec<&'static str> {
    match Input::from_csv(file(column, value)) {
        Ok(_) => vec![],
        Err(problems) => problems
            .iter()
            .map(|problem| problem.kind().code())
            .collect(),
    }
}

#[test]
fn the_example_of_a_spreadsheet_is_refused_with_line_and_column() {
    let messages = problems_of(include_str!("../fixtures/spreadsheet.csv"));
    insta::assert_snapshot!(messages, @"
    line 2, telephone: a spreadsheet wrote this as a number such as 1.23E+08 or 7.0; format the column as text and enter the value again (2 times, on lines 2, 5)
    line 3, first_name: an error value, a formula or an empty marker, such as #N/A, =A1 or NULL; enter the value, or leave an optional cell empty
    line 4, job_title: an error value, a formula or an empty marker, such as #N/A, =A1 or NULL; enter the value, or leave an optional cell empty
    ");
}

#[test]
fn damage_is_found_in_every_column() {
    for column in COLUMNS {
        for (value, code) in [
            ("4.41E+11", "spreadsheet-number"),
            ("4,41E+11", "spreadsheet-number"),
            ("-4.41e11", "spreadsheet-number"),
            ("1E-05", "spreadsheet-number"),
            (" 4.41E+11 ", "spreadsheet-number"),
            ("49301234567.0", "spreadsheet-number"),
            ("49301234567,00", "spreadsheet-number"),
            ("493012345.67", "spreadsheet-number"),
            ("0,00132", "spreadsheet-number"),
            ("4.41 E+11", "spreadsheet-number"),
            ("4.41\u{D7}10^11", "spreadsheet-number"),
            ("$1,234.00", "spreadsheet-number"),
            ("1.234,00 \u{20AC}", "spreadsheet-number"),
            ("12%", "spreadsheet-number"),
            ("100,000,001", "spreadsheet-grouping"),
            ("1,234.00", "spreadsheet-grouping"),
            ("49.301.234.567,00", "spreadsheet-grouping"),
            ("49 301 234 567.00", "spreadsheet-grouping"),
            ("100'000'001", "spreadsheet-grouping"),
            ("2026-02-01", "spreadsheet-date"),
            ("2026-02-01 00:00:00", "spreadsheet-date"),
            ("01.02.2026", "spreadsheet-date"),
            ("9:30", "spreadsheet-date"),
            ("00:30:12", "spreadsheet-date"),
            ("Sunday, February 1, 2026", "spreadsheet-date"),
            ("Di, 01. Feb 2026", "spreadsheet-date"),
            ("1. Februar 2026", "spreadsheet-date"),
            ("March-30", "spreadsheet-date"),
            ("31/12/2026 9:30 AM", "spreadsheet-date"),
            ("1-Feb", "spreadsheet-date"),
            ("Feb-26", "spreadsheet-date"),
            ("1. Mrz 2026", "spreadsheet-date"),
            ("#N/A", "spreadsheet-error"),
            ("#NV", "spreadsheet-error"),
            ("#NAME?", "spreadsheet-error"),
            ("#REF!", "spreadsheet-error"),
            ("#BEZUG!", "spreadsheet-error"),
            ("#WERT!", "spreadsheet-error"),
            ("#DIV/0!", "spreadsheet-error"),
            ("#\u{DC}BERLAUF!", "spreadsheet-error"),
            ("#########", "spreadsheet-error"),
            ("##", "spreadsheet-error"),
            ("#n/a", "spreadsheet-error"),
            ("#\u{41D}/\u{414}", "spreadsheet-error"),
            ("#\u{A1}REF!", "spreadsheet-error"),
            ("#\u{BF}NOMBRE?", "spreadsheet-error"),
            ("#DATEN_ABRUFEN", "spreadsheet-error"),
            ("Fehler:502", "spreadsheet-error"),
            ("=\"030\"&\"1\"", "spreadsheet-error"),
            ("Err:502", "spreadsheet-error"),
            ("'030 1234", "text-mark"),
            ("''+49 30", "text-mark"),
            ("=\"0301234\"", "text-mark"),
        ] {
            assert_eq!(codes(column, value), [code], "{column}: {value}");
        }
    }
}

#[test]
fn values_that_only_look_similar_are_accepted() {
    for value in [
        "030 123 456",
        "555.010.0100",
        "030.123.456",
        "+49 (0)30 1234567",
        "0800-1234567",
        "12.05.26",
        "2/1/26",
        "02-12-2345",
        "06.12.3456",
        "030.000000",
        "0800.00",
        "0'800'000'000",
        "010,123",
        "1234567",
        "1-800-MAY-2024",
        "+49 30 1234-5",
        "ext. 5",
        "030/1234567",
        "1/2",
        "+1,555,ext",
        "#12",
    ] {
        assert_eq!(codes("telephone", value), [""; 0], "{value}");
    }
    for value in [
        "'t Hooft",
        "#1 engineer",
        "#team",
        "#",
        "E2E tester",
        "Err",
        "May",
        "Jan Doe",
        "1 Doe Street",
        "24/7 desk",
        "=",
        "'90s expert",
        "=SUM(A1)",
        "Nullstellenforscher",
        "R&D 2.0 lead",
        "3rd level",
        "2026 planning",
        "A1",
    ] {
        assert_eq!(codes("job_title", value), [""; 0], "{value}");
    }
    assert_eq!(codes("email", "o'neil@example.com"), [""; 0]);
    assert_eq!(codes("email", "1e5@example.com"), [""; 0]);
    assert_eq!(codes("email", "'jane@example.com"), ["text-mark"]);
}

#[test]
fn an_order_id_says_what_is_wrong_with_it() {
    let message = |id: &str| problems_of(file("order_id", id));
    for id in ["1.23E+08", "1,23E+08", "1E+08", "1.2e8", "100000003.0"] {
        assert_eq!(codes("order_id", id), ["spreadsheet-number"], "{id}");
    }
    for id in [
        "100.000.001",
        "100 000 001",
        "100\u{A0}000\u{A0}001",
        "100\u{202F}000\u{202F}001",
    ] {
        assert_eq!(codes("order_id", id), ["spreadsheet-grouping"], "{id}");
    }
    let ids = [
        "100000003.0",
        "100,000,001",
        "#100000001",
        " 100000001",
        "'100000001",
        "\u{200E}100000001",
    ];
    insta::assert_snapshot!(ids.map(message).join("\n"), @r#"
    line 2, order_id: a spreadsheet wrote this as a number such as 1.23E+08 or 7.0; format the column as text and enter the value again
    line 2, order_id: a spreadsheet wrote this number in groups such as 1,234,567; format the column as text and enter the value again
    line 2, order_id: a `#` before the order id; remove it
    line 2, order_id: leading or trailing white space; remove it
    line 2, order_id: an apostrophe or ="..." that marks a text in a spreadsheet; remove it
    line 2, order_id: leading or trailing U+200E, which is invisible; remove it
    "#);
    for id in ["#100,000,001", "# 100000001", "\u{2019}#100000001"] {
        assert_ne!(codes("order_id", id), ["order-id-format"], "{id}");
    }
    for other in ["1.23E", "E+08", "1.E+8", "x1E+08", "#x", "+1", "01"] {
        assert_eq!(codes("order_id", other), ["order-id-format"], "{other}");
    }
}

#[test]
fn trimming_removes_marks_without_a_value_and_keeps_damage_a_problem() {
    for (column, value, expected) in [
        ("telephone", "'030 1234", "030 1234"),
        ("telephone", "=\"+49 30\"", "+49 30"),
        ("telephone", "\u{200E}+1 555\u{A0}", "+1 555"),
        ("telephone", " ", ""),
        ("first_name", "Jane\u{200F}", "Jane"),
        ("email", "'jane@example.com", "jane@example.com"),
        ("telephone", "'(030) 1234", "(030) 1234"),
        ("telephone", "\u{2019} 030", "030"),
        ("telephone", "=\" 030 1\"", "030 1"),
        ("job_title", "=\"5\"\" pipe\"", "5\" pipe"),
        ("job_title", "'90s expert", "'90s expert"),
        ("contact_type", "'technical_contact", ""),
        ("order_id", "'#7", ""),
        ("order_id", " #7\u{FEFF}", ""),
        ("order_id", "'7", ""),
        ("language_id", "'2", "2"),
        ("contact_type", " technical_contact", ""),
    ] {
        let read = Input::from_bytes(file(column, value).as_bytes(), Format::Csv, &trimmed());
        let input = read.unwrap_or_else(|problems| panic!("{column}: {value}: {problems}"));
        assert_eq!(input.orders()[0].order.get(), 7);
        let (_, contact) = input.orders()[0].update.contacts().next().unwrap();
        if let Some(field) = Field::parse(column)
            .ok()
            .filter(|f| *f != Field::ContactType)
        {
            assert_eq!(contact.get(field).unwrap_or_default(), expected, "{value}");
        }
    }
    for value in ["'4.41E+11", "#N/A", "=\"#N/A\"", "49301234567.0"] {
        let read = Input::from_bytes(file("telephone", value).as_bytes(), Format::Csv, &trimmed());
        assert!(read.is_err(), "{value}");
    }
}

#[test]
fn damage_that_only_a_code_or_a_number_can_have() {
    for value in [
        "-1234548",
        "TRUE",
        "WAHR",
        "NULL",
        "nan",
        "<NA>",
        "=A1",
        "=HYPERLINK(\"x\")",
    ] {
        let code = if value.starts_with('-') {
            "spreadsheet-number"
        } else {
            "spreadsheet-error"
        };
        for column in ["telephone", "order_id", "language_id", "contact_type"] {
            assert_eq!(codes(column, value), [code], "{column}: {value}");
        }
    }
    for value in ["\u{2019}030 1234", "\u{B4}030", "`030", "' 030", "'"] {
        assert_eq!(codes("telephone", value), ["text-mark"], "{value}");
    }
    assert_eq!(codes("last_name", "Null"), [""; 0]);
    assert_eq!(codes("first_name", "2/1/26"), ["spreadsheet-date"]);
}

#[test]
fn a_text_as_a_formula_needs_no_quotes_of_csv() {
    let row = "7,technical_contact,Jane,Doe,jane@example.com,,=\"030 1234\",";
    let file = format!("{HEADER}\n{row}\n");
    assert!(problems_of(&file).starts_with("line 2, telephone: an apostrophe or"));
    let input = Input::from_bytes(file.as_bytes(), Format::Csv, &trimmed()).unwrap();
    let (_, contact) = input.orders()[0].update.contacts().next().unwrap();
    assert_eq!(contact.telephone(), Some("030 1234"));
}

#[test]
fn damage_in_json_lines_is_found_as_well() {
    let line = r##"{"order_id": "1.23E+08", "contacts": []}
{"order_id": 8, "contacts": [{"contact_type": "technical_contact", "first_name": " J", "last_name": "#N/A", "email": "#N/A"}]}
{"order_id": 7, "technical_contact": {"first_name": "#N/A", "last_name": "Doe", "email": "j@example.com", "telephone": "4.41E+11"}}"##;
    let read = Input::from_bytes(line.as_bytes(), Format::JsonLines, &ReadOptions::default());
    insta::assert_snapshot!(read.unwrap_err(), @"
    line 1, order_id: a spreadsheet wrote this as a number such as 1.23E+08 or 7.0; format the column as text and enter the value again
    line 1, contacts: no contact; at least one is required
    line 2, contacts[0].first_name: leading or trailing white space; remove it
    line 2, contacts[0].last_name: an error value, a formula or an empty marker, such as #N/A, =A1 or NULL; enter the value, or leave an optional cell empty
    line 2, contacts[0].email: an error value, a formula or an empty marker, such as #N/A, =A1 or NULL; enter the value, or leave an optional cell empty
    line 3, technical_contact.first_name: an error value, a formula or an empty marker, such as #N/A, =A1 or NULL; enter the value, or leave an optional cell empty
    line 3, technical_contact.telephone: a spreadsheet wrote this as a number such as 1.23E+08 or 7.0; format the column as text and enter the value again
    ");
}
