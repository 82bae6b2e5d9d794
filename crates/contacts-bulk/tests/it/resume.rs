//! Resumed runs.

use std::time::Duration;

use contacts_bulk::{
    Failure, FailureKind, JournalFile, OrderResult, PlanFile, Replay, Report, Run, RunEvent,
    RunSettings,
};
use contacts_core::Outcome;

use crate::account::{FakeAccount, input, key_rejected, not_found, unavailable};
use crate::run::{noon, owner, plan_for, start};

fn run(plan: PlanFile, account: &FakeAccount, settings: &RunSettings) -> (Report, Vec<u8>) {
    let mut journal = Vec::new();
    let mut run = Run::start(plan, &owner(), &mut journal, noon).unwrap();
    let report = run.apply(settings, account, |_| {});
    (report, journal)
}

fn resume_run(journal: &mut Vec<u8>, account: &FakeAccount, settings: &RunSettings) -> Report {
    let replay = Replay::read(journal).unwrap();
    let mut run = Run::resume(replay, &owner(), journal, noon).unwrap();
    run.apply(settings, account, |_| {})
}

fn again() -> RunSettings {
    RunSettings::default().reuse_reads(Duration::ZERO)
}

#[test]
fn an_incomplete_line_is_removed_before_the_run_resumes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run.jsonl");
    let account = FakeAccount::with(2);
    let mut whole = Vec::new();
    start(plan_for(2, &account), &account, &mut whole).unwrap();
    std::fs::write(&path, &whole[..whole.len() - 5]).unwrap();
    let (file, bytes) = JournalFile::open(&path).unwrap();
    let replay = Replay::read(&bytes).unwrap();
    let mut run = Run::resume(replay, &owner(), file, noon).unwrap();
    run.apply(&RunSettings::default(), &account, |_| {});
    drop(run);
    let written = std::fs::read(&path).unwrap();
    assert_eq!(Replay::read(&written).unwrap().length(), written.len());
}

#[test]
fn the_result_of_reading_before_an_update_is_in_the_journal() {
    let refused = FakeAccount::with(3)
        .read_fails(1, not_found())
        .read_fails(2, unavailable());
    let (report, mut journal) = run(plan_for(3, &FakeAccount::with(3)), &refused, &again());
    assert_eq!(
        (report.summary().read_failed, report.summary().changed),
        (2, 1)
    );
    let replay = Replay::read(&journal).unwrap();
    assert_eq!(
        (replay.remaining(), replay.changed()),
        (1, 1),
        "an outage passes"
    );
    let read_failed =
        |result: &Option<OrderResult>| matches!(result, Some(OrderResult::ReadFailed(_)));
    assert_eq!(replay.orders().filter(|(_, v)| read_failed(v)).count(), 2);
    assert_eq!(replay.created(), "2027-01-15T08:00:00.000Z");
    let account = FakeAccount::with(3);
    resume_run(&mut journal, &account, &RunSettings::default());
    assert_eq!(*account.sent.lock().unwrap(), [2]);

    let csv = "order_id,contact_type,first_name,last_name,email\n\
               1,organization_contact,Jane,Doe,jane@example.com\n";
    let plan = contacts_bulk::Plan::fetch(input(csv), &FakeAccount::with(1), |_| {}).unwrap();
    let plan = PlanFile::new(plan, owner().base_url(), noon());
    let (report, mut journal) = run(plan, &FakeAccount::with(1).dv(1), &again());
    assert_eq!(report.summary().blocked, 1);
    let report = resume_run(&mut journal, &FakeAccount::with(1), &RunSettings::default());
    assert_eq!(report.summary().blocked, 1, "and stays so");
}

#[test]
fn only_orders_that_finish_now_are_events() {
    let account = FakeAccount::with(5);
    let (_, mut journal) = run(
        plan_for(5, &account),
        &account,
        &RunSettings::default().limit(2),
    );
    let replay = Replay::read(&journal).unwrap();
    let mut run = Run::resume(replay, &owner(), &mut journal, noon).unwrap();
    assert_eq!(run.remaining(), 3);
    let mut finished = Vec::new();
    run.apply(&RunSettings::default(), &account, |event| {
        if let RunEvent::Finished(result) = event {
            finished.push(result.order().get());
        }
    });
    assert_eq!((run.remaining(), finished), (0, vec![3, 4, 5]));
}

#[test]
fn a_verified_order_is_not_read_again() {
    let account = FakeAccount::with(3);
    let (_, mut journal) = run(
        plan_for(3, &account),
        &account,
        &RunSettings::default().skip_verification(),
    );
    let report = resume_run(
        &mut journal,
        &account,
        &RunSettings::default().skip_verification(),
    );
    assert_eq!(report.summary().verified, 0);
    let one_fails = FakeAccount::with(3).read_fails(3, not_found());
    (1..=3).for_each(|id| one_fails.set_jane(id));
    let report = resume_run(&mut journal, &one_fails, &RunSettings::default());
    let summary = report.summary();
    assert_eq!((summary.verified, summary.verify_failed), (2, 1));
    // The first two cannot be read any more, and are not read.
    let others_fail = FakeAccount::with(3)
        .read_fails(1, not_found())
        .read_fails(2, not_found());
    others_fail.set_jane(3);
    let report = resume_run(&mut journal, &others_fail, &RunSettings::default());
    assert_eq!(report.summary().verified, 3);
}

#[test]
fn a_stopped_run_verifies_no_further_order() {
    let account = FakeAccount::with(2).write_fails(1, unavailable());
    let settings = RunSettings::default().skip_verification();
    let (_, mut journal) = run(plan_for(2, &account), &account, &settings);
    let account = FakeAccount::with(2).write_fails(1, key_rejected());
    account.set_jane(2);
    let report = resume_run(&mut journal, &account, &RunSettings::default());
    assert_eq!(report.stopped().unwrap().kind(), FailureKind::KeyRejected);
    assert_eq!(
        (report.summary().changed, report.summary().verified),
        (1, 0)
    );
}

#[test]
fn an_order_whose_check_was_cancelled_is_skipped() {
    let stopped = Failure::new(FailureKind::Cancelled, Outcome::NotSent, "stopped");
    for (failure, skipped, read_failed) in [(stopped, 2, 0), (key_rejected(), 1, 1)] {
        let account = FakeAccount::with(2).read_fails(1, failure);
        let (report, _) = run(plan_for(2, &FakeAccount::with(2)), &account, &again());
        let summary = report.summary();
        assert_eq!(
            (summary.skipped, summary.read_failed),
            (skipped, read_failed)
        );
    }
}
