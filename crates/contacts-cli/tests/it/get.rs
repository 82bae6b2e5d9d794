//! `get`.

use contacts_cli::Exit;
use contacts_sandbox::{Account, KeyRole, Sandbox};

use crate::run::{run, run_against, run_with_key};

#[test]
fn the_contacts_of_orders_are_shown() {
    let ran = run(&["get", "100000002", "100000005", "100000003", "--sandbox"]);
    assert_eq!(ran.exit, Exit::Done);
    insta::assert_snapshot!(ran.stdout, @"
    order 100000002  shop.example.com  issued  Extended Validation SSL
      organization_contact
        first_name   Marta
        last_name    Kowalska
        email        marta.kowalska@example.com
        job_title    Head of IT
        telephone    +48 22 555 0111
      technical_contact
        first_name   Robin
        last_name    Leaver
        email        robin.leaver@example.com
        job_title    Platform Engineer
        telephone    +1 555 0100
    order 100000005  mail.example.com  issued  Standard SSL
      organization_contact
        first_name   Marta
        last_name    Kowalska
        email        marta.kowalska@example.com
        job_title    Head of IT
        telephone    +48 22 555 0111
      technical_contact  (none)
    order 100000003  blog.example.com  issued  GeoTrust DV SSL
      organization_contact  (none)
      technical_contact
        first_name   Robin
        last_name    Leaver
        email        robin.leaver@example.com
        job_title    Platform Engineer
        telephone    +1 555 0100
    ");
}

#[test]
fn a_missing_order_does_not_hide_the_others() {
    let ran = run(&["get", "5", "100000014", "--sandbox", "--json"]);
    assert_eq!(ran.exit, Exit::SomeFailed);
    insta::assert_snapshot!(ran, @r#"
    exit code: 3
    ----- stdout
    {
      "orders": [
        {
          "order_id": "100000014",
          "common_name": "db.internal.example.com",
          "status": "issued",
          "product": {
            "name_id": "private_ssl_plus",
            "name": "Private SSL",
            "type": "ssl_certificate",
            "validation_type": null
          },
          "organization_contact": {
            "first_name": "Ada",
            "last_name": "Nwosu",
            "email": "ada.nwosu@example.com"
          },
          "technical_contact": {
            "first_name": "Robin",
            "last_name": "Leaver",
            "email": "robin.leaver@example.com",
            "job_title": "Platform Engineer",
            "telephone": "+1 555 0100"
          }
        }
      ],
      "failed": [
        {
          "order_id": "5",
          "failure": {
            "kind": "not-found",
            "outcome": "rejected",
            "codes": [
              "not_found|order"
            ],
            "message": "order 5 could not be read: the server answered 404: not_found|order: The order does not exist in this account."
          }
        }
      ],
      "skipped": []
    }

    ----- stderr
    error: order 5 could not be read: the server answered 404: not_found|order: The order does not exist in this account.
    "#);
}

#[test]
fn orders_skipped_after_a_rejected_key_are_reported() {
    let sandbox = Sandbox::start().unwrap();
    let args = ["get", "100000001", "100000002", "100000003"];
    let ran = run_with_key(&sandbox, "wrong", &args);
    assert_eq!((ran.exit, sandbox.requests().len()), (Exit::KeyRejected, 1));
    assert!(
        ran.stderr.ends_with("\nerror: stopped, 2 orders skipped\n"),
        "{ran}"
    );
    let ran = run_with_key(&sandbox, "wrong", &[&args[..], &["--json"]].concat());
    let document: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(
        document["skipped"],
        serde_json::json!(["100000002", "100000003"])
    );
}

#[test]
fn a_value_that_is_not_text_is_shown_as_not_readable() {
    let mut account = Account::default();
    account.add_key(Account::DEMO_KEY, KeyRole::ViewOnly);
    let order = serde_json::json!({
        "organization_contact": "Jane Doe",
        "technical_contact": {"first_name": "Jane", "last_name": 7, "email": "jane@example.com"},
    });
    account.add_order(7, order);
    let sandbox = Sandbox::builder().account(account).start().unwrap();
    insta::assert_snapshot!(run_against(&sandbox, &["get", "7"]).stdout, @"
    order 7
      organization_contact
        first_name   (not readable)
        last_name    (not readable)
        email        (not readable)
        job_title    (not readable)
        telephone    (not readable)
      technical_contact
        first_name   Jane
        last_name    (not readable)
        email        jane@example.com
    ");
    let ran = run_against(&sandbox, &["get", "7", "--json"]);
    let document: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let contact = &document["orders"][0]["technical_contact"];
    assert_eq!(contact["not_readable"], serde_json::json!(["last_name"]));
}

#[test]
fn orders_are_printed_as_a_table_json_lines_or_csv() {
    let get = |args: &[&str]| {
        let ids = ["get", "100000001", "100000005", "--sandbox"];
        let ran = run(&[&ids, args].concat());
        assert_eq!(ran.exit, Exit::Done, "{ran}");
        ran.stdout
    };
    insta::assert_snapshot!(get(&["-o", "table"]), @"
    ORDER ID   CONTACT TYPE          NAME            EMAIL                       COMMON NAME       STATUS
    100000001  organization_contact  Marta Kowalska  marta.kowalska@example.com  www.example.com   issued
    100000001  technical_contact     Robin Leaver    robin.leaver@example.com    www.example.com   issued
    100000005  organization_contact  Marta Kowalska  marta.kowalska@example.com  mail.example.com  issued
    ");
    insta::assert_snapshot!(get(&["--columns", "order_id,name,product"]), @"
    ORDER ID   NAME            PRODUCT
    100000001  Marta Kowalska  Standard SSL
    100000001  Robin Leaver    Standard SSL
    100000005  Marta Kowalska  Standard SSL
    ");
    insta::assert_snapshot!(get(&["-o", "jsonl", "--columns", "order_id,job_title"]), @r#"
    {"order_id":"100000001","job_title":"Head of IT"}
    {"order_id":"100000001","job_title":"Platform Engineer"}
    {"order_id":"100000005","job_title":"Head of IT"}
    "#);
    insta::assert_snapshot!(get(&["-o", "csv"]), @"
    order_id,contact_type,first_name,last_name,email,job_title,telephone,language_id,common_name,status,product
    100000001,organization_contact,Marta,Kowalska,marta.kowalska@example.com,Head of IT,'+48 22 555 0111,,www.example.com,issued,Standard SSL
    100000001,technical_contact,Robin,Leaver,robin.leaver@example.com,Platform Engineer,'+1 555 0100,,www.example.com,issued,Standard SSL
    100000005,organization_contact,Marta,Kowalska,marta.kowalska@example.com,Head of IT,'+48 22 555 0111,,mail.example.com,issued,Standard SSL
    ");
    assert_eq!(get(&["-o", "json"]), get(&["--json"]));
    let failed = run(&["get", "7", "--sandbox", "-o", "json"]);
    assert!(failed.stdout.contains("\"failed\""), "{failed}");
}
