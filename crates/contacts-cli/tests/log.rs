//! The log at its most verbose level. A separate test binary, because a process has one logger.

use std::sync::Mutex;

use contacts_cli::{CancelToken, Io};
use contacts_sandbox::Sandbox;
use log::{LevelFilter, Log, Metadata, Record};

struct Collector(Mutex<Vec<String>>);

impl Log for Collector {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        let line = format!("{} {}: {}", record.level(), record.target(), record.args());
        self.0.lock().expect("no test panicked").push(line);
    }

    fn flush(&self) {}
}

static COLLECTOR: Collector = Collector(Mutex::new(Vec::new()));

#[test]
fn the_log_contains_neither_key_nor_contacts() {
    log::set_logger(&COLLECTOR).expect("the only one");
    log::set_max_level(LevelFilter::Trace);
    let sandbox = Sandbox::start().expect("a port");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("contacts.csv");
    let csv = "order_id,contact_type,first_name,last_name,email,job_title,telephone\n\
               100000001,technical_contact,MarkerA,MarkerB,markerc@example.com,MarkerD,MarkerE\n\
               100000003,technical_contact,MarkerA,MarkerB,markerc@example.com,MarkerD,MarkerE\n";
    std::fs::write(&file, csv).expect("writable");
    for key in [
        "sandbox-demo-key",
        "sandbox-demo-key-view-only",
        "Marker-Key-4711",
    ] {
        let mut io = Io::for_tests()
            .with_environment(|name| (name == "DIGICERT_API_KEY").then(|| key.to_owned()));
        let (file, base_url) = (file.display().to_string(), sandbox.base_url());
        let journal = folder.path().join(format!("{key}.jsonl"));
        let args = [
            "digicert-contacts",
            "apply",
            &file,
            "--yes",
            "--base-url",
            &base_url,
            "--journal",
            journal.to_str().expect("a name of ASCII"),
        ];
        contacts_cli::run(args, &mut io, &CancelToken::default());
    }
    for journal in std::fs::read_dir(folder.path()).expect("it is there") {
        let text = std::fs::read_to_string(journal.expect("it is there").path());
        let text = text.expect("it is text").to_lowercase();
        assert!(
            !text.contains("key-4711") && !text.contains("sandbox-demo-key"),
            "{text}"
        );
    }
    let log = COLLECTOR.0.lock().expect("no test panicked").join("\n");
    let lower = log.to_lowercase();
    for secret in ["marker", "sandbox-demo-key", "robin", "leaver"] {
        assert!(!lower.contains(secret), "{secret}: {log}");
    }
    for message in [
        "DEBUG contacts_http::client: PUT order/certificate/100000001/contact: attempt 1: 204 in ",
        "DEBUG contacts_http::client: PUT order/certificate/100000001/contact: attempt 1",
        "WARN contacts_http::client: order 100000001 could not be read: the server answered 403",
    ] {
        assert!(log.contains(message), "{log}");
    }
}
