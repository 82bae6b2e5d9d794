//! `find`.

use std::time::{Duration, SystemTime};

use contacts_bulk::input::{Format, ReadOptions};
use contacts_cli::{Exit, Io};
use contacts_sandbox::{Account, Sandbox};
use serde_json::Value;

use crate::files::Files;
use crate::run::{Ran, run, run_against, run_on};

const LEAVER: &str = "robin.leaver@example.com";
const TECHNICAL: [&str; 2] = ["--contact-type", "technical_contact"];

fn find(sandbox: &Sandbox, args: &[&str]) -> Ran {
    run_against(sandbox, &[&["find"], args].concat())
}

/// At a fixed time.
fn find_at_noon(sandbox: &Sandbox, args: &[&str]) -> Ran {
    let key = |name: &str| (name == "DIGICERT_API_KEY").then(|| Account::DEMO_KEY.to_owned());
    let noon = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);
    let io = Io::for_tests()
        .with_environment(key)
        .with_clock(move || noon);
    let base_url = sandbox.base_url();
    run_on(io, &[&["find", "--base-url", &base_url], args].concat())
}

#[test]
fn the_contacts_of_a_person_are_a_table_and_the_sources_are_named() {
    let sandbox = Sandbox::start().unwrap();
    let ran = find_at_noon(&sandbox, &[&[LEAVER][..], &TECHNICAL].concat());
    insta::assert_snapshot!(ran);
    let json = find_at_noon(&sandbox, &[&[LEAVER, "--json"][..], &TECHNICAL].concat());
    assert_eq!(json.stderr, "");
    let document: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(document["contacts"].as_array().unwrap().len(), 8);
    insta::assert_json_snapshot!(document["search"]);
    let other = find(&sandbox, &["Nobody", TECHNICAL[0], TECHNICAL[1]]);
    assert_eq!(
        (other.exit, other.stdout.as_str()),
        (Exit::Done, ""),
        "{other}"
    );
}

#[test]
fn both_contacts_are_searched_by_address_name_and_domain() {
    let sandbox = Sandbox::start().unwrap();
    for (terms, rows) in [
        (&[LEAVER][..], 11),
        (&["ROBIN leaver"], 11),
        (&["Leaver Robin"], 11),
        (&["@example.com"], 25),
        (&["shop.example.com"], 2),
        (&["Lefèvre", "石田"], 3),
        (&["x@example.com"], 0),
    ] {
        for more in [&[][..], &["--read-all"]] {
            let ran = find(&sandbox, &[terms, more].concat());
            let lines = ran.stdout.lines().count();
            assert_eq!(lines, if rows == 0 { 0 } else { rows + 1 }, "{ran}");
        }
    }
}

#[test]
fn the_csv_output_is_an_input_file() {
    let sandbox = Sandbox::start().unwrap();
    let ran = find(&sandbox, &[LEAVER, "--csv"]);
    let options = ReadOptions::default();
    let input = contacts_bulk::Input::from_bytes(ran.stdout.as_bytes(), Format::Csv, &options);
    assert_eq!(input.unwrap().contacts(), 11);
    let files = Files::new();
    let file = files.with("found.csv", &ran.stdout);
    assert_eq!(run(&["check", &file]).exit, Exit::Done);
    let both = find(&sandbox, &[LEAVER, "--csv", "--json"]);
    assert_eq!(both.exit, Exit::Usage, "{both}");
}

#[test]
fn an_order_that_cannot_be_read_is_an_exit_code() {
    let fault = "status=400,order=100000003".parse().unwrap();
    let sandbox = Sandbox::builder().fault(fault).start().unwrap();
    let ran = find(&sandbox, &[LEAVER]);
    assert_eq!(
        (ran.exit, ran.stdout.lines().count()),
        (Exit::SomeFailed, 1 + 10),
        "{ran}"
    );
    assert!(
        ran.stderr
            .contains("9 of 14 orders read, 1 could not be read"),
        "{ran}"
    );
}

#[test]
fn what_cannot_be_searched_for_is_rejected() {
    insta::assert_snapshot!(run(&["find", "robin@", "--sandbox"]), @"
    exit code: 64
    ----- stderr
    error: invalid value 'robin@' for '<EMAIL|NAME|DOMAIN>...': not an e-mail address; expected one such as robin@example.com

    For more information, try '--help'.
    ");
    assert_eq!(run(&["find", " ", "--sandbox"]).exit, Exit::Usage);
}

#[test]
fn the_columns_of_every_format_can_be_chosen() {
    let sandbox = Sandbox::start().unwrap();
    let columns = ["--columns", "email,order_id,telephone"];
    let with = |format: &str| {
        let ran = find(
            &sandbox,
            &[&["www.example.com", "-o", format][..], &columns].concat(),
        );
        assert_eq!(ran.exit, Exit::Done, "{ran}");
        ran.stdout
    };
    insta::assert_snapshot!(["table", "jsonl", "csv"].map(with).join("\n"), @r#"
    EMAIL                       ORDER ID   TELEPHONE
    marta.kowalska@example.com  100000001  +48 22 555 0111
    robin.leaver@example.com    100000001  +1 555 0100

    {"email":"marta.kowalska@example.com","order_id":"100000001","telephone":"+48 22 555 0111"}
    {"email":"robin.leaver@example.com","order_id":"100000001","telephone":"+1 555 0100"}

    email,order_id,telephone
    marta.kowalska@example.com,100000001,'+48 22 555 0111
    robin.leaver@example.com,100000001,'+1 555 0100
    "#);
    let json = find(&sandbox, &["www.example.com", "-o", "json"]);
    assert_eq!(
        json.stdout.split("\"search\"").next(),
        find(&sandbox, &["www.example.com", "--json"])
            .stdout
            .split("\"search\"")
            .next()
    );
    for args in [&["-o", "json"][..], &["--json"]] {
        let ran = find(&sandbox, &[&["www.example.com"], args, &columns].concat());
        assert_eq!(ran.exit, Exit::Usage, "{ran}");
    }
}

#[test]
fn csv_is_the_same_by_either_option() {
    let sandbox = Sandbox::start().unwrap();
    let [short, long] = [&["--csv"][..], &["--output", "csv"]]
        .map(|args| find(&sandbox, &[&[LEAVER], args].concat()).stdout);
    assert_eq!(short, long);
    assert!(
        short.contains(",'+1 555 0100,"),
        "formulas are escaped: {short}"
    );
}
