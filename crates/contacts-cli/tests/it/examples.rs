//! The example programs of the libraries, against a sandbox.

use std::process::Command;

use contacts_sandbox::Sandbox;

use crate::files::Files;

/// Runs an example, which must succeed, and returns its output.
fn run(package: &str, example: &str, arguments: &[&str], sandbox: &Sandbox) -> String {
    let ran = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--locked", "--package", package])
        .args(["--example", example, "--"])
        .args(arguments)
        .env("DIGICERT_API_KEY", sandbox.api_key())
        .env("DIGICERT_BASE_URL", sandbox.base_url())
        .output()
        .unwrap();
    assert!(ran.status.success(), "{ran:?}");
    String::from_utf8(ran.stdout).unwrap()
}

#[test]
fn one_order_prints_and_changes_a_contact() {
    let sandbox = Sandbox::start().unwrap();
    let arguments = ["100000001", "Jane", "Doe", "jane.doe@example.com"];
    let output = run("contacts-http", "one_order", &arguments, &sandbox);
    assert!(output.ends_with("changed the technical contact of order 100000001\n"));
    let output = run("contacts-http", "one_order", &arguments[..1], &sandbox);
    assert!(output.contains("technical contact: email: jane.doe@example.com\n"));
}

#[test]
fn bulk_changes_the_orders_of_a_file_and_resumes_from_its_journal() {
    let sandbox = Sandbox::start().unwrap();
    let files = Files::new();
    let file = files.with(
        "contacts.csv",
        "order_id,contact_type,first_name,last_name,email\n\
         100000001,technical_contact,Jane,Doe,jane.doe@example.com\n\
         100000002,technical_contact,Jane,Doe,jane.doe@example.com\n",
    );
    let output = run("contacts-bulk", "bulk", &[&file], &sandbox);
    assert!(output.contains("100000001: changed\n100000002: changed\n"));
    assert!(output.contains("orders: 2,") && output.contains("verified: 2,"));

    let journal = format!("{file}.journal");
    let entries = std::fs::read_to_string(&journal).unwrap();
    let started = entries
        .find("{\"started\":{\"order_id\":\"100000002\"")
        .unwrap();
    std::fs::write(&journal, &entries[..started + 9]).unwrap();
    let output = run("contacts-bulk", "bulk", &[&file], &sandbox);
    let (first, summary) = output.split_once('\n').unwrap();
    assert_eq!(
        first, "100000002: unchanged",
        "the first order is finished, and the second has its values"
    );
    assert!(summary.contains("unchanged: 1,") && summary.contains(" changed: 1,"));
}
