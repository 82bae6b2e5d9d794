//! Workbooks as input.

use contacts_bulk::Input;
use contacts_bulk::input::{Format, ReadOptions, Snapshot};
use rust_xlsxwriter::{Format as CellFormat, Formula, Workbook, Worksheet};

const HEADER: [&str; 8] = [
    "order_id",
    "contact_type",
    "first_name",
    "last_name",
    "email",
    "telephone",
    "language_id",
    "",
];
const JANE: [&str; 5] = ["7", "technical_contact", "Jane", "Doe", "jane@example.com"];

fn sheet(rows: &[&[&str]]) -> Worksheet {
    let mut sheet = Worksheet::new();
    for (row, cells) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(*cells) {
            if !cell.is_empty() {
                sheet.write_string(row, column, *cell).unwrap();
            }
        }
    }
    sheet
}

fn bytes(sheets: Vec<Worksheet>) -> Vec<u8> {
    let mut workbook = Workbook::new();
    for sheet in sheets {
        workbook.push_worksheet(sheet);
    }
    workbook.save_to_buffer().unwrap()
}

fn read(bytes: &[u8]) -> Result<Input, String> {
    let format = Format::of("contacts.xlsx", bytes);
    assert_eq!(format, Format::Xlsx);
    Input::from_bytes(bytes, format, &ReadOptions::default())
        .map_err(|problems| problems.to_string())
}

#[test]
fn a_sheet_is_read_as_a_csv_file_is() {
    let mut sheet = sheet(&[
        &[],
        &HEADER,
        &JANE,
        &[],
        &["", "organization_contact", "Zoë", "Ö", "zoe@example.com"],
    ]);
    sheet.write_number(4, 0, 7).unwrap();
    sheet.write_number(4, 6, 3).unwrap();
    sheet.write_string(4, 5, "030 1234").unwrap();
    sheet
        .write_formula(
            2,
            4,
            Formula::new("=\"jane@\"&\"example.org\"").set_result("jane@example.org"),
        )
        .unwrap();
    let input = read(&bytes(vec![sheet])).unwrap();
    let order = &input.orders()[0];
    assert_eq!(
        (input.orders().len(), order.order.get(), &order.lines[..]),
        (1, 7, &[3, 5][..])
    );
    let contacts: Vec<_> = order
        .update
        .contacts()
        .map(|(_, contact)| contact)
        .collect();
    assert_eq!(
        (contacts[0].language_id(), contacts[0].telephone()),
        (Some("3"), Some("030 1234"))
    );
    assert_eq!(
        contacts[1].email(),
        "jane@example.org",
        "the result of a formula"
    );
}

#[test]
fn a_value_that_excel_changed_is_a_problem_with_sheet_and_cell() {
    let mut sheet = sheet(&[
        &HEADER,
        &JANE,
        &JANE,
        &JANE,
        &["8", "technical_contact", "Jane", "", "jane"],
    ]);
    sheet.set_name("Team A").unwrap();
    sheet.write_number(1, 5, 4_930_123_456_789_f64).unwrap();
    sheet
        .write_number(2, 0, 1_234_567_890_123_456_789_f64)
        .unwrap();
    sheet.write_number(3, 0, 7.5).unwrap();
    sheet
        .write_number_with_format(3, 3, 45000, &CellFormat::new().set_num_format("yyyy-mm-dd"))
        .unwrap();
    sheet.write_boolean(3, 2, true).unwrap();
    sheet.write_string(5, 7, "note").unwrap();
    insta::assert_snapshot!(read(&bytes(vec![sheet])).unwrap_err(), @"
    Team A!F2, telephone: a spreadsheet wrote this as a number such as 1.23E+08 or 7.0; format the column as text and enter the value again
    Team A!A3, order_id: a spreadsheet wrote this as a number such as 1.23E+08 or 7.0; format the column as text and enter the value again (2 times, in rows 3, 4)
    Team A!C4, first_name: an error value, a formula or an empty marker, such as #N/A, =A1 or NULL; enter the value, or leave an optional cell empty
    Team A!D4, last_name: a spreadsheet wrote this as a date; format the column as text and enter the value again
    Team A!D5, last_name: required, but missing
    Team A!E5, email: not an e-mail address: missing `@`
    Team A!A6: 8 cells, but the header has 7
    ");
}

#[test]
fn the_first_visible_sheet_counts() {
    let mut hidden = sheet(&[&["secret"]]);
    hidden.set_hidden(true);
    let mut visible = sheet(&[&HEADER, &JANE]);
    visible.set_active(true);
    let input = read(&bytes(vec![hidden, visible, sheet(&[&["notes"]])])).unwrap();
    assert_eq!(input.orders().len(), 1);
}

#[test]
fn a_workbook_without_contacts_is_rejected() {
    let errors = [
        read(&bytes(vec![sheet(&[])])),
        read(&bytes(vec![sheet(&[&HEADER])])),
        read(&bytes(vec![sheet(&[
            &["Name", "Mail"],
            &["Jane", "jane@example.com"],
        ])])),
        read(&bytes(vec![sheet(&[
            &[
                "order_id",
                "contact_type",
                "first name",
                "last_name",
                "email",
            ],
            &JANE,
        ])])),
        read(b"PK\x03\x04 not a workbook"),
        read(&bytes(vec![sheet(&[&HEADER, &JANE])])[..2000]),
    ];
    let errors = errors.map(|read| read.map(|_| ()).unwrap_err()).join("\n");
    insta::assert_snapshot!(errors, @"
    Sheet1!A1: the file is empty; the first line names the columns: order_id,contact_type,first_name,last_name,email,job_title,telephone,language_id (the last three are optional)
    Sheet1!A2: no row below the header; add at least one
    Sheet1!A1: not a header; the first line names the columns: order_id,contact_type,first_name,last_name,email,job_title,telephone,language_id (the last three are optional)
    Sheet1!C1, first name: unknown column; did you mean `first_name`?
    Sheet1!A1, first_name: required column is missing, or ignored
    line 1: not an .xlsx workbook, or damaged; save it as .xlsx or as CSV UTF-8
    line 1: not an .xlsx workbook, or damaged; save it as .xlsx or as CSV UTF-8
    ");
}

#[test]
fn a_cell_far_away_takes_no_memory() {
    let mut sheet = sheet(&[&HEADER, &JANE]);
    sheet.write_string(1_048_575, 16_383, "x").unwrap();
    let error = read(&bytes(vec![sheet])).unwrap_err();
    insta::assert_snapshot!(error, @"Sheet1!A1048576: 16384 cells, but the header has 7");
}

#[test]
fn an_export_can_be_a_workbook() {
    let file = bytes(vec![sheet(&[&HEADER[..5], &JANE])]);
    assert!(Snapshot::from_bytes(file).is_ok());
    let broken = bytes(vec![sheet(&[&HEADER[..5], &["x"]])]);
    insta::assert_snapshot!(Snapshot::from_bytes(broken).unwrap_err(), @"
    Sheet1!A2, order_id: not an order id: expected 1 to 19 digits, no leading zero
    Sheet1!B2, contact_type: required, but missing
    ");
}
