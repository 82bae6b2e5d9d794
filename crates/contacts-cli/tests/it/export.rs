//! `export`.

use std::fs;

use contacts_bulk::export::{Export, ExportFilter};
use contacts_cli::Exit;
use contacts_sandbox::{Fault, Sandbox};

use crate::files::Files;
use crate::run::{run, run_against, run_with_key};

const JANE: &str = r#"{"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com"}"#;

#[test]
fn applying_an_export_changes_nothing() {
    let (files, sandbox) = (Files::new(), Sandbox::start().unwrap());
    let file = files.path("contacts.csv");
    let ran = run_against(&sandbox, &["export", "-o", &file]);
    insta::assert_snapshot!(files.hide(&ran), @"
    exit code: 0
    ----- stdout
    [folder]/contacts.csv: 25 contacts of 14 orders
    ");
    insta::assert_snapshot!(files.text("contacts.csv"), @"
    order_id,contact_type,first_name,last_name,email,job_title,telephone,language_id,common_name,status,product
    100000001,organization_contact,Marta,Kowalska,marta.kowalska@example.com,Head of IT,'+48 22 555 0111,,www.example.com,issued,Standard SSL
    100000001,technical_contact,Robin,Leaver,robin.leaver@example.com,Platform Engineer,'+1 555 0100,,www.example.com,issued,Standard SSL
    100000002,organization_contact,Marta,Kowalska,marta.kowalska@example.com,Head of IT,'+48 22 555 0111,,shop.example.com,issued,Extended Validation SSL
    100000002,technical_contact,Robin,Leaver,robin.leaver@example.com,Platform Engineer,'+1 555 0100,,shop.example.com,issued,Extended Validation SSL
    100000003,technical_contact,Robin,Leaver,robin.leaver@example.com,Platform Engineer,'+1 555 0100,,blog.example.com,issued,GeoTrust DV SSL
    100000004,organization_contact,Robin,Leaver,robin.leaver@example.com,Platform Engineer,'+1 555 0100,,api.example.com,pending,Standard SSL
    100000004,technical_contact,愛子,石田,aiko.ishida@example.com,SRE,'+81 3 5555 0104,,api.example.com,pending,Standard SSL
    100000005,organization_contact,Marta,Kowalska,marta.kowalska@example.com,Head of IT,'+48 22 555 0111,,mail.example.com,issued,Standard SSL
    100000006,organization_contact,Robin,Leaver,robin.leaver@example.com,Platform Engineer,'+1 555 0100,,vpn.example.com,issued,Standard SSL
    100000006,technical_contact,Robin,Leaver,robin.leaver@example.com,Platform Engineer,'+1 555 0100,,vpn.example.com,issued,Standard SSL
    100000007,organization_contact,Renée,Lefèvre,renee.lefevre@example.com,Responsable sécurité,'+33 1 55 50 01 02,,pay.example.com,issued,Extended Validation SSL
    100000007,technical_contact,Ольга,Смирнова,olga.smirnova@example.com,,'+7 495 555 0103,,pay.example.com,issued,Extended Validation SSL
    100000008,organization_contact,Marta,Kowalska,marta.kowalska@example.com,Head of IT,'+48 22 555 0111,,*.apps.example.com,issued,Wildcard
    100000008,technical_contact,Jonas,Weber,jonas.weber@example.com,Certificate Manager,'+49 30 555 0105,,*.apps.example.com,issued,Wildcard
    100000009,technical_contact,Robin,Leaver,robin.leaver@example.com,Platform Engineer,'+1 555 0100,,*.dev.example.com,issued,RapidSSL Wildcard DV
    100000010,organization_contact,Ada,Nwosu,ada.nwosu@example.com,,,,cdn.example.com,issued,Standard SSL
    100000010,technical_contact,Ada,Nwosu,ada.nwosu@example.com,,,,cdn.example.com,issued,Standard SSL
    100000011,organization_contact,Renée,Lefèvre,renee.lefevre@example.com,Responsable sécurité,'+33 1 55 50 01 02,,Example Corp,issued,Code Signing
    100000011,technical_contact,Robin,Leaver,robin.leaver@example.com,Platform Engineer,'+1 555 0100,,Example Corp,issued,Code Signing
    100000012,organization_contact,Marta,Kowalska,marta.kowalska@example.com,Head of IT,'+48 22 555 0111,,id.example.com,reissue_pending,Standard SSL
    100000012,technical_contact,Robin,Leaver,robin.leaver@example.com,Platform Engineer,'+1 555 0100,,id.example.com,reissue_pending,Standard SSL
    100000013,organization_contact,Robin,Leaver,robin.leaver@example.com,Platform Engineer,'+1 555 0100,,old.example.com,expired,Standard SSL
    100000013,technical_contact,Marta,Kowalska,marta.kowalska@example.com,Head of IT,'+48 22 555 0111,,old.example.com,expired,Standard SSL
    100000014,organization_contact,Ada,Nwosu,ada.nwosu@example.com,,,,db.internal.example.com,issued,Private SSL
    100000014,technical_contact,Robin,Leaver,robin.leaver@example.com,Platform Engineer,'+1 555 0100,,db.internal.example.com,issued,Private SSL
    ");
    assert_eq!(files.count(), 1, "no other file remains");
    let ran = run_against(&sandbox, &["apply", &file]);
    assert!(
        ran.stdout.contains("plan: 14 orders: 14 unchanged"),
        "{ran}"
    );
}

#[test]
fn an_export_comes_back_from_a_spreadsheet() {
    let (files, sandbox) = (Files::new(), Sandbox::start().unwrap());
    let file = files.path("contacts.csv");
    run_against(&sandbox, &["export", "-o", &file]);
    // What a spreadsheet with a European locale saves: semicolons, padding, CRLF. One person is edited.
    let text = files
        .text("contacts.csv")
        .replace(',', ";")
        .replace('\n', ";;\r\n");
    let edited = text.replace("Jonas;Weber;jonas.weber@", "Ines;Ferreira;ines.ferreira@");
    assert_ne!(edited, text);
    let edited = files.with("edited.csv", &format!("\u{FEFF}{edited}"));
    let before = sandbox.order(100_000_008).unwrap();
    let ran = run(&["check", &edited]);
    assert_eq!(ran.exit, Exit::Done, "{ran}");
    let ran = run_against(&sandbox, &["apply", &edited, "--yes"]);
    assert!(
        ran.stdout
            .contains("done: 14 orders: 1 changed, 13 unchanged"),
        "{ran}"
    );
    let mut expected = before;
    for (field, value) in [
        ("first_name", "Ines"),
        ("last_name", "Ferreira"),
        ("email", "ines.ferreira@example.com"),
    ] {
        expected["technical_contact"][field] = value.into();
    }
    assert_eq!(sandbox.order(100_000_008).unwrap(), expected);
}

#[cfg(unix)]
#[test]
fn an_export_is_readable_by_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;

    let files = Files::new();
    run(&["export", "-o", &files.path("contacts.csv"), "--sandbox"]);
    let mode = fs::metadata(files.path("contacts.csv"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn an_existing_file_is_not_overwritten() {
    let files = Files::new();
    fs::write(files.path("contacts.csv"), "mine").unwrap();
    let ran = run(&["export", "-o", &files.path("contacts.csv"), "--sandbox"]);
    assert_eq!(
        (ran.exit, files.text("contacts.csv").as_str()),
        (Exit::Failed, "mine")
    );
    insta::assert_snapshot!(files.hide(&ran), @"
    exit code: 1
    ----- stderr
    error: `[folder]/contacts.csv` exists; name a new file, or remove it
    ");
}

#[test]
fn an_interrupted_export_is_resumed() {
    let (files, sandbox) = (Files::new(), Sandbox::start().unwrap());
    let whole = files.path("whole.csv");
    run_against(&sandbox, &["export", "-o", &whole]);

    let account = contacts_bulk::AccountIdentity::new(
        sandbox.base_url(),
        contacts_sandbox::Account::DEMO_KEY,
    );
    let mut notes = Vec::new();
    Export::start(&account, ExportFilter::default(), &mut notes).unwrap();
    let head = String::from_utf8(notes).unwrap();
    let note =
        "{\"order_id\":\"100000001\",\"technical_contact\":{\"first_name\":\"Earlier\"}}\n{\"order";
    fs::write(files.path("contacts.csv.partial"), head + note).unwrap();
    let before = sandbox.requests().len();
    let ran = run_against(
        &sandbox,
        &["export", "-o", &files.path("contacts.csv"), "--json"],
    );
    insta::assert_snapshot!(files.hide(&ran), @r#"
    exit code: 0
    ----- stdout
    {
      "file": "[folder]/contacts.csv",
      "orders": 14,
      "contacts": 24,
      "incomplete": 0,
      "failed": [],
      "without_id": 0
    }
    "#);
    assert_eq!(
        sandbox.requests().len() - before,
        14,
        "the list and 13 orders"
    );
    let exported = files.text("contacts.csv");
    assert!(
        exported.contains("\n100000001,technical_contact,Earlier,,,,,,,,\n"),
        "{exported}"
    );
    let rest = |text: &str| text.split_once("\n100000002,").unwrap().1.to_owned();
    assert_eq!(rest(&exported), rest(&files.text("whole.csv")));
}

#[test]
fn the_partial_file_of_another_export_is_kept() {
    let files = Files::new();
    let file = files.path("contacts.csv");
    fs::write(files.path("contacts.csv.partial"), "mine\n").unwrap();
    let ran = run(&["export", "-o", &file, "--sandbox"]);
    assert_eq!(files.text("contacts.csv.partial"), "mine\n");
    insta::assert_snapshot!(files.hide(&ran), @"
    exit code: 1
    ----- stderr
    error: `[folder]/contacts.csv.partial`: not a partial export; remove it to start a new export
    ");
}

#[test]
fn a_rejected_key_leaves_no_files() {
    let (files, sandbox) = (Files::new(), Sandbox::start().unwrap());
    let file = files.path("contacts.csv");
    let ran = run_with_key(&sandbox, "wrong", &["export", "-o", &file]);
    assert_eq!((ran.exit, files.count()), (Exit::KeyRejected, 0));
    insta::assert_snapshot!(files.hide(&ran), @"
    exit code: 4
    ----- stderr
    error: the orders could not be listed: the server answered 403: access_denied|access_denied_invalid_key: Access denied due to access_denied_invalid_key.; the key was not accepted: use another key
    ");
}

#[test]
fn technical_contacts_take_the_report_and_the_list() {
    let (files, sandbox) = (Files::new(), Sandbox::start().unwrap());
    let whole = files.path("whole.csv");
    run_against(&sandbox, &["export", "-o", &whole, "--status", "issued"]);
    let before = sandbox.requests().len();
    let file = files.path("technical.csv");
    let args = [
        "export",
        "-o",
        &file,
        "--status",
        "issued",
        "--technical-only",
    ];
    let ran = run_against(&sandbox, &args);
    insta::assert_snapshot!(files.hide(&ran), @"
    exit code: 0
    ----- stdout
    [folder]/technical.csv: 11 contacts of 12 orders

    ----- stderr
    the order report has 12 of 12 orders
    ");
    assert_eq!(sandbox.requests().len() - before, 2);
    let technical = |text: &str| {
        let rows = text
            .lines()
            .filter(|row| !row.contains(",organization_contact,"));
        rows.collect::<Vec<_>>().join("\n")
    };
    assert_eq!(
        files.text("technical.csv").trim_end(),
        technical(&files.text("whole.csv"))
    );
}

#[test]
fn the_partial_file_of_another_key_is_rejected() {
    let (files, sandbox) = (Files::new(), Sandbox::start().unwrap());
    let args = ["export", "-o", &files.path("contacts.csv")];
    let account = contacts_bulk::AccountIdentity::new(sandbox.base_url(), "another");
    let mut notes = Vec::new();
    Export::start(&account, ExportFilter::default(), &mut notes).unwrap();
    fs::write(files.path("contacts.csv.partial"), notes).unwrap();
    let ran = run_against(&sandbox, &args);
    insta::assert_snapshot!(files.hide(&ran), @"
    exit code: 1
    ----- stderr
    error: `[folder]/contacts.csv.partial`: it was started with another API key; remove it to start a new export
    ");
}

#[test]
fn an_unknown_status_is_sent_with_a_warning() {
    let (files, sandbox) = (Files::new(), Sandbox::start().unwrap());
    let export = |status: &str| {
        let file = files.path(&format!("{status}.csv"));
        run_against(&sandbox, &["export", "-o", &file, "--status", status])
    };
    insta::assert_snapshot!(files.hide(&export("foo")), @"
    exit code: 0
    ----- stdout
    [folder]/foo.csv: 0 contacts of 0 orders

    ----- stderr
    warning: unknown order status `foo`, which may match no orders; the known ones are approved, canceled, expired, issued, needs_approval, needs_csr, pending, processing, reissue_pending, rejected, revoked, waiting_pickup
    ");
    assert!(sandbox.requests()[0].target.contains("=foo"));
    assert_eq!(export("pending").stderr, "");
    let jane = files.with("jane.json", JANE);
    let file = files.path("changes.csv");
    let args = [
        "replace",
        "--from",
        "a@b.example",
        "--with",
        &jane,
        "-o",
        &file,
    ];
    let ran = run_against(&sandbox, &[&args[..], &["--status", "Issued"]].concat());
    assert!(
        ran.stderr
            .starts_with("warning: unknown order status `Issued`"),
        "{ran}"
    );
}

#[test]
fn listed_orders_without_a_readable_id_are_reported() {
    let (files, sandbox) = (Files::new(), Sandbox::start().unwrap());
    let list = r#"{"orders": [{"id": 100000001.0}, {"id": "x"}, {"order_id": 100000002}], "page": {"total": 3}}"#;
    let ran = [&[][..], &["--json"]].map(|more| {
        let file = files.path(&format!("{}.csv", more.len()));
        let fault = Fault::status_with_body(200, list).next(1);
        sandbox.add_fault(fault).unwrap();
        let ran = run_against(&sandbox, &[&["export", "-o", &file], more].concat());
        files.hide(&ran)
    });
    insta::assert_snapshot!(ran.join("\n"), @r#"
    exit code: 3
    ----- stdout
    [folder]/0.csv: 2 contacts of 1 order

    ----- stderr
    2 listed orders have no readable id, so their contacts are missing

    exit code: 3
    ----- stdout
    {
      "file": "[folder]/1.csv",
      "orders": 1,
      "contacts": 2,
      "incomplete": 0,
      "failed": [],
      "without_id": 2
    }

    ----- stderr
    2 listed orders have no readable id, so their contacts are missing
    "#);
}
