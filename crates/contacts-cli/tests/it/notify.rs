//! The command of `--notify`, after runs.
#![cfg(unix)]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;

use contacts_cli::{CancelToken, Exit, Io};
use contacts_sandbox::{Account, Fault, Sandbox};
use serde_json::Value;

use crate::apply::CancelAfter;
use crate::files::Files;
use crate::process;
use crate::run::{Ran, example, run_against, run_on, run_with_key};
use crate::tool::tool;

const JANE: &str = "first_name=Jane,last_name=Doe,email=jane.doe@example.com";

/// Changes an order of the demo account.
const SET: [&str; 6] = [
    "set",
    "100000005",
    "--technical",
    JANE,
    "--sandbox",
    "--yes",
];

/// A command that keeps its input in the file `summary`.
fn keep(files: &Files) -> String {
    format!("cat > {}", files.path("summary"))
}

/// The command line of an `apply` with a journal and a notification.
fn apply<'a>(file: &'a str, journal: &'a str, notify: &'a str) -> Vec<&'a str> {
    vec![
        "apply",
        file,
        "--yes",
        "--journal",
        journal,
        "--notify",
        notify,
    ]
}

fn summary(files: &Files) -> Value {
    serde_json::from_str(&files.text("summary")).unwrap()
}

/// The summary as it was sent, with stable names.
fn shown(files: &Files, sandbox: &Sandbox) -> String {
    let text = files.hide(&format!("{:#}", summary(files)));
    text.replace(&sandbox.address().to_string(), "[sandbox]")
}

#[test]
fn the_summary_of_a_run_has_counts_and_no_contacts() {
    let (sandbox, files) = (Sandbox::start().unwrap(), Files::new());
    let (file, journal) = (
        example("contacts-with-problems.csv"),
        files.path("run.jsonl"),
    );
    let ran = run_against(&sandbox, &apply(&file, &journal, &keep(&files)));
    assert_eq!((ran.exit, ran.stderr.as_str()), (Exit::SomeFailed, ""));
    insta::assert_snapshot!(shown(&files, &sandbox), @r#"
    {
      "command": "apply",
      "exit_code": 3,
      "summary": {
        "orders": 6,
        "unchanged": 1,
        "blocked": 1,
        "read_failed": 2,
        "conflict": 0,
        "changed": 2,
        "verified": 2,
        "verified_by_report": 0,
        "mismatch": 0,
        "verify_failed": 0,
        "sampled": 0,
        "failed": 0,
        "unknown": 0,
        "skipped": 0
      },
      "stopped": null,
      "journal": "[folder]/run.jsonl",
      "resume": null
    }
    "#);
    assert!(!files.text("summary").contains('@'));
}

#[test]
fn a_cancelled_run_is_reported_with_the_command_that_resumes_it() {
    let (sandbox, files) = (Sandbox::start().unwrap(), Files::new());
    let cancel = CancelToken::default();
    let mut io = Io::for_tests()
        .with_stdout(CancelAfter::new("changed    100000003", &cancel))
        .with_environment(|name| {
            (name == "DIGICERT_API_KEY").then(|| Account::DEMO_KEY.to_owned())
        });
    let (file, journal) = (example("contacts.csv"), files.path("run.jsonl"));
    let (notify, base_url) = (keep(&files), sandbox.base_url());
    let mut args = vec!["digicert-contacts"];
    args.extend(apply(&file, &journal, &notify));
    args.extend(["--base-url", &base_url]);
    assert_eq!(contacts_cli::run(args, &mut io, &cancel), Exit::Interrupted);
    insta::assert_snapshot!(shown(&files, &sandbox), @r#"
    {
      "command": "apply",
      "exit_code": 130,
      "summary": {
        "orders": 14,
        "unchanged": 0,
        "blocked": 0,
        "read_failed": 0,
        "conflict": 0,
        "changed": 3,
        "verified": 3,
        "verified_by_report": 0,
        "mismatch": 0,
        "verify_failed": 0,
        "sampled": 0,
        "failed": 0,
        "unknown": 0,
        "skipped": 11
      },
      "stopped": {
        "kind": "cancelled",
        "outcome": "not-sent",
        "codes": [],
        "message": "order 100000004 could not be read: cancelled"
      },
      "journal": "[folder]/run.jsonl",
      "resume": "digicert-contacts resume [folder]/run.jsonl --base-url http://[sandbox]/services/v2"
    }
    "#);

    let args = ["resume", &journal, "--yes", "--notify", &notify];
    assert_eq!(run_against(&sandbox, &args).exit, Exit::Done);
    let resumed = summary(&files);
    assert_eq!(
        (&resumed["command"], &resumed["summary"]["changed"]),
        (&"resume".into(), &12.into())
    );
}

#[test]
fn a_run_that_a_rejected_key_stopped_is_reported() {
    let (sandbox, files) = (Sandbox::start().unwrap(), Files::new());
    let (file, journal) = (example("contacts.csv"), files.path("run.jsonl"));
    let ran = run_with_key(&sandbox, "wrong", &apply(&file, &journal, &keep(&files)));
    assert_eq!(ran.exit, Exit::KeyRejected);
    let summary = summary(&files);
    assert_eq!(summary["exit_code"], 4);
    assert_eq!(summary["stopped"]["kind"], "key-rejected");
}

#[test]
fn set_and_replace_are_runs_too() {
    let (sandbox, files) = (Sandbox::start().unwrap(), Files::new());
    let notify = keep(&files);
    let options = ["--yes", "--notify", &notify];
    for (args, changed) in [
        (["set", "100000005", "--technical", JANE], 1),
        (
            ["replace", "--from=robin.leaver@example.com", "--with", JANE],
            10,
        ),
    ] {
        let ran = run_against(&sandbox, &[&args[..], &options].concat());
        assert_eq!(ran.exit, Exit::Done, "{ran}");
        let summary = summary(&files);
        assert_eq!(
            (&summary["command"], &summary["summary"]["changed"]),
            (&args[0].into(), &changed.into())
        );
    }
}

#[test]
fn the_exit_code_of_replace_includes_orders_that_were_not_searched() {
    let (sandbox, files) = (Sandbox::start().unwrap(), Files::new());
    let unreadable = Fault::status(500).method("GET").orders([100_000_004]);
    sandbox.add_fault(unreadable).unwrap();
    let notify = keep(&files);
    let args = [
        "replace",
        "--from=nobody@example.com",
        "--with",
        JANE,
        "--read-all",
        "--yes",
        "--notify",
        &notify,
    ];
    assert_eq!(run_against(&sandbox, &args).exit, Exit::SomeFailed);
    assert_eq!(summary(&files)["exit_code"], 3);
}

#[test]
fn a_journal_that_was_removed_is_not_named() {
    let (sandbox, files) = (Sandbox::start().unwrap(), Files::new());
    let file = files.with(
        "jane.csv",
        "order_id,contact_type,first_name,last_name,email\n\
         100000005,technical_contact,Jane,Doe,jane.doe@example.com\n",
    );
    let (first, second) = (files.path("1.jsonl"), files.path("2.jsonl"));
    let notify = keep(&files);
    run_against(&sandbox, &apply(&file, &first, &notify));
    assert_eq!(summary(&files)["journal"], first);
    let mut args = apply(&file, &second, &notify);
    args.push("--json");
    let ran = run_against(&sandbox, &args);
    let document: Value = serde_json::from_str(&ran.stdout).unwrap();
    for document in [document, summary(&files)] {
        assert_eq!(document["summary"]["unchanged"], 1);
        assert_eq!(document["journal"], Value::Null);
    }
    assert!(!fs::exists(second).unwrap());
}

#[test]
fn without_a_run_nothing_is_notified() {
    let (sandbox, files) = (Sandbox::start().unwrap(), Files::new());
    let (file, notify) = (example("contacts.csv"), keep(&files));
    let (bad, plan) = (files.with("bad.csv", "order_id\n1\n"), files.path("plan"));
    let successor = [
        "replace",
        "--from=robin.leaver@example.com",
        "--with",
        JANE,
        "--plan",
        &plan,
    ];
    for (args, exit) in [
        (&["apply", &file][..], Exit::Usage),
        (&["apply", &bad, "--yes"], Exit::BadInput),
        (
            &["apply", &file, "--yes", "--max-changes", "1"],
            Exit::TooManyChanges,
        ),
        (&successor, Exit::Done),
    ] {
        let ran = run_against(&sandbox, &[args, &["--notify", &notify]].concat());
        assert_eq!(ran.exit, exit, "{ran}");
    }
    assert!(!fs::exists(files.path("summary")).unwrap());
}

#[test]
fn a_command_that_fails_is_a_warning_and_keeps_the_exit_code() {
    let warnings = ["echo unreachable >&2; exit 7", "exit 1 < /dev/null"].map(|notify| {
        let ran = run_on(Io::for_tests(), &[&SET[..], &["--notify", notify]].concat());
        assert_eq!(ran.exit, Exit::Done, "{ran}");
        ran.stderr
    });
    insta::assert_snapshot!(warnings.concat(), @"
    warning: the command of --notify failed: exit status: 7
      unreachable
    warning: the command of --notify failed: exit status: 1
    ");
}

#[test]
fn the_output_of_the_command_is_not_that_of_the_run() {
    let notify = ["--json", "--notify", "echo sent; echo sent >&2"];
    let ran = run_on(Io::for_tests(), &[&SET[..], &notify].concat());
    assert!(serde_json::from_str::<Value>(&ran.stdout).is_ok(), "{ran}");
    assert_eq!(ran.stderr, "");
}

#[test]
fn the_command_gets_no_secret_from_the_environment() {
    let files = Files::new();
    let notify = format!("env > {}", files.path("environment"));
    let output = process::command()
        .args(["set", "100000005", "--technical", JANE, "--sandbox"])
        .args(["--yes", "--notify", &notify])
        .env("DIGICERT_API_KEY", "Marker-4711")
        .env("DIGICERT_RATE_LIMIT_URL", "redis://:Marker-4711@localhost")
        .env("DIGICERT_REGION", "us")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let environment = files.text("environment");
    assert!(environment.contains("DIGICERT_REGION=us\n"));
    assert!(!environment.contains("Marker-4711"));
}

/// Changes one of two orders and runs an example of `examples/notify`.
fn run_example(notify: &str) -> Ran {
    let files = Files::new();
    let file = files.with(
        "contacts.csv",
        "order_id,contact_type,first_name,last_name,email\n\
         100000005,technical_contact,Jane,Doe,jane.doe@example.com\n\
         5,technical_contact,Jane,Doe,jane.doe@example.com\n",
    );
    let args = ["apply", &file, "--sandbox", "--yes", "--notify", notify];
    run_on(Io::for_tests(), &args)
}

#[test]
fn an_example_mails_the_summary() {
    let Some(_) = tool("jq") else { return };
    let files = Files::new();
    let script = format!(
        "#!/bin/sh\necho \"$@\" > {0}\ncat >> {0}\n",
        files.path("mail")
    );
    let sendmail = files.with("sendmail", &script);
    fs::set_permissions(&sendmail, fs::Permissions::from_mode(0o755)).unwrap();
    let (folder, mail) = (files.path(""), example("notify/mail.sh"));
    let ran = run_example(&format!("PATH={folder}:$PATH {mail} pki@example.com"));
    assert_eq!((ran.exit, ran.stderr.as_str()), (Exit::SomeFailed, ""));
    insta::assert_snapshot!(files.text("mail"), @"
    -t
    To: pki@example.com
    Subject: digicert-contacts apply: 1 of 2 orders changed, not all done
    Content-Type: text/plain; charset=utf-8

    digicert-contacts apply: 1 of 2 orders changed, not all done

    1 read failed
    1 changed
    1 verified
    ");
}

/// Accepts one request, answers it with `status`, and returns its body.
fn answer(listener: &TcpListener, status: &str) -> String {
    let (stream, _) = listener.accept().unwrap();
    let mut reader = BufReader::new(&stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line.trim().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    write!(&stream, "HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n").unwrap();
    String::from_utf8(body).unwrap()
}

#[test]
fn an_example_posts_the_summary_to_a_chat() {
    let (Some(_), Some(_)) = (tool("jq"), tool("curl")) else {
        return;
    };
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let files = Files::new();
    let url = format!(
        "url = \"http://{}/secret\"\n",
        listener.local_addr().unwrap()
    );
    let notify = format!(
        "{} {}",
        example("notify/chat.sh"),
        files.with("webhook", &url)
    );
    let server =
        std::thread::spawn(move || ["200 OK", "404 Not Found"].map(|s| answer(&listener, s)));
    let (first, second) = (run_example(&notify), run_example(&notify));
    let [body, _] = server.join().unwrap();
    assert_eq!((first.exit, first.stderr.as_str()), (Exit::SomeFailed, ""));
    insta::assert_snapshot!(body, @r#"
    {
      "text": "digicert-contacts apply: 1 of 2 orders changed, not all done\n\n1 read failed\n1 changed\n1 verified\n"
    }
    "#);
    assert_eq!(second.exit, Exit::SomeFailed);
    insta::assert_snapshot!(second.stderr, @"
    warning: the command of --notify failed: exit status: 22
      curl: (22) The requested URL returned error: 404
    ");
}
