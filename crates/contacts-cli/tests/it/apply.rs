//! `apply`, from a file to changed orders.

use contacts_cli::{CancelToken, Exit, Io};
use contacts_sandbox::{Account, Sandbox};

use crate::run::{
    example, puts, run, run_against, run_on, run_with_key, with_journal, without_address,
};

#[test]
fn apply_changes_every_order_that_differs() {
    let sandbox = Sandbox::start().unwrap();
    let file = example("contacts.csv");
    let ran = run_against(&sandbox, &["apply", &file, "--yes"]);
    assert_eq!(ran.exit, Exit::Done);
    insta::assert_snapshot!(ran);
    assert_eq!(puts(&sandbox), 12, "none for the two unchanged orders");
    let six = sandbox.order(100_000_006).unwrap();
    assert_eq!(six["organization_contact"]["last_name"], "Kowalska");
    assert_eq!(
        six["technical_contact"]["email"],
        "ines.ferreira@example.com"
    );
    let nine = sandbox.order(100_000_009).unwrap();
    assert_eq!(
        nine["technical_contact"]["telephone"], "+1 555 0100",
        "an empty cell keeps the value"
    );
    assert_eq!(
        sandbox.order(100_000_010).unwrap()["technical_contact"]["language_id"],
        "1"
    );
}

#[test]
fn a_second_run_sends_only_values_that_cannot_be_read() {
    let sandbox = Sandbox::start().unwrap();
    let file = example("contacts.csv");
    run_against(&sandbox, &["apply", &file, "--yes"]);
    let again = run_against(&sandbox, &["apply", &file, "--yes"]);
    assert_eq!(again.exit, Exit::Done);
    assert!(
        again
            .stdout
            .contains("done: 14 orders: 1 changed, 13 unchanged"),
        "{again}"
    );
    assert_eq!(puts(&sandbox), 13, "only the order with a language_id");
}

#[test]
fn blocked_and_missing_orders_do_not_stop_the_others() {
    let sandbox = Sandbox::start().unwrap();
    let before = [100_000_003, 200_000_001].map(|id| sandbox.order(id).unwrap());
    let file = example("contacts-with-problems.csv");
    let ran = run_against(&sandbox, &["apply", &file, "--yes"]);
    assert_eq!(ran.exit, Exit::SomeFailed);
    insta::assert_snapshot!(ran);
    assert_eq!(puts(&sandbox), 2);
    assert_eq!(
        [100_000_003, 200_000_001].map(|id| sandbox.order(id).unwrap()),
        before
    );
}

#[test]
fn the_json_output_of_apply_is_one_document() {
    let file = example("contacts-with-problems.csv");
    let ran = run(&["apply", &file, "--sandbox", "--yes", "--json"]);
    assert_eq!((ran.exit, ran.stderr.as_str()), (Exit::SomeFailed, ""));
    insta::assert_snapshot!(ran.stdout);
}

#[test]
fn nothing_is_changed_without_confirmation() {
    let file = example("contacts.csv");
    for (typed, exit, sent) in [
        ("y\n", Exit::Done, 12),
        ("Yes\n", Exit::Done, 12),
        ("n\n", Exit::Failed, 0),
        ("\n", Exit::Failed, 0),
        ("", Exit::Failed, 0),
        ("yess\n", Exit::Failed, 0),
    ] {
        let sandbox = Sandbox::start().unwrap();
        let io = Io::for_tests()
            .with_stdin(typed.as_bytes(), true)
            .with_environment(|name| {
                (name == "DIGICERT_API_KEY").then(|| Account::DEMO_KEY.to_owned())
            });
        let ran = run_on(io, &["apply", &file, "--base-url", &sandbox.base_url()]);
        assert_eq!((ran.exit, puts(&sandbox)), (exit, sent), "{typed:?}");
        assert!(ran.stderr.starts_with("Change 12 orders?"), "{ran}");
    }
}

#[test]
fn without_a_terminal_nothing_is_changed() {
    let sandbox = Sandbox::start().unwrap();
    let ran = run_against(&sandbox, &["apply", &example("contacts.csv")]);
    assert_eq!(ran.exit, Exit::Usage);
    insta::assert_snapshot!(ran.stderr, @"error: no terminal to ask for confirmation: add --yes; nothing was changed");
    assert_eq!(sandbox.requests().len(), 14, "the plan is shown");
    let ran = run_against(&sandbox, &["apply", &example("contacts.csv"), "--json"]);
    assert_eq!((ran.exit, sandbox.requests().len()), (Exit::Usage, 14));
    insta::assert_snapshot!(ran.stderr, @"error: --json cannot ask for confirmation: add --yes; nothing was changed");
}

#[test]
fn verification_can_be_turned_off() {
    let sandbox = Sandbox::start().unwrap();
    let ran = run_against(
        &sandbox,
        &["apply", &example("contacts.csv"), "--yes", "--no-verify"],
    );
    assert!(
        ran.stdout.contains(
            "changed    100000014\n\ndone: 14 orders: 12 changed, 2 unchanged\n0 of 12 verified\n"
        ),
        "{ran}"
    );
    assert_eq!(sandbox.requests().len(), 14 + 12);
}

#[test]
fn a_view_only_key_stops_the_run_at_the_first_change() {
    let sandbox = Sandbox::start().unwrap();
    let args = ["apply", &example("contacts.csv"), "--yes"];
    let ran = run_with_key(&sandbox, Account::DEMO_VIEW_ONLY_KEY, &args);
    assert_eq!(ran.exit, Exit::KeyRejected);
    assert_eq!(puts(&sandbox), 1);
    insta::assert_snapshot!(without_address(&ran.stderr, &sandbox), @"
    error: stopped, 13 orders skipped: the contacts of order 100000001 could not be changed: the server answered 403: access_denied|missing_permission: The API key's role does not permit this request.; the key does not permit this: give it another role, or use another key
    to resume:
      digicert-contacts resume [folder]/run.jsonl --base-url http://[sandbox]/services/v2
    ");
    assert!(
        ran.stdout
            .ends_with("\ndone: 14 orders: 1 failed, 13 skipped\n"),
        "{ran}"
    );
}

#[test]
fn a_cancelled_run_sends_no_other_request() {
    let sandbox = Sandbox::start().unwrap();
    let cancel = CancelToken::default();
    cancel.cancel();
    let mut io = Io::for_tests().with_environment(|name| {
        (name == "DIGICERT_API_KEY").then(|| Account::DEMO_KEY.to_owned())
    });
    let (file, base_url) = (example("contacts.csv"), sandbox.base_url());
    let folder = tempfile::tempdir().unwrap();
    let args = ["apply", &file, "--yes", "--base-url", &base_url];
    let args = with_journal(&args, &folder);
    assert_eq!(contacts_cli::run(args, &mut io, &cancel), Exit::Interrupted);
    let stderr = io.stderr_text();
    assert!(
        stderr.starts_with("error: stopped, 14 orders skipped\nto resume:\n"),
        "{stderr}"
    );
    assert!(sandbox.requests().is_empty());
}

#[test]
fn a_run_cancelled_between_changes_leaves_the_other_orders_unchanged() {
    let sandbox = Sandbox::start().unwrap();
    let cancel = CancelToken::default();
    let written = std::sync::Arc::new(std::sync::Mutex::new(String::new()));
    let seen = std::sync::Arc::clone(&written);
    let stdout = CancelAfter {
        seen,
        ..CancelAfter::new("changed    100000003", &cancel)
    };
    let mut io = Io::for_tests()
        .with_stdout(stdout)
        .with_environment(|name| {
            (name == "DIGICERT_API_KEY").then(|| Account::DEMO_KEY.to_owned())
        });
    let (file, base_url) = (example("contacts.csv"), sandbox.base_url());
    let folder = tempfile::tempdir().unwrap();
    let args = ["apply", &file, "--yes", "--base-url", &base_url];
    let args = with_journal(&args, &folder);
    assert_eq!(contacts_cli::run(args, &mut io, &cancel), Exit::Interrupted);
    assert_eq!(puts(&sandbox), 3);
    let stderr = io
        .stderr_text()
        .replace(folder.path().to_str().unwrap(), "[folder]");
    insta::assert_snapshot!(without_address(&stderr, &sandbox), @"
    error: stopped, 11 orders skipped
    to resume:
      digicert-contacts resume [folder]/run.jsonl --base-url http://[sandbox]/services/v2
    ");
    let written = written.lock().unwrap();
    assert!(
        written.contains("done: 14 orders: 3 changed, 11 skipped\n3 of 3 verified\n"),
        "{written}"
    );
}

/// An output that cancels the command once `text` was written.
pub(crate) struct CancelAfter {
    seen: std::sync::Arc<std::sync::Mutex<String>>,
    text: &'static str,
    cancel: CancelToken,
}

impl CancelAfter {
    pub(crate) fn new(text: &'static str, cancel: &CancelToken) -> Self {
        Self {
            seen: std::sync::Arc::default(),
            text,
            cancel: cancel.clone(),
        }
    }
}

impl std::io::Write for CancelAfter {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let mut seen = self.seen.lock().unwrap();
        seen.push_str(std::str::from_utf8(bytes).unwrap());
        if seen.contains(self.text) {
            self.cancel.cancel();
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_closed_pipe_does_not_stop_a_run() {
    struct Closed;
    impl std::io::Write for Closed {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let sandbox = Sandbox::start().unwrap();
    let io = Io::for_tests()
        .with_stdout(Closed)
        .with_environment(|name| {
            (name == "DIGICERT_API_KEY").then(|| Account::DEMO_KEY.to_owned())
        });
    let args = [
        "apply",
        &example("contacts.csv"),
        "--yes",
        "--base-url",
        &sandbox.base_url(),
    ];
    assert_eq!(run_on(io, &args).exit, Exit::Done);
    assert_eq!(puts(&sandbox), 12);
}

#[test]
fn server_text_cannot_control_the_terminal() {
    let mut account = Account::demo();
    account.add_order(7, serde_json::json!({
        "status": "issued\u{1b}[2J",
        "certificate": {"common_name": "\u{202E}moc"},
        "technical_contact": {"first_name": "\u{9b}31mRobin", "last_name": "L", "email": "r@example.com"},
    }));
    let sandbox = Sandbox::builder().account(account).start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("contacts.csv");
    let csv = "order_id,contact_type,first_name,last_name,email\n7,technical_contact,Jane,Doe,jane@example.com\n";
    std::fs::write(&file, csv).unwrap();
    let ran = run_against(&sandbox, &["apply", file.to_str().unwrap(), "--yes"]);
    let bad = |c: char| c.is_control() && c != '\n' || c == '\u{202E}';
    assert!(!ran.stdout.contains(bad), "{:?}", ran.stdout);
    assert!(ran.stdout.contains("\u{FFFD}31mRobin"), "{ran}");
}
