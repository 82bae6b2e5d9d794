//! Kills the real binary at any moment and resumes its run.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use contacts_bulk::Replay;
use contacts_bulk::file::FileErrorKind;
use contacts_sandbox::{Account, RateLimits, Sandbox};
use serde_json::json;

use crate::files::Files;
use crate::process::{command, signal};
use crate::run::run_against;

const ORDERS: u64 = 24;

/// Orders 1 to `orders`, whose technical contact a plan changes from John to Jane.
fn sandbox(orders: u64) -> Sandbox {
    let mut account = Account::default();
    account.add_key(Account::DEMO_KEY, contacts_sandbox::KeyRole::Orders);
    let john = json!({"first_name": "John", "last_name": "Doe", "email": "john@example.com"});
    for id in 1..=orders {
        account.add_order(id, json!({"status": "issued", "technical_contact": john}));
    }
    let builder = Sandbox::builder().account(account);
    builder.rate_limits(RateLimits::off()).start().unwrap()
}

fn csv(orders: u64) -> String {
    let row = |id| format!("{id},technical_contact,Jane,Doe,jane@example.com\n");
    let rows: String = (1..=orders).map(row).collect();
    format!("order_id,contact_type,first_name,last_name,email\n{rows}")
}

struct Killed {
    sandbox: Sandbox,
    files: Files,
}

impl Killed {
    fn new() -> Self {
        Self::with(ORDERS)
    }

    fn with(orders: u64) -> Self {
        let (sandbox, files) = (sandbox(orders), Files::new());
        let file = files.with("contacts.csv", &csv(orders));
        let planned = run_against(&sandbox, &["plan", &file, "-o", &files.path("plan.json")]);
        let to_change = format!("{orders} to change");
        assert!(planned.stdout.contains(&to_change), "{planned}");
        Self { sandbox, files }
    }

    fn command(&self, args: &[&str]) -> std::process::Command {
        let mut command = command();
        command
            .args(args)
            .args([
                "--yes",
                "--no-verify",
                "--base-url",
                &self.sandbox.base_url(),
            ])
            .env("DIGICERT_API_KEY", Account::DEMO_KEY)
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        command
    }

    /// Applies the plan, or the file itself, whose orders the run reads one by one.
    fn apply(&self, source: &str, journal: &str) -> std::process::Command {
        self.command(&["apply", &self.files.path(source), "--journal", journal])
    }

    fn finish(&self, args: &[&str]) -> Output {
        let output = self.command(args).output().unwrap();
        let message = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{args:?}: {message}");
        output
    }

    /// The number of PUT requests for each order.
    fn puts(&self) -> HashMap<u64, usize> {
        let mut puts = HashMap::new();
        for request in self.sandbox.requests() {
            let id = request
                .target
                .split('/')
                .nth_back(1)
                .and_then(|id| id.parse().ok());
            if let (Some(id), "PUT") = (id, request.method.as_str()) {
                *puts.entry(id).or_default() += 1;
            }
        }
        puts
    }
}

/// Kills a run of `source` once its journal has `length` bytes, resumes it, and checks every order.
///
/// Unlike a wait, the length of the journal does not depend on how busy the machine is.
fn kill_at(source: &str, length: u64) -> &'static str {
    let killed = Killed::new();
    let journal = killed.files.path("run.jsonl");
    let mut child = killed.apply(source, &journal).spawn().unwrap();
    let written = || std::fs::metadata(&journal).map_or(0, |file| file.len());
    while written() < length && child.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_micros(100));
    }
    child.kill().unwrap();
    child.wait().unwrap();

    let bytes = std::fs::read(&journal).unwrap_or_default();
    let (moment, unknown) = match Replay::read(&bytes) {
        Err(error) if error.kind == FileErrorKind::NothingSent => {
            assert!(killed.puts().is_empty(), "killed at {length} bytes");
            killed.finish(&[
                "apply",
                &killed.files.path(source),
                "--journal",
                &killed.files.path("2.jsonl"),
            ]);
            ("before", Vec::new())
        }
        Ok(replay) => {
            let unknown = replay.orders().filter(|(_, result)| result.is_none());
            let unknown: Vec<_> = unknown.map(|(order, _)| order.get()).collect();
            let open = replay.remaining();
            killed.finish(&["resume", &journal]);
            let moment = if open == 0 { "behind" } else { "within" };
            (moment, unknown)
        }
        Err(error) => panic!("killed at {length} bytes: {error}"),
    };

    let puts = killed.puts();
    for id in 1..=ORDERS {
        let order = killed.sandbox.order(id).unwrap();
        assert_eq!(
            order["technical_contact"]["first_name"], "Jane",
            "order {id}, killed at {length} bytes"
        );
        let most = if unknown.contains(&id) { 2 } else { 1 };
        assert!(
            (1..=most).contains(&puts[&id]),
            "order {id} got {} requests, killed at {length} bytes",
            puts[&id]
        );
    }
    moment
}

#[test]
fn resume_finishes_a_run_killed_at_any_moment() {
    kill_at_many_moments("plan.json");
}

#[test]
fn resume_finishes_a_run_without_a_reading_phase_killed_at_any_moment() {
    kill_at_many_moments("contacts.csv");
}

fn kill_at_many_moments(source: &str) {
    let kills = std::env::var("CONTACTS_KILLS").map_or(20_u32, |kills| kills.parse().unwrap());
    let whole = Killed::new();
    let journal = whole.files.path("run.jsonl");
    assert!(whole.apply(source, &journal).status().unwrap().success());
    let bytes = std::fs::read(&journal).unwrap();
    let plan = bytes
        .windows(9)
        .position(|text| text == b"{\"started")
        .unwrap() as u64;
    let entries = bytes.len() as u64 - plan;
    let mut moments = HashMap::new();
    // Multiples of the golden ratio cover the whole run without repetition.
    for kill in 0..kills {
        let part = u64::from(kill) * 618_034 % 1_000_000;
        let moment = match kill {
            0 => kill_at(source, 0),
            _ => kill_at(source, plan + entries * part / 1_000_000),
        };
        *moments.entry(moment).or_insert(0) += 1;
    }
    assert!(
        moments["within"] * 4 > kills,
        "most are killed while they send: {moments:?}"
    );
}

#[test]
fn two_runs_cannot_write_one_journal() {
    let killed = Killed::new();
    let journal = killed.files.path("run.jsonl");
    let held = contacts_bulk::JournalFile::create(&journal).unwrap();
    let message = |args: &[&str]| {
        let output = killed.command(args).output().unwrap();
        assert_eq!(
            output.status.code(),
            Some(if args[0] == "resume" { 65 } else { 1 })
        );
        killed
            .files
            .hide(&String::from_utf8(output.stderr).unwrap())
    };
    insta::assert_snapshot!(message(&["resume", &journal]), @"error: cannot read `[folder]/run.jsonl`: another run uses it");
    insta::assert_snapshot!(message(&["apply", &killed.files.path("plan.json"), "--journal", &journal]), @"error: `[folder]/run.jsonl` exists; name a new file, or remove it; nothing was sent");
    drop(held);
    assert!(killed.puts().is_empty());
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_stops_a_run_and_the_error_says_how_to_resume() {
    let killed = Killed::new();
    // A limit on file sizes needs no privileges, unlike a small file system.
    let journal = killed.files.path("run.jsonl");
    let mut shell = std::process::Command::new("sh");
    let plan = killed.files.path("plan.json");
    let binary = env!("CARGO_BIN_EXE_digicert-contacts");
    // In blocks of 512 bytes. Without the trap, SIGXFSZ would end the process.
    let script = "trap '' XFSZ; ulimit -f 16; exec \"$0\" \"$@\"";
    shell.args([
        "-c",
        script,
        binary,
        "apply",
        &plan,
        "--yes",
        "--no-verify",
        "--journal",
        &journal,
    ]);
    shell.args(["--base-url", &killed.sandbox.base_url()]);
    let output = shell
        .env("DIGICERT_API_KEY", Account::DEMO_KEY)
        .output()
        .unwrap();
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{message}");
    let sent = killed.puts().len();
    assert!(sent > 0 && sent < 24, "{sent}");
    let message = killed
        .files
        .hide(&message)
        .replace(&killed.sandbox.base_url(), "[sandbox]");
    let message = message.replace(&format!("{}", 24 - sent), "[n]");
    insta::assert_snapshot!(message, @"
    error: stopped, [n] orders skipped: cannot write the journal: File too large (os error 27)
    to resume:
      digicert-contacts resume [folder]/run.jsonl --base-url [sandbox]
    ");
    killed.finish(&["resume", &journal]);
    assert!(
        (1..=24).all(
            |id| killed.sandbox.order(id).unwrap()["technical_contact"]["first_name"] == "Jane"
        )
    );
    assert!(Path::new(&journal).exists());
}

#[cfg(unix)]
#[test]
fn an_unwritable_folder_is_an_error_before_any_request() {
    let killed = Killed::new();
    let reads = killed.sandbox.requests().len();
    let mut command = killed.command(&["apply", &killed.files.path("plan.json")]);
    // Not even root can create a file there.
    command.env("XDG_STATE_HOME", "/proc/self");
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(
        message.contains("error: cannot create the folder `")
            && message.ends_with("; nothing was sent\n"),
        "{message}"
    );
    assert_eq!(killed.sandbox.requests().len(), reads);
}

#[cfg(unix)]
#[test]
fn a_symbolic_link_to_a_journal_is_rejected() {
    let killed = Killed::new();
    let (journal, link) = (
        killed.files.path("run.jsonl"),
        killed.files.path("link.jsonl"),
    );
    killed.finish(&[
        "apply",
        &killed.files.path("plan.json"),
        "--journal",
        &journal,
    ]);
    std::os::unix::fs::symlink(&journal, &link).unwrap();
    let output = killed.command(&["resume", &link]).output().unwrap();
    assert_eq!(output.status.code(), Some(65));
    let message = killed
        .files
        .hide(&String::from_utf8(output.stderr).unwrap());
    insta::assert_snapshot!(message, @"error: cannot read `[folder]/link.jsonl`: it is a symbolic link; use the path of the file itself");
}

/// Interrupts a run that waits for the rate limit. Returns its reaction time.
fn interrupt() -> Duration {
    // With verification more than the 100 requests of the limit.
    const ORDERS: u64 = 70;
    let killed = Killed::with(ORDERS);
    let journal = killed.files.path("run.jsonl");
    let mut command = command();
    command
        .args([
            "apply",
            &killed.files.path("plan.json"),
            "--yes",
            "--journal",
            &journal,
        ])
        .args(["--base-url", &killed.sandbox.base_url()])
        .env("DIGICERT_API_KEY", Account::DEMO_KEY)
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // The plan took 70 requests.
    while killed.sandbox.requests().len() < 170 {
        std::thread::sleep(Duration::from_millis(10));
    }
    std::thread::sleep(Duration::from_millis(100));
    let started = Instant::now();
    signal(&child, "-TERM");
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut notice = String::new();
    stderr.read_line(&mut notice).unwrap();
    let waited = started.elapsed();
    assert!(
        notice.starts_with("stopping, after the current request"),
        "{notice}"
    );
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let mut message = String::new();
    stderr.read_to_string(&mut message).unwrap();
    assert!(message.contains("skipped\nto resume:\n"), "{message}");
    let replay = Replay::read(&std::fs::read(&journal).unwrap()).unwrap();
    assert!(
        replay.orders().all(|(_, result)| result.is_some()),
        "no outcome is unknown"
    );
    killed.finish(&["resume", &journal]);
    assert_eq!(
        killed.puts().values().sum::<usize>(),
        70,
        "no order is sent twice"
    );
    waited
}

#[test]
fn a_waiting_run_reacts_to_ctrl_c_within_100_milliseconds() {
    // The best of three, because the machine may be busy.
    let waited = (0..3).map(|_| interrupt()).min().unwrap();
    assert!(waited < Duration::from_millis(100), "{waited:?}");
}
