//! The real binary, killed at any moment, and the run that goes on with what it left.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use contacts_bulk::{JournalError, Replay};
use contacts_sandbox::{Account, RateLimits, Sandbox};
use serde_json::json;

use crate::files::Files;
use crate::process::{command, signal};
use crate::run::run_against;

const ORDERS: u64 = 24;

/// Orders 1 to `orders`, on which John is the technical contact and Jane is to be.
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

    fn apply(&self, journal: &str) -> std::process::Command {
        self.command(&["apply", &self.files.path("plan.json"), "--journal", journal])
    }

    fn finish(&self, args: &[&str]) -> Output {
        let output = self.command(args).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{args:?}: {told}");
        output
    }

    /// How many requests for a change each order got.
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

/// Kills a run once its journal has `length` bytes, resumes it, and checks every order.
///
/// Unlike a wait, the length of the journal does not depend on how busy the machine is.
fn kill_at(length: u64) -> &'static str {
    let killed = Killed::new();
    let journal = killed.files.path("run.jsonl");
    let mut child = killed.apply(&journal).spawn().unwrap();
    let written = || std::fs::metadata(&journal).map_or(0, |file| file.len());
    while written() < length && child.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_micros(100));
    }
    child.kill().unwrap();
    child.wait().unwrap();

    let bytes = std::fs::read(&journal).unwrap_or_default();
    let (moment, unknown) = match Replay::read(&bytes) {
        Err(JournalError::NothingSent) => {
            assert!(killed.puts().is_empty(), "killed at {length} bytes");
            killed.finish(&[
                "apply",
                &killed.files.path("plan.json"),
                "--journal",
                &killed.files.path("2.jsonl"),
            ]);
            ("before", Vec::new())
        }
        Ok(replay) => {
            let unknown = replay.orders().filter(|(_, result)| result.is_none());
            let unknown: Vec<_> = unknown.map(|(order, _)| order.get()).collect();
            let open = replay.open();
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
fn a_run_that_is_killed_at_any_moment_is_finished_by_resume() {
    let kills = std::env::var("CONTACTS_KILLS").map_or(20_u32, |kills| kills.parse().unwrap());
    let whole = Killed::new();
    let journal = whole.files.path("run.jsonl");
    assert!(whole.apply(&journal).status().unwrap().success());
    let bytes = std::fs::read(&journal).unwrap();
    let plan = bytes
        .windows(9)
        .position(|text| text == b"{\"started")
        .unwrap() as u64;
    let entries = bytes.len() as u64 - plan;
    let mut moments = HashMap::new();
    // Spread over the whole run, none where another was: multiples of the golden ratio.
    for kill in 0..kills {
        let part = u64::from(kill) * 618_034 % 1_000_000;
        let moment = match kill {
            0 => kill_at(0),
            _ => kill_at(plan + entries * part / 1_000_000),
        };
        *moments.entry(moment).or_insert(0) += 1;
    }
    assert!(
        moments["within"] * 4 > kills,
        "most are killed while they send: {moments:?}"
    );
}

#[test]
fn two_runs_can_not_write_one_journal() {
    let killed = Killed::new();
    let journal = killed.files.path("run.jsonl");
    let held = contacts_bulk::JournalFile::create(&journal).unwrap();
    let told = |args: &[&str]| {
        let output = killed.command(args).output().unwrap();
        assert_eq!(
            output.status.code(),
            Some(if args[0] == "resume" { 65 } else { 1 })
        );
        killed
            .files
            .hide(&String::from_utf8(output.stderr).unwrap())
    };
    insta::assert_snapshot!(told(&["resume", &journal]), @"error: `[folder]/run.jsonl` can't be used: another run is using it");
    insta::assert_snapshot!(told(&["apply", &killed.files.path("plan.json"), "--journal", &journal]), @"error: `[folder]/run.jsonl` is there already; name a new file, or remove it; nothing was sent");
    drop(held);
    assert!(killed.puts().is_empty());
}

#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_is_full_stops_a_run_and_the_state_is_told() {
    let killed = Killed::new();
    // No file system of a few bytes can be had by everybody, but a limit on the size of files can.
    let journal = killed.files.path("run.jsonl");
    let mut shell = std::process::Command::new("sh");
    let plan = killed.files.path("plan.json");
    let binary = env!("CARGO_BIN_EXE_digicert-contacts");
    // In blocks of 512 bytes; without the trap the signal of a file that grows too large would end
    // the process.
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
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{told}");
    let sent = killed.puts().len();
    assert!(sent > 0 && sent < 24, "{sent}");
    let told = killed
        .files
        .hide(&told)
        .replace(&killed.sandbox.base_url(), "[sandbox]");
    let told = told.replace(&format!("{}", 24 - sent), "[n]");
    insta::assert_snapshot!(told, @"
    error: stopped, [n] orders not tried: the journal can't be written: File too large (os error 27)
    to go on:
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
fn a_folder_that_can_not_be_written_is_told_before_anything_is_read() {
    let killed = Killed::new();
    let reads = killed.sandbox.requests().len();
    let mut command = killed.command(&["apply", &killed.files.path("plan.json")]);
    // A folder in which nobody can create a file, not even root.
    let output = command.current_dir("/proc/self").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(
        told.contains("can't be written: ") && told.ends_with("; nothing was sent\n"),
        "{told}"
    );
    assert_eq!(killed.sandbox.requests().len(), reads);
}

#[cfg(unix)]
#[test]
fn a_journal_that_is_a_link_is_refused() {
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
    let told = killed
        .files
        .hide(&String::from_utf8(output.stderr).unwrap());
    insta::assert_snapshot!(told, @"error: `[folder]/link.jsonl` can't be used: it is a symbolic link; name the file itself");
}

/// Interrupts a run that waits for the rate limit; says how long it took to answer.
fn interrupt() -> Duration {
    // With what is read back more than the 100 requests that may be sent at once.
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
    // The plan took 70 requests of the test's own.
    while killed.sandbox.requests().len() < 170 {
        std::thread::sleep(Duration::from_millis(10));
    }
    std::thread::sleep(Duration::from_millis(100));
    let begun = Instant::now();
    signal(&child, "-TERM");
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut notice = String::new();
    stderr.read_line(&mut notice).unwrap();
    let waited = begun.elapsed();
    assert!(
        notice.starts_with("stopping after the request under way"),
        "{notice}"
    );
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let mut told = String::new();
    stderr.read_to_string(&mut told).unwrap();
    assert!(told.contains("not tried\nto go on:\n"), "{told}");
    let replay = Replay::read(&std::fs::read(&journal).unwrap()).unwrap();
    assert!(
        replay.orders().all(|(_, result)| result.is_some()),
        "nothing is unknown"
    );
    killed.finish(&["resume", &journal]);
    assert_eq!(
        killed.puts().values().sum::<usize>(),
        70,
        "none was sent twice"
    );
    waited
}

#[test]
fn ctrl_c_is_answered_within_a_tenth_of_a_second_while_a_run_waits() {
    // The best of three: the machine may be busy with something else.
    let waited = (0..3).map(|_| interrupt()).min().unwrap();
    assert!(waited < Duration::from_millis(100), "{waited:?}");
}
