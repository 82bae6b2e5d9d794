//! Interrupted runs, and runs that resume them.

use std::cell::Cell;
use std::io;
use std::rc::Rc;

use contacts_bulk::file::FileErrorKind;
use contacts_bulk::{
    AccountIdentity, FailureKind, JournalFile, JournalStorage, OrderResult, Replay, Run,
    RunSettings,
};

use crate::account::{FakeAccount, key_rejected, not_found, unavailable};
use crate::run::{URL, noon, owner, plan_for, resume, sent, start};

/// Fails after a number of bytes, in the middle of a line, like a full disk.
struct Full {
    to: Rc<Cell<Vec<u8>>>,
    left: usize,
}

impl JournalStorage for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let taken = bytes.len().min(self.left);
        let mut all = self.to.take();
        all.extend_from_slice(&bytes[..taken]);
        self.to.set(all);
        self.left -= taken;
        if taken < bytes.len() {
            return Err(io::ErrorKind::StorageFull.into());
        }
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn truncate(&mut self, _: u64) -> io::Result<()> {
        unreachable!("only a resumed run truncates its journal")
    }
}

/// Counts the bytes of each write.
struct Writes(Vec<usize>);

impl JournalStorage for Writes {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.push(bytes.len());
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn truncate(&mut self, _: u64) -> io::Result<()> {
        unreachable!("only a resumed run truncates its journal")
    }
}

#[test]
fn a_large_plan_is_written_in_a_few_pieces_of_limited_size() {
    let orders = 2_000;
    let plan = plan_for(orders, &FakeAccount::with(orders));
    let mut writes = Writes(Vec::new());
    let run = Run::start(plan, &owner(), &mut writes, noon).unwrap();
    insta::assert_snapshot!(format!("{run:?}"), @"Run { orders: 2000, .. }");
    let Writes(writes) = writes;
    let all: usize = writes.iter().sum();
    assert!(all > 300_000, "{all}");
    assert!(writes.iter().all(|size| *size < 70_000), "{writes:?}");
    assert!(writes.len() <= all / 65_536 + 1, "{writes:?}");
}

#[test]
fn a_journal_cut_at_any_byte_can_be_resumed() {
    let account = FakeAccount::with(4).write_fails(3, not_found());
    let mut whole = Vec::new();
    start(plan_for(4, &account), &account, &mut whole).unwrap();
    let goal = account.all();
    let text = String::from_utf8(whole.clone()).unwrap();
    let head_ends = text.find("{\"started\"").unwrap();
    for cut in 0..=whole.len() {
        let mut journal = whole[..cut].to_vec();
        // What the account had received when the journal was this long: at most the update whose start
        // was written.
        let started = |id: u64| {
            let line = format!("{{\"started\":{{\"order_id\":\"{id}\"");
            text[..cut]
                .rfind('\n')
                .is_some_and(|end| text[..end].contains(&line))
        };
        let finished = |id: u64| {
            let line = format!("{{\"finished\":{{\"order_id\":\"{id}\"");
            text[..cut]
                .rfind('\n')
                .is_some_and(|end| text[..end].contains(&line))
        };
        let account = FakeAccount::with(4).write_fails(3, not_found());
        for id in [1, 2, 4].into_iter().filter(|id| started(*id)) {
            account.set_jane(id);
        }
        if cut < head_ends {
            let error = resume(&mut journal, &account).unwrap_err();
            assert_eq!(error.kind, FileErrorKind::NothingSent, "cut at {cut}");
            continue;
        }
        let report = resume(&mut journal, &account).unwrap();
        assert_eq!(account.all(), goal, "cut at {cut}");
        let summary = report.summary();
        assert_eq!((summary.changed, summary.failed), (3, 1), "cut at {cut}");
        assert_eq!(report.orders().len(), 4);
        for id in 1..=4 {
            // The order shows that an update without a result was applied.
            let is_known = finished(id) || id != 3 && started(id);
            let expected = usize::from(!is_known);
            assert_eq!(sent(&account, id), expected, "order {id}, cut at {cut}");
        }
        // The resumed journal is complete: nothing remains.
        account.sent.lock().unwrap().clear();
        resume(&mut journal, &account).unwrap();
        assert!(account.sent.lock().unwrap().is_empty(), "cut at {cut}");
    }
}

#[test]
fn a_disk_that_is_full_at_any_byte_stops_the_run_before_the_next_request() {
    let mut whole = Vec::new();
    let account = FakeAccount::with(3);
    start(plan_for(3, &account), &account, &mut whole).unwrap();
    let goal = account.all();
    let mut stopped = 0;
    for left in 0..whole.len() {
        let account = FakeAccount::with(3);
        let bytes = Rc::new(Cell::new(Vec::new()));
        let full = Full {
            to: Rc::clone(&bytes),
            left,
        };
        let ran = start(plan_for(3, &account), &account, full);
        let mut journal = bytes.take();
        let started = String::from_utf8_lossy(&journal);
        let started = started
            .lines()
            .filter(|line| line.starts_with("{\"started\"") && line.ends_with("}}"));
        let started = started.count();
        assert!(account.sent.lock().unwrap().len() <= started, "{left}");
        let Ok(report) = ran else {
            assert_eq!(started, 0);
            continue;
        };
        let failure = report.stopped().unwrap();
        assert_eq!(failure.kind(), FailureKind::Journal);
        stopped += 1;
        assert_eq!(
            report.summary().changed,
            account.sent.lock().unwrap().len(),
            "what was changed is messages: {left}"
        );
        resume(&mut journal, &account).unwrap();
        assert_eq!(account.all(), goal, "{left}");
    }
    assert!(stopped > 500, "{stopped}");
}

#[test]
fn a_full_disk_is_reported() {
    let account = FakeAccount::with(3);
    let mut head = Vec::new();
    Run::start(plan_for(3, &account), &owner(), &mut head, noon).unwrap();
    let full = Full {
        to: Rc::default(),
        left: head.len(),
    };
    let report = start(plan_for(3, &account), &account, full).unwrap();
    insta::assert_snapshot!(report.stopped().unwrap(), @"cannot write the journal: no storage space");
    assert_eq!(report.summary().skipped, 3);
    assert!(account.sent.lock().unwrap().is_empty());
}

#[test]
fn a_run_resumes_with_a_replaced_key() {
    let account = FakeAccount::with(4).write_fails(2, key_rejected());
    let mut journal = Vec::new();
    let report = start(plan_for(4, &account), &account, &mut journal).unwrap();
    assert_eq!(report.stopped().unwrap().kind(), FailureKind::KeyRejected);
    let account = account.heal();
    let replay = Replay::read(&journal).unwrap();
    assert_eq!(replay.remaining(), 3);
    let other = AccountIdentity::new(URL, "key-2");
    let mut run = Run::resume(replay, &other, &mut journal, noon).unwrap();
    let report = run.apply(&RunSettings::default(), &account, |_| {});
    assert_eq!(report.summary().changed, 4);
    assert_eq!(*account.sent.lock().unwrap(), [1, 2, 2, 3, 4]);
    // From now on, the run belongs to the new key.
    let replay = Replay::read(&journal).unwrap();
    replay.check(&other).unwrap();
    assert!(replay.check(&owner()).is_err());
    assert_eq!(replay.remaining(), 0);
}

#[test]
fn only_a_failure_that_was_not_the_orders_own_is_retried() {
    let account = FakeAccount::with(3)
        .write_fails(1, not_found())
        .write_fails(2, unavailable());
    let mut journal = Vec::new();
    start(plan_for(3, &account), &account, &mut journal).unwrap();
    let account = account.heal();
    account.sent.lock().unwrap().clear();
    let report = resume(&mut journal, &account).unwrap();
    assert_eq!(*account.sent.lock().unwrap(), [2]);
    let summary = report.summary();
    assert_eq!((summary.changed, summary.failed), (2, 1));
}

#[test]
fn a_journal_file_is_private_locked_and_never_a_link() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.jsonl");
    let mut file = JournalFile::create(&path).unwrap();
    let account = FakeAccount::with(2);
    start(plan_for(2, &account), &account, &mut file).unwrap();
    let messages = |error: io::Error| error.to_string();
    assert!(JournalFile::create(&path).is_err(), "never over another");
    insta::assert_snapshot!(messages(JournalFile::open(&path).unwrap_err()), @"another run uses it");
    drop(file);
    let (_file, bytes) = JournalFile::open(&path).unwrap();
    assert!(
        Replay::read(&bytes)
            .unwrap()
            .orders()
            .all(|(_, v)| matches!(v, Some(OrderResult::Changed(_))))
    );
    insta::assert_snapshot!(messages(JournalFile::open(folder.path()).unwrap_err()), @"it is not a regular file");
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, symlink};
        assert_eq!(std::fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        let link = folder.path().join("link.jsonl");
        symlink(&path, &link).unwrap();
        insta::assert_snapshot!(messages(JournalFile::open(&link).unwrap_err()), @"it is a symbolic link; use the path of the file itself");
        let dangling = folder.path().join("dangling.jsonl");
        symlink(folder.path().join("nowhere"), &dangling).unwrap();
        assert!(JournalFile::create(&dangling).is_err());
        assert!(!folder.path().join("nowhere").exists());
    }
}
