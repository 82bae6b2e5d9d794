//! `sandbox` and its options.

use std::io::{Read, Write};
use std::process::Output;

use crate::process::{Served, command};
use crate::run::run;

fn get(served: &Served, order: &str) -> Output {
    command()
        .args(["get", order, "--base-url", &served.base_url])
        .env("DIGICERT_API_KEY", &served.api_key)
        .output()
        .unwrap()
}

#[test]
fn a_fault_option_takes_effect() {
    let served = Served::start_with(&["--fault", "status=400,order=100000002"]);
    assert_eq!(get(&served, "100000001").status.code(), Some(0));
    let failed = get(&served, "100000002");
    assert_eq!(failed.status.code(), Some(3));
    let text =
        String::from_utf8(failed.stdout).unwrap() + &String::from_utf8(failed.stderr).unwrap();
    assert!(text.contains("sandbox_fault"), "{text}");
}

#[test]
fn a_seeded_account_is_saved_and_loaded_again() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("account");
    let file = file.to_str().unwrap();
    let served = Served::start_with(&["--orders", "40", "--seed", "7", "--save", file]);
    let first = get(&served, "100000040");
    assert_eq!(first.status.code(), Some(0));
    assert_eq!(served.interrupt(), Some(0));
    let served = Served::start_with(&["--snapshot", file, "--rate-limit", "off"]);
    assert_eq!(get(&served, "100000040").stdout, first.stdout);
}

#[test]
fn the_admin_url_is_printed() {
    let served = Served::start_with(&["--admin-port", "0", "--manual-clock"]);
    let url = served.admin_url.as_deref().unwrap();
    assert!(url.starts_with("http://127.0.0.1:"), "{url}");
    assert!(
        !served.base_url.starts_with(url),
        "it has a port of its own"
    );
    assert_eq!(Served::start().admin_url, None);
}

#[test]
fn invalid_sandbox_options_are_rejected() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("account");
    std::fs::write(&file, "{}\n").unwrap();
    let message = |args: &[&str]| {
        let ran = run(&[&["sandbox"], args].concat());
        let text = ran
            .stderr
            .replace(directory.path().to_str().unwrap(), "[directory]");
        format!("{} {}", ran.exit.code(), text.trim())
    };
    let cases = [
        message(&["--fault", "explode"]),
        message(&["--rate-limit", "5"]),
        message(&["--snapshot", file.to_str().unwrap()]),
        message(&["--orders", "0"]),
        message(&["--seed", "7"]),
        message(&["--manual-clock"]),
    ];
    insta::assert_snapshot!(cases.join("\n---\n"), @"
    64 error: invalid value 'explode' for '--fault <FAULT>': `action`: unknown variant `explode`, expected one of `status`, `html`, `redirect`, `delay`, `drip`, `half`, `close`, `reset`, `absent`, `lag`, `cut`

    For more information, try '--help'.
    ---
    64 error: invalid value '5' for '--rate-limit <COUNT/SECONDS>': expected `off` or COUNT/SECONDS, such as 100/5

    For more information, try '--help'.
    ---
    65 error: cannot load the account from `[directory]/account`: line 1 is not part of a sandbox snapshot
    ---
    64 error: invalid value '0' for '--orders <COUNT>': 0 is not in 1..=5000000

    For more information, try '--help'.
    ---
    64 error: the following required arguments were not provided:
      --orders <COUNT>

    Usage: digicert-contacts sandbox --orders <COUNT> --seed <NUMBER>

    For more information, try '--help'.
    ---
    64 error: the following required arguments were not provided:
      --admin-port <PORT>

    Usage: digicert-contacts sandbox --admin-port <PORT> --manual-clock

    For more information, try '--help'.
    ");
}

#[test]
fn a_fault_option_removes_a_source() {
    let served = Served::start_with(&["--fault", "absent,path=report/order", "--fault", "cut=5"]);
    let url = served.base_url.strip_prefix("http://").unwrap();
    let (address, base_path) = url.split_once('/').unwrap();
    let exchange = |method: &str, path: &str, body: &str| {
        let mut connection = std::net::TcpStream::connect(address).unwrap();
        write!(
            connection,
            "{method} /{base_path}/{path} HTTP/1.1\r\nx-dc-devkey: {}\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            served.api_key,
            body.len()
        )
        .unwrap();
        let mut response = String::new();
        connection.read_to_string(&mut response).unwrap();
        response
    };
    let report = exchange("GET", "report/order", "");
    assert!(report.starts_with("HTTP/1.1 404 "), "{report}");
    let query = r#"{"query": "{ order_details { contacts_email } }"}"#;
    let found = exchange("POST", "reports/query", query);
    assert_eq!(found.matches("contacts_email").count(), 5);
}
