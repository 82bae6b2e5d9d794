//! `export` and `replace`.

use std::fs;
use std::path::PathBuf;

use contacts_bulk::{Export, Wanted};
use contacts_cli::Exit;
use contacts_sandbox::Sandbox;
use tempfile::TempDir;

use crate::run::{Ran, run, run_against, run_with_key};

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn name(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn files(&self) -> usize {
        fs::read_dir(self.0.path()).unwrap().count()
    }

    /// What was told, without the folder's name.
    fn told(&self, ran: &Ran) -> String {
        ran.to_string()
            .replace(self.0.path().to_str().unwrap(), "[folder]")
    }
}

#[test]
fn what_is_exported_is_already_right() {
    let (folder, sandbox) = (Folder::new(), Sandbox::start().unwrap());
    let file = folder.name("contacts.csv");
    let ran = run_against(&sandbox, &["export", "-o", &file]);
    insta::assert_snapshot!(folder.told(&ran), @"
    exit code: 0
    ----- stdout
    [folder]/contacts.csv: 25 contacts of 14 orders
    ");
    insta::assert_snapshot!(folder.text("contacts.csv"), @"
    order_id,contact_type,first_name,last_name,email,job_title,telephone,language_id
    100000001,organization_contact,Marta,Kowalska,marta.kowalska@example.com,Head of IT,'+48 22 555 0111,
    100000001,technical_contact,Robin,Leaver,robin.leaver@example.com,Platform Engineer,'+1 555 0100,
    100000002,organization_contact,Marta,Kowalska,marta.kowalska@example.com,Head of IT,'+48 22 555 0111,
    100000002,technical_contact,Robin,Leaver,robin.leaver@example.com,Platform Engineer,'+1 555 0100,
    100000003,technical_contact,Robin,Leaver,robin.leaver@example.com,Platform Engineer,'+1 555 0100,
    100000004,organization_contact,Robin,Leaver,robin.leaver@example.com,Platform Engineer,'+1 555 0100,
    100000004,technical_contact,愛子,石田,aiko.ishida@example.com,SRE,'+81 3 5555 0104,
    100000005,organization_contact,Marta,Kowalska,marta.kowalska@example.com,Head of IT,'+48 22 555 0111,
    100000006,organization_contact,Robin,Leaver,robin.leaver@example.com,Platform Engineer,'+1 555 0100,
    100000006,technical_contact,Robin,Leaver,robin.leaver@example.com,Platform Engineer,'+1 555 0100,
    100000007,organization_contact,Renée,Lefèvre,renee.lefevre@example.com,Responsable sécurité,'+33 1 55 50 01 02,
    100000007,technical_contact,Ольга,Смирнова,olga.smirnova@example.com,,'+7 495 555 0103,
    100000008,organization_contact,Marta,Kowalska,marta.kowalska@example.com,Head of IT,'+48 22 555 0111,
    100000008,technical_contact,Jonas,Weber,jonas.weber@example.com,Certificate Manager,'+49 30 555 0105,
    100000009,technical_contact,Robin,Leaver,robin.leaver@example.com,Platform Engineer,'+1 555 0100,
    100000010,organization_contact,Ada,Nwosu,ada.nwosu@example.com,,,
    100000010,technical_contact,Ada,Nwosu,ada.nwosu@example.com,,,
    100000011,organization_contact,Renée,Lefèvre,renee.lefevre@example.com,Responsable sécurité,'+33 1 55 50 01 02,
    100000011,technical_contact,Robin,Leaver,robin.leaver@example.com,Platform Engineer,'+1 555 0100,
    100000012,organization_contact,Marta,Kowalska,marta.kowalska@example.com,Head of IT,'+48 22 555 0111,
    100000012,technical_contact,Robin,Leaver,robin.leaver@example.com,Platform Engineer,'+1 555 0100,
    100000013,organization_contact,Robin,Leaver,robin.leaver@example.com,Platform Engineer,'+1 555 0100,
    100000013,technical_contact,Marta,Kowalska,marta.kowalska@example.com,Head of IT,'+48 22 555 0111,
    100000014,organization_contact,Ada,Nwosu,ada.nwosu@example.com,,,
    100000014,technical_contact,Robin,Leaver,robin.leaver@example.com,Platform Engineer,'+1 555 0100,
    ");
    assert_eq!(folder.files(), 1, "nothing else is left");
    let ran = run_against(&sandbox, &["apply", &file]);
    assert!(
        ran.stdout.contains("plan: 14 orders: 14 already right"),
        "{ran}"
    );
}

#[cfg(unix)]
#[test]
fn a_file_with_personal_data_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;

    let folder = Folder::new();
    run(&["export", "-o", &folder.name("contacts.csv"), "--sandbox"]);
    let mode = fs::metadata(folder.path("contacts.csv"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_file_that_is_there_is_not_replaced() {
    let folder = Folder::new();
    fs::write(folder.path("contacts.csv"), "mine").unwrap();
    let ran = run(&["export", "-o", &folder.name("contacts.csv"), "--sandbox"]);
    assert_eq!(
        (ran.exit, folder.text("contacts.csv").as_str()),
        (Exit::Failed, "mine")
    );
    insta::assert_snapshot!(folder.told(&ran), @"
    exit code: 1
    ----- stderr
    error: `[folder]/contacts.csv` is there already; name a new file, or remove it
    ");
}

#[test]
fn an_export_that_was_cut_off_is_gone_on_with() {
    let (folder, sandbox) = (Folder::new(), Sandbox::start().unwrap());
    let whole = folder.name("whole.csv");
    run_against(&sandbox, &["export", "-o", &whole]);

    let account =
        contacts_bulk::Account::new(sandbox.base_url(), contacts_sandbox::Account::DEMO_KEY);
    let mut notes = Vec::new();
    Export::begin(&account, Wanted::default(), &mut notes).unwrap();
    let head = String::from_utf8(notes).unwrap();
    let note =
        "{\"order_id\":\"100000001\",\"technical_contact\":{\"first_name\":\"Earlier\"}}\n{\"order";
    fs::write(folder.path("contacts.csv.partial"), head + note).unwrap();
    let before = sandbox.requests().len();
    let ran = run_against(
        &sandbox,
        &["export", "-o", &folder.name("contacts.csv"), "--json"],
    );
    insta::assert_snapshot!(folder.told(&ran), @r#"
    exit code: 0
    ----- stdout
    {
      "file": "[folder]/contacts.csv",
      "orders": 14,
      "contacts": 24,
      "incomplete": 0,
      "failed": []
    }
    "#);
    assert_eq!(
        sandbox.requests().len() - before,
        14,
        "the list and 13 orders"
    );
    let exported = folder.text("contacts.csv");
    assert!(
        exported.contains("\n100000001,technical_contact,Earlier,,,,,\n"),
        "{exported}"
    );
    let rest = |text: &str| text.split_once("\n100000002,").unwrap().1.to_owned();
    assert_eq!(rest(&exported), rest(&folder.text("whole.csv")));
}

#[test]
fn notes_of_another_export_are_not_touched() {
    let folder = Folder::new();
    let file = folder.name("contacts.csv");
    fs::write(folder.path("contacts.csv.partial"), "mine\n").unwrap();
    let ran = run(&["export", "-o", &file, "--sandbox"]);
    assert_eq!(folder.text("contacts.csv.partial"), "mine\n");
    insta::assert_snapshot!(folder.told(&ran), @"
    exit code: 1
    ----- stderr
    error: `[folder]/contacts.csv.partial` can't be used: these are no notes of an export; move it away to begin anew
    ");
}

#[test]
fn a_refused_key_leaves_nothing_behind() {
    let (folder, sandbox) = (Folder::new(), Sandbox::start().unwrap());
    let file = folder.name("contacts.csv");
    let ran = run_with_key(&sandbox, "wrong", &["export", "-o", &file]);
    assert_eq!((ran.exit, folder.files()), (Exit::KeyRefused, 0));
    insta::assert_snapshot!(folder.told(&ran), @"
    exit code: 4
    ----- stderr
    error: the orders could not be listed: the server answered 403: access_denied|access_denied_invalid_key: Access denied due to access_denied_invalid_key.
    ");
}

#[test]
fn technical_contacts_alone_take_the_report_and_the_list() {
    let (folder, sandbox) = (Folder::new(), Sandbox::start().unwrap());
    let whole = folder.name("whole.csv");
    run_against(&sandbox, &["export", "-o", &whole, "--status", "issued"]);
    let before = sandbox.requests().len();
    let file = folder.name("technical.csv");
    let args = [
        "export",
        "-o",
        &file,
        "--status",
        "issued",
        "--technical-only",
    ];
    let ran = run_against(&sandbox, &args);
    assert_eq!(ran.exit, Exit::Done, "{ran}");
    assert_eq!(sandbox.requests().len() - before, 2);
    let technical = |text: &str| {
        let rows = text
            .lines()
            .filter(|row| !row.contains(",organization_contact,"));
        rows.collect::<Vec<_>>().join("\n")
    };
    assert_eq!(
        folder.text("technical.csv").trim_end(),
        technical(&folder.text("whole.csv"))
    );
}

#[test]
fn somebody_who_leaves_is_replaced_everywhere() {
    let (folder, sandbox) = (Folder::new(), Sandbox::start().unwrap());
    let (jane, changes) = (folder.name("jane.json"), folder.name("changes.csv"));
    let contact = r#"{"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com", "job_title": "SRE"}"#;
    fs::write(&jane, contact).unwrap();
    let args = [
        "replace",
        "--from",
        "robin.leaver@example.com",
        "--with",
        &jane,
        "-o",
        &changes,
    ];
    let ran = run_against(&sandbox, &args);
    insta::assert_snapshot!(folder.told(&ran), @"
    exit code: 0
    ----- stdout
    [folder]/changes.csv: 11 contacts of 14 orders

    ----- stderr
    note: the successor has no telephone, so orders keep that of the person before
    ");
    let ran = run_against(&sandbox, &["apply", &changes, "--yes"]);
    assert_eq!(ran.exit, Exit::Done, "{ran}");
    let after = folder.name("after.csv");
    let args = [
        "export",
        "-o",
        &after,
        "--contact",
        "robin.leaver@example.com",
        "--json",
    ];
    let told: serde_json::Value =
        serde_json::from_str(&run_against(&sandbox, &args).stdout).unwrap();
    assert_eq!(told["contacts"], 0);
}

#[test]
fn a_successor_who_breaks_a_rule_is_refused_before_anything_is_read() {
    let (folder, sandbox) = (Folder::new(), Sandbox::start().unwrap());
    let jane = folder.name("jane.json");
    fs::write(&jane, r#"{"first_name": "Jane", "mail": "x"}"#).unwrap();
    let changes = folder.name("changes.csv");
    let args = [
        "replace", "--from", "a@b.c", "--with", &jane, "-o", &changes,
    ];
    let ran = run_against(&sandbox, &args);
    assert_eq!((ran.exit, sandbox.requests().len()), (Exit::BadInput, 0));
    insta::assert_snapshot!(folder.told(&ran), @"
    exit code: 65
    ----- stderr
    error: `[folder]/jane.json` can't be used:
      last_name: required, but missing
      email: required, but missing
      mail: unknown field; did you mean `email`?
    ");
}

#[test]
fn a_replacement_can_be_planned_at_once() {
    let (folder, sandbox) = (Folder::new(), Sandbox::start().unwrap());
    let (jane, plan) = (folder.name("jane.json"), folder.name("plan.json"));
    let contact = r#"{"first_name": "Jane", "last_name": "Doe", "email": "jane.doe@example.com", "job_title": "SRE", "telephone": "+1 555 0199"}"#;
    fs::write(&jane, contact).unwrap();
    let replace = |from: &str, changes: &str, plan: &str| {
        let args = [
            "replace", "--from", from, "--with", &jane, "-o", changes, "--plan", plan, "--json",
        ];
        run_against(&sandbox, &args)
    };
    let ran = replace(
        "robin.leaver@example.com",
        &folder.name("changes.csv"),
        &plan,
    );
    assert_eq!((ran.exit, ran.stderr.as_str()), (Exit::Done, ""), "{ran}");
    let told: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(
        told["summary"]["changes"], 10,
        "10 orders, one with both contacts"
    );
    let journal = folder.name("run.jsonl");
    let ran = run_against(&sandbox, &["apply", &plan, "--yes", "--journal", &journal]);
    assert_eq!(ran.exit, Exit::Done, "{ran}");

    let again = folder.name("again.json");
    let ran = replace(
        "robin.leaver@example.com",
        &folder.name("again.csv"),
        &again,
    );
    assert_eq!(
        (ran.exit, ran.stderr.as_str()),
        (Exit::Done, "note: no contact has this e-mail address\n")
    );
    assert!(fs::metadata(&again).is_err(), "there is nothing to plan");
}

#[test]
fn notes_of_another_key_are_refused() {
    let (folder, sandbox) = (Folder::new(), Sandbox::start().unwrap());
    let args = ["export", "-o", &folder.name("contacts.csv")];
    let account = contacts_bulk::Account::new(sandbox.base_url(), "another");
    let mut notes = Vec::new();
    Export::begin(&account, Wanted::default(), &mut notes).unwrap();
    fs::write(folder.path("contacts.csv.partial"), notes).unwrap();
    let ran = run_against(&sandbox, &args);
    insta::assert_snapshot!(folder.told(&ran), @"
    exit code: 1
    ----- stderr
    error: `[folder]/contacts.csv.partial` can't be used: the notes were begun with another key; move it away to begin anew
    ");
}
