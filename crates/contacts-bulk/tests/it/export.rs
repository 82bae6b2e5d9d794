//! Exports, and resuming them.

use std::io::Read;
use std::sync::atomic::{AtomicUsize, Ordering};

use contacts_bulk::export::{Export, ExportEvent, ExportFile, ExportFilter, ExportStopped};
use contacts_bulk::file::FileErrorKind;
use contacts_bulk::input::{Format, ReadOptions};
use contacts_bulk::{
    AccountIdentity, AccountMismatch, Failure, FailureKind, Input, ListFilter, OrderApi,
};
use contacts_core::{Contact, ContactsUpdate, Order, OrderId, Outcome};
use serde_json::json;

const BASE: &str = "https://www.digicert.com/services/v2";

fn key(key: &str) -> AccountIdentity {
    AccountIdentity::new(BASE, key)
}

/// Orders 1 to 9. The third has no contact, the fifth cannot be read, and from `fails_from` on the
/// server is unavailable.
struct FakeAccount {
    fails_from: u64,
    reads: AtomicUsize,
    /// Listed entries whose id is not readable.
    without_id: usize,
    report: Option<Result<&'static str, FailureKind>>,
}

impl FakeAccount {
    fn failing_from(fails_from: u64) -> Self {
        Self {
            fails_from,
            reads: AtomicUsize::new(0),
            without_id: 0,
            report: None,
        }
    }
}

fn failure(kind: FailureKind) -> Failure {
    Failure::new(kind, Outcome::NotSent, "no answer")
}

impl OrderApi for FakeAccount {
    fn list(&self, filter: &ListFilter) -> Box<dyn Iterator<Item = Result<Order, Failure>> + '_> {
        assert_eq!(filter.status.as_deref(), Some("issued"));
        let without_id = std::iter::repeat_n(Ok(Order::default()), self.without_id);
        Box::new(
            (1..10)
                .map(|id| {
                    let product = json!({"name": "Secure Site OV"});
                    let certificate = json!({"common_name": format!("{id}.example.com")});
                    let order = json!({"id": id, "status": "issued", "product": product, "certificate": certificate});
                    Ok(Order::from_json(order.to_string().as_bytes()).unwrap())
                })
                .chain(without_id),
        )
    }

    fn report(&self) -> Result<Option<Box<dyn Read>>, Failure> {
        match self.report {
            Some(Ok(text)) => Ok(Some(Box::new(text.as_bytes()))),
            Some(Err(kind)) => Err(failure(kind)),
            None => Ok(None),
        }
    }

    fn update(&self, _: OrderId, _: &ContactsUpdate) -> Result<(), Failure> {
        panic!("an export changes nothing")
    }

    fn read(&self, order: OrderId) -> Result<Order, Failure> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        let id = order.get();
        if id >= self.fails_from {
            return Err(failure(FailureKind::Unavailable));
        }
        let person = json!({"first_name": "Zoë", "last_name": "O\"Neil, J", "email": format!("{id}@example.com"), "telephone": "+1 555", "job_title": "=SUM(A1)"});
        let robin = json!({"first_name": "Robin", "last_name": 7, "email": "Robin@Example.com"});
        let order = match id {
            3 => json!({}),
            5 => return Err(failure(FailureKind::NotFound)),
            _ => json!({
                "status": "issued", "certificate": {"common_name": format!("{id}.example.com")},
                "product": {"name": "Secure Site OV", "name_id": "ssl_securesite"},
                "technical_contact": person, "organization_contact": robin,
            }),
        };
        Ok(Order::from_json(order.to_string().as_bytes()).unwrap())
    }
}

fn filter() -> ExportFilter {
    ExportFilter::default().status("issued")
}

fn complete(filter: ExportFilter) -> Vec<u8> {
    let mut partial = Vec::new();
    let mut export = Export::start(&key("A"), filter, &mut partial).unwrap();
    let account = FakeAccount::failing_from(u64::MAX);
    export.run(&account, &mut partial, |_| {}).unwrap();
    partial
}

fn rows(partial: &[u8]) -> String {
    let mut file = Vec::new();
    Export::write(partial, &mut file).unwrap();
    String::from_utf8(file).unwrap()
}

#[test]
fn every_contact_is_a_row_of_an_input_file() {
    let partial = complete(filter());
    let mut file = Vec::new();
    let exported = Export::write(&partial, &mut file).unwrap();
    assert_eq!(
        (exported.orders, exported.contacts, exported.incomplete),
        (8, 14, 7)
    );
    let text = String::from_utf8(file).unwrap();
    let first: Vec<_> = text.lines().take(3).collect();
    insta::assert_snapshot!(first.join("\n"), @r#"
    order_id,contact_type,first_name,last_name,email,job_title,telephone,language_id,common_name,status,product
    1,organization_contact,Robin,,Robin@Example.com,,,,1.example.com,issued,Secure Site OV
    1,technical_contact,Zoë,"O""Neil, J",1@example.com,'=SUM(A1),'+1 555,,1.example.com,issued,Secure Site OV
    "#);
    let technical: Vec<_> = text.lines().filter(|row| !row.contains("Robin")).collect();
    let input = Input::from_bytes(
        technical.join("\n").as_bytes(),
        Format::Csv,
        &ReadOptions::default(),
    )
    .unwrap();
    let contact = input.orders()[0].update.contacts().next().unwrap().1;
    assert_eq!(
        (
            contact.last_name(),
            contact.telephone(),
            contact.job_title()
        ),
        ("O\"Neil, J", Some("+1 555"), Some("=SUM(A1)"))
    );
}

#[test]
fn contacts_are_filtered_by_address_in_any_case() {
    let partial = complete(filter().email("ROBIN@example.com"));
    assert_eq!(rows(&partial).lines().count(), 1 + 7);
    let successor = Contact::draft("Jane", "Doe", "jane@example.com")
        .build()
        .unwrap();
    let mut file = Vec::new();
    let exported = Export::write_with(&partial, &successor, &mut file).unwrap();
    assert_eq!((exported.orders, exported.contacts), (8, 7));
    let input = Input::from_bytes(&file, Format::Csv, &ReadOptions::default()).unwrap();
    assert!(input.orders().iter().all(|order| {
        let contacts: Vec<_> = order.update.contacts().collect();
        contacts.len() == 1 && contacts[0].1.email() == "jane@example.com"
    }));
}

#[test]
fn an_export_interrupted_at_any_byte_resumes_to_the_same_result() {
    let complete = complete(filter());
    let head = complete.iter().position(|byte| *byte == b'\n').unwrap();
    for cut in head + 1..complete.len() {
        let (mut export, length) = Export::resume(&complete[..cut], &key("A"), &filter()).unwrap();
        let mut partial = complete[..usize::try_from(length).unwrap()].to_vec();
        let account = FakeAccount::failing_from(u64::MAX);
        export.run(&account, &mut partial, |_| {}).unwrap();
        assert_eq!(rows(&partial), rows(&complete), "cut at {cut}");
    }
}

#[test]
fn an_unreadable_order_is_reported_and_an_outage_stops_the_export() {
    let mut partial = Vec::new();
    let mut export = Export::start(&key("A"), filter(), &mut partial).unwrap();
    let mut messages = Vec::new();
    let account = FakeAccount::failing_from(7);
    let stopped = export.run(&account, &mut partial, |event| {
        messages.push(match event {
            ExportEvent::Listed { orders, exported } => format!("{orders}, {exported} before"),
            ExportEvent::ReadFailed(id, _) => format!("not {id}"),
            ExportEvent::Read(id) => id.to_string(),
            _ => String::new(),
        });
    });
    assert!(matches!(stopped, Err(ExportStopped::Failure(_))));
    assert_eq!(
        messages.join("; "),
        "9, 0 before; 1; 2; 3; 4; not 5; 6; not 7; not 8"
    );

    let (mut export, _) = Export::resume(&partial, &key("A"), &filter()).unwrap();
    let account = FakeAccount::failing_from(u64::MAX);
    export.run(&account, &mut partial, |_| {}).unwrap();
    assert_eq!(account.reads.load(Ordering::Relaxed), 4, "5, 7, 8 and 9");
    assert_eq!(rows(&partial), rows(&complete(filter())));
}

#[test]
fn a_partial_file_of_another_export_is_rejected() {
    let partial = complete(filter());
    let rejected = |partial: &[u8], account: &AccountIdentity, filter: &ExportFilter| {
        let error = Export::resume(partial, account, filter).unwrap_err();
        (error.to_string(), error.kind.clone())
    };
    let other_url = AccountIdentity::new("https://example.com", "A");
    let (message, kind) = rejected(&partial, &other_url, &filter());
    assert!(matches!(
        kind,
        FileErrorKind::Account(AccountMismatch::BaseUrl { .. })
    ));
    insta::assert_snapshot!(message);
    let (message, kind) = rejected(&partial, &key("B"), &filter());
    assert_eq!(kind, FileErrorKind::Account(AccountMismatch::Key));
    insta::assert_snapshot!(message);
    let (message, kind) = rejected(&partial, &key("A"), &ExportFilter::default());
    assert_eq!(kind, FileErrorKind::Filter);
    insta::assert_snapshot!(message);
    for other in ["order_id\n", ""] {
        let (message, kind) = rejected(other.as_bytes(), &key("A"), &filter());
        assert_eq!(kind, FileErrorKind::Format);
        insta::assert_snapshot!("format", message);
    }
    let text = String::from_utf8(partial).unwrap();
    let newer = text.replace("\"version\":2", "\"version\":3");
    let (_, kind) = rejected(newer.as_bytes(), &key("A"), &filter());
    assert_eq!(kind, FileErrorKind::Version(3));
    let damaged = text.replace("{\"order_id\":\"2\"", "{\"order_id\":\"x\"");
    let (message, _) = rejected(damaged.as_bytes(), &key("A"), &filter());
    insta::assert_snapshot!(message);
}

const REPORT: &str = "order_id,status,tech_first_name,tech_last_name,tech_email,tech_title,tech_telephone\n\
    \"1\",\"issued\",\"Zoë\",\"O\"\"Neil, J\",\"1@example.com\",\"=SUM(A1)\",\"+1 555\"\n\
    \"77\",\"issued\",\"X\",\"X\",\"x@example.com\",\"\",\"\"\n\
    \"3\",\"expired\",\"\",\"\",\"\",\"\",\"\"\n\
    \"4\",\"iss";

/// DigiCert's filter `issued` includes expired orders, and nothing else knows what a filter includes.
#[test]
fn the_list_decides_which_orders_are_exported_and_what_the_report_lacks_is_read() {
    let technical = || filter().technical_only();
    let run = |report| {
        let mut partial = Vec::new();
        let mut export = Export::start(&key("A"), technical(), &mut partial).unwrap();
        let mut account = FakeAccount::failing_from(u64::MAX);
        account.report = report;
        let ran = export.run(&account, &mut partial, |_| {});
        (rows(&partial), account.reads.load(Ordering::Relaxed), ran)
    };
    let (without, reads, _) = run(None);
    assert_eq!((without.lines().count(), reads), (1 + 7, 9));
    assert!(!without.contains("organization_contact"), "{without}");
    let (with, reads, _) = run(Some(Ok(REPORT)));
    assert_eq!((with, reads), (without.clone(), 7), "all but 1 and 3");
    let (broken, reads, _) = run(Some(Ok("<html>")));
    assert_eq!((broken, reads), (without.clone(), 9));
    let (failed, reads, _) = run(Some(Err(FailureKind::Unavailable)));
    assert_eq!((failed, reads), (without, 9));
    let (_, reads, ran) = run(Some(Err(FailureKind::KeyRejected)));
    assert!(matches!(ran, Err(ExportStopped::Failure(_))) && reads == 0);
}

#[test]
fn listed_orders_without_a_readable_id_are_counted() {
    let mut counts = Vec::new();
    for without_id in [0, 2] {
        let mut partial = Vec::new();
        let mut export = Export::start(&key("A"), filter(), &mut partial).unwrap();
        let account = FakeAccount {
            without_id,
            ..FakeAccount::failing_from(u64::MAX)
        };
        let run = export.run(&account, &mut partial, |event| {
            if let ExportEvent::WithoutId(orders) = event {
                counts.push(orders);
            }
        });
        run.unwrap();
        assert_eq!(rows(&partial), rows(&complete(filter())));
    }
    assert_eq!(counts, [2]);
}

#[test]
fn an_export_to_a_file_resumes_from_its_partial_file() {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("contacts.csv");
    let partial = ExportFile::partial_path(&output);
    let open = || ExportFile::open(&output, filter(), &key("secret"));
    let mut export = open().unwrap();
    let locked = open().unwrap_err().to_string();
    insta::assert_snapshot!(locked, @"another export is writing this file");
    export
        .run(&FakeAccount::failing_from(3), |_| {})
        .unwrap_err();
    assert_eq!((export.read(), partial.exists()), (2, true));
    drop(export);

    let mut export = open().unwrap();
    let account = FakeAccount::failing_from(u64::MAX);
    export.run(&account, |_| {}).unwrap();
    let reads = account.reads.load(Ordering::SeqCst);
    let summary = export.write(std::io::sink()).unwrap();
    assert_eq!((reads, summary.orders), (7, 8), "one order cannot be read");
    export.remove();
    assert!(!partial.exists());
}

#[test]
fn an_export_that_read_nothing_leaves_no_partial_file() {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("contacts.csv");
    let mut export = ExportFile::open(&output, filter(), &key("secret")).unwrap();
    export
        .run(&FakeAccount::failing_from(0), |_| {})
        .unwrap_err();
    assert!(!ExportFile::partial_path(&output).exists());
}
