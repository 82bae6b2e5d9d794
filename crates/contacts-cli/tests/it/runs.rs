//! The default folder for journals: `runs`, and `--last`.

use std::time::{Duration, SystemTime};

use contacts_cli::{CancelToken, Exit, Io};
use contacts_sandbox::Sandbox;

use crate::files::Files;
use crate::run::{Ran, example};

/// 2026-11-30 at 23:13:17.
const NOW: u64 = 1_796_080_397;

/// A user with a folder for journals.
struct User {
    files: Files,
    sandbox: Sandbox,
}

impl User {
    fn new() -> Self {
        Self {
            files: Files::new(),
            sandbox: Sandbox::start().unwrap(),
        }
    }

    /// Runs a command against the sandbox, that many seconds later.
    fn run_at(&self, seconds: u64, args: &[&str]) -> Ran {
        let folder = self.files.path("state");
        let key = self.sandbox.api_key();
        let mut io = Io::for_tests().with_environment(|name| match name {
            "DIGICERT_STATE_DIR" => Some(folder.clone()),
            "DIGICERT_API_KEY" => Some(key.to_owned()),
            _ => None,
        });
        io = io.with_clock(move || SystemTime::UNIX_EPOCH + Duration::from_secs(NOW + seconds));
        let base_url = self.sandbox.base_url();
        let mut all = [&["digicert-contacts"], args].concat();
        if !["runs", "get"].contains(&args[0]) {
            all.extend(["--base-url", &base_url]);
        }
        let exit = contacts_cli::run(all, &mut io, &CancelToken::default());
        let hide = |text: String| self.files.hide(&text).replace(&base_url, "[url]");
        Ran {
            exit,
            stdout: hide(io.stdout_text()),
            stderr: hide(io.stderr_text()),
        }
    }

    fn run(&self, args: &[&str]) -> Ran {
        self.run_at(0, args)
    }
}

#[test]
fn a_run_without_a_named_journal_is_listed_and_can_be_undone() {
    let user = User::new();
    insta::assert_snapshot!(user.run(&["runs"]), @"
    exit code: 0
    ----- stdout
    no runs
    ");
    insta::assert_snapshot!(user.run(&["undo", "--last", "-o", "undo.json"]).stderr, @"error: no run yet: `runs` lists none");
    let file = example("contacts.csv");
    let limited = user.run(&["apply", &file, "-y", "--limit", "2"]);
    assert_eq!(limited.exit, Exit::Done, "{limited}");
    let next = limited
        .stdout
        .lines()
        .skip_while(|line| !line.starts_with("to plan an undo"));
    insta::assert_snapshot!(next.collect::<Vec<_>>().join("\n"), @"
    to plan an undo:
      digicert-contacts undo [folder]/state/digicert-contacts-20261130T231317Z.jsonl -o digicert-contacts-20261130T231317Z.undo.json --base-url [url]
    to report:
      digicert-contacts report [folder]/state/digicert-contacts-20261130T231317Z.jsonl -o digicert-contacts-20261130T231317Z.html
    ");
    let set = [
        "set",
        "100000005",
        "-y",
        "--technical",
        "first_name=A,last_name=B,email=a@b.example",
    ];
    assert_eq!(user.run_at(60, &set).exit, Exit::Done);
    assert_eq!(
        user.run_at(60, &set).exit,
        Exit::Done,
        "nothing to change, no journal"
    );
    insta::assert_snapshot!(user.run(&["runs"]), @"
    exit code: 0
    ----- stdout
    STARTED              STATE       ORDERS  CHANGED  NOT CHANGED  REMAINING  JOURNAL
    2026-11-30 23:14:17  finished    1       1        0            0          [folder]/state/digicert-contacts-20261130T231417Z.jsonl
    2026-11-30 23:13:17  unfinished  14      2        0            12         [folder]/state/digicert-contacts-20261130T231317Z.jsonl
    ");
    insta::assert_snapshot!(user.run(&["runs", "--json"]).stdout, @r#"
    {
      "runs": [
        {
          "journal": "[folder]/state/digicert-contacts-20261130T231417Z.jsonl",
          "state": "finished",
          "started": "2026-11-30T23:14:17.000Z",
          "orders": 1,
          "changed": 1,
          "not_changed": 0,
          "remaining": 0
        },
        {
          "journal": "[folder]/state/digicert-contacts-20261130T231317Z.jsonl",
          "state": "unfinished",
          "started": "2026-11-30T23:13:17.000Z",
          "orders": 14,
          "changed": 2,
          "not_changed": 0,
          "remaining": 12
        }
      ],
      "removed": []
    }
    "#);

    let plan = user.files.path("undo.json");
    let undo = user.run(&["undo", "--last", "-o", &plan]);
    assert!(
        undo.stdout.contains("1 to change") || undo.stdout.contains("not restorable"),
        "{undo}"
    );
    let report = user.run(&["report", "--last", "-o", &user.files.path("report.html")]);
    assert_eq!(report.exit, Exit::Done, "{report}");
    let page = user.files.text("report.html");
    assert!(
        page.contains("100000005") && !page.contains("100000001"),
        "the last run"
    );
}

#[test]
fn resume_last_continues_the_last_run() {
    let user = User::new();
    let file = example("contacts.csv");
    user.run(&["apply", &file, "-y", "--limit", "1"]);
    let ran = user.run(&["resume", "--last", "-y"]);
    assert_eq!(ran.exit, Exit::Done, "{ran}");
    let list = user.run(&["runs"]).stdout;
    assert!(
        list.contains("  finished ") && !list.contains("unfinished"),
        "{list}"
    );
    for args in [&["resume"][..], &["resume", "run.jsonl", "--last"]] {
        assert_eq!(user.run(args).exit, Exit::Usage);
    }
}

#[test]
fn old_journals_are_removed_unless_a_run_is_unfinished_or_in_progress() {
    let user = User::new();
    let file = example("contacts.csv");
    for (seconds, args) in [
        (0, &["--limit", "1"][..]),
        (60, &[]),
        (120, &["--limit", "0"]),
    ] {
        user.run_at(seconds, &[&["apply", &file, "-y"], args].concat());
    }
    let folder = user.files.path("state");
    std::fs::write(format!("{folder}/notes.txt"), "mine").unwrap();
    std::fs::write(format!("{folder}/digicert-contacts-0.jsonl"), "damaged\n").unwrap();
    // The clock of the journals is that of the machine.
    let year = u64::from(u32::MAX);
    let ran = user.run_at(0, &["runs", "--prune", "4000000000"]);
    assert!(!ran.stdout.contains("removed"), "{ran}");
    let ran = user.run_at(year, &["runs", "--prune", "30"]);
    assert_eq!(ran.exit, Exit::Done);
    insta::assert_snapshot!(ran, @"
    exit code: 0
    ----- stdout
    STARTED              STATE       ORDERS  CHANGED  NOT CHANGED  REMAINING  JOURNAL
    2026-11-30 23:13:17  unfinished  14      1        0            13         [folder]/state/digicert-contacts-20261130T231317Z.jsonl
                         unreadable                                           [folder]/state/digicert-contacts-0.jsonl
    removed [folder]/state/digicert-contacts-20261130T231417Z.jsonl
    1 journal removed
    ");
    assert_eq!(user.files.text("state/notes.txt"), "mine");
}

#[cfg(unix)]
#[test]
fn the_folder_is_private_and_a_run_without_it_sends_nothing() {
    use std::os::unix::fs::PermissionsExt;
    let user = User::new();
    user.run(&["apply", &example("contacts.csv"), "-y", "--limit", "1"]);
    let folder = std::fs::metadata(user.files.path("state")).unwrap();
    assert_eq!(folder.permissions().mode() & 0o777, 0o700);

    let other = User::new();
    other.files.with("state", "a file");
    let ran = other.run(&["apply", &example("contacts.csv"), "-y"]);
    assert_eq!(ran.exit, Exit::Failed);
    insta::assert_snapshot!(ran.stderr, @"error: cannot create the folder `[folder]/state` for journals: File exists (os error 17); name a journal with --journal, or set `DIGICERT_STATE_DIR`; nothing was sent");
    assert!(other.sandbox.requests().is_empty());
}

#[test]
fn a_run_in_progress_is_listed() {
    let user = User::new();
    user.run(&["apply", &example("contacts.csv"), "-y", "--limit", "1"]);
    let journal = std::fs::read_dir(user.files.path("state"))
        .unwrap()
        .next()
        .unwrap();
    let (_file, _) = contacts_bulk::JournalFile::open(journal.unwrap().path()).unwrap();
    let list = user
        .run_at(u64::from(u32::MAX), &["runs", "--prune", "1"])
        .stdout;
    assert!(
        list.contains("  in progress ") && !list.contains("removed"),
        "{list}"
    );
}
