//! What the settings of a run do.

use std::num::NonZeroUsize;
use std::time::{Duration, SystemTime};

use contacts_bulk::{Replay, Run, RunEvent, RunSettings};

use crate::account::{FakeAccount, not_found, trouble};
use crate::run::{noon, owner, plan_for, resume, sent, start};

#[test]
fn an_order_that_somebody_changed_meanwhile_is_left_alone() {
    let account = FakeAccount::with(4);
    let plan = plan_for(4, &account);
    account.meddle(2, "Mallory");
    account.become_jane(3);
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
        account.meddle(2, "Mallory");
        account.become_jane(3);
        let mut journal = Vec::new();
        let mut run = Run::start(plan.clone(), &owner(), &mut journal, clock).unwrap();
        let summary = run.apply(&settings, &account, |_| {}).summary();
        assert_eq!(summary.conflict, conflict);
        assert_eq!(
            summary.unchanged, conflict,
            "the one that is as wanted by now"
        );
        assert_eq!(sent(&account, 2), 1 - conflict);
        let replay = Replay::read(&journal).unwrap();
        assert_eq!(replay.remaining(), 0);
        assert!(replay.orders().all(|(_, result)| result.is_some()));
    }
}

#[test]
fn after_an_hour_what_a_lost_answer_left_is_no_meddling() {
    let account = FakeAccount::with(1).write_fails(1, trouble());
    let mut journal = Vec::new();
    start(plan_for(1, &account), &account, &mut journal).unwrap();
    let account = account.heal();
    account.become_jane(1);
    let replay = Replay::read(&journal).unwrap();
    let later = || noon() + Duration::from_secs(7200);
    let mut run = Run::resume(replay, &owner(), &mut journal, later).unwrap();
    let report = run.apply(&RunSettings::default(), &account, |_| {});
    assert_eq!(report.summary().changed, 1);
}

#[test]
fn several_at_once_do_the_same_as_one_after_another() {
    let account = FakeAccount::with(200).write_fails(7, not_found());
    let mut journal = Vec::new();
    let mut run = Run::start(plan_for(200, &account), &owner(), &mut journal, noon).unwrap();
    let settings = RunSettings::default().concurrency(NonZeroUsize::new(8).unwrap());
    let mut ended = 0;
    let report = run.apply(&settings, &account, |event| {
        ended += usize::from(matches!(event, RunEvent::Finished(_)));
    });
    let summary = report.summary();
    assert_eq!((summary.changed, summary.failed, ended), (199, 1, 200));
    assert_eq!(summary.verified, 199);
    for id in 1..=200 {
        assert_eq!(sent(&account, id), 1);
    }
    assert_eq!(Replay::read(&journal).unwrap().remaining(), 0);
}

#[test]
fn a_canary_sends_so_many_and_the_rest_can_follow() {
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
fn a_run_stops_after_as_many_failures_as_it_was_told() {
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
fn a_run_that_was_not_read_back_is_read_back_when_it_is_resumed() {
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
