//! The settings of a run.

use std::num::NonZeroUsize;
use std::time::{Duration, SystemTime};

use contacts_bulk::{Replay, Run, RunEvent, RunSettings};

use crate::account::{FakeAccount, not_found, unavailable};
use crate::run::{noon, owner, plan_for, resume, sent, start};

#[test]
fn an_order_that_changed_since_the_plan_is_a_conflict() {
    let account = FakeAccount::with(4);
    let plan = plan_for(4, &account);
    account.change_elsewhere(2, "Mallory");
    account.set_jane(3);
    for (settings, clock, conflict) in [
        (RunSettings::default(), noon as fn() -> SystemTime, 0),
        (RunSettings::default().check_again(), noon, 1),
        (
            RunSettings::default(),
            || noon() + Duration::from_secs(3600),
            0,
        ),
        (
            RunSettings::default(),
            || noon() + Duration::from_secs(3601),
            1,
        ),
        (
            RunSettings::default(),
            || noon() - Duration::from_secs(1),
            1,
        ),
    ] {
        let account = FakeAccount::with(4);
        account.change_elsewhere(2, "Mallory");
        account.set_jane(3);
        let mut journal = Vec::new();
        let mut run = Run::start(plan.clone(), &owner(), &mut journal, clock).unwrap();
        let summary = run.apply(&settings, &account, |_| {}).summary();
        assert_eq!(summary.conflict, conflict);
        assert_eq!(
            summary.unchanged, conflict,
            "the order that already has every value"
        );
        assert_eq!(sent(&account, 2), 1 - conflict);
        let replay = Replay::read(&journal).unwrap();
        assert_eq!(replay.remaining(), 0);
        assert!(replay.orders().all(|(_, result)| result.is_some()));
    }
}

#[test]
fn an_update_whose_response_was_lost_is_not_a_conflict() {
    let account = FakeAccount::with(1).write_fails(1, unavailable());
    let mut journal = Vec::new();
    start(plan_for(1, &account), &account, &mut journal).unwrap();
    let account = account.heal();
    account.set_jane(1);
    let replay = Replay::read(&journal).unwrap();
    let later = || noon() + Duration::from_secs(7200);
    let mut run = Run::resume(replay, &owner(), &mut journal, later).unwrap();
    let report = run.apply(&RunSettings::default(), &account, |_| {});
    assert_eq!(report.summary().changed, 1);
}

#[test]
fn concurrent_requests_have_the_same_results() {
    let account = FakeAccount::with(200).write_fails(7, not_found());
    let mut journal = Vec::new();
    let mut run = Run::start(plan_for(200, &account), &owner(), &mut journal, noon).unwrap();
    let settings = RunSettings::default().concurrency(NonZeroUsize::new(8).unwrap());
    let mut finished = 0;
    let report = run.apply(&settings, &account, |event| {
        finished += usize::from(matches!(event, RunEvent::Finished(_)));
    });
    let summary = report.summary();
    assert_eq!((summary.changed, summary.failed, finished), (199, 1, 200));
    assert_eq!(summary.verified, 199);
    for id in 1..=200 {
        assert_eq!(sent(&account, id), 1);
    }
    assert_eq!(Replay::read(&journal).unwrap().remaining(), 0);
}

#[test]
fn a_limited_run_can_be_resumed() {
    let account = FakeAccount::with(5);
    let mut journal = Vec::new();
    let mut run = Run::start(plan_for(5, &account), &owner(), &mut journal, noon).unwrap();
    let report = run.apply(&RunSettings::default().limit(2), &account, |_| {});
    let summary = report.summary();
    assert_eq!((summary.changed, summary.skipped), (2, 3));
    assert!(report.stopped().is_none());
    assert_eq!(resume(&mut journal, &account).unwrap().summary().changed, 5);
    assert_eq!(*account.sent.lock().unwrap(), [1, 2, 3, 4, 5]);
}

#[test]
fn a_run_stops_after_the_configured_number_of_failures() {
    let account = [2, 4, 6]
        .into_iter()
        .fold(FakeAccount::with(9), |account, id| {
            account.write_fails(id, not_found())
        });
    let mut journal = Vec::new();
    let mut run = Run::start(plan_for(9, &account), &owner(), &mut journal, noon).unwrap();
    let report = run.apply(
        &RunSettings::default().stop_after_failures(NonZeroUsize::new(2).unwrap()),
        &account,
        |_| {},
    );
    assert_eq!(*account.sent.lock().unwrap(), [1, 2, 3, 4]);
    assert_eq!(report.summary().skipped, 5);
    assert!(report.stopped().is_some());
}

#[test]
fn resuming_verifies_what_was_not_verified() {
    let account = FakeAccount::with(2);
    let mut journal = Vec::new();
    let mut run = Run::start(plan_for(2, &account), &owner(), &mut journal, noon).unwrap();
    run.apply(
        &RunSettings::default().skip_verification(),
        &account,
        |_| {},
    );
    let report = resume(&mut journal, &account).unwrap();
    assert_eq!(report.summary().verified, 2);
    assert_eq!(account.sent.lock().unwrap().len(), 2, "and not sent again");
}
