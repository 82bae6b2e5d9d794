//! The settings of a run.

use std::num::NonZeroUsize;
use std::time::Duration;

use contacts_bulk::journal::Timeline;
use contacts_bulk::report::html_report;
use contacts_bulk::{PlanFile, Replay, Run, RunEvent, RunSettings};

use crate::account::{FakeAccount, not_found, unavailable};
use crate::run::{noon, owner, plan_for, resume, sent, start};

/// An account in which order 2 changed since the plan of `plan`, and order 3 has its values.
fn changed_since() -> FakeAccount {
    let account = FakeAccount::with(4);
    account.change_elsewhere(2, "Mallory");
    account.set_jane(3);
    account
}

/// The plan as another process reads it.
fn saved(plan: &PlanFile) -> PlanFile {
    let mut bytes = Vec::new();
    plan.write(&mut bytes).unwrap();
    PlanFile::read(&bytes).unwrap()
}

#[test]
fn an_order_that_changed_since_the_plan_is_a_conflict() {
    let plan = plan_for(4, &FakeAccount::with(4));
    let strict = RunSettings::default().reuse_reads(Duration::ZERO);
    for (settings, plan) in [(RunSettings::default(), saved(&plan)), (strict, plan)] {
        let account = changed_since();
        let mut journal = Vec::new();
        let mut run = Run::start(plan, &owner(), &mut journal, noon).unwrap();
        let report = run.apply(&settings, &account, |_| {});
        let summary = report.summary();
        assert_eq!(
            (summary.conflict, summary.unchanged, summary.changed),
            (1, 1, 2)
        );
        assert_eq!((sent(&account, 2), sent(&account, 3)), (0, 0));
        let conflicts = report.orders()[1].result().conflicts();
        insta::allow_duplicates! {
        insta::assert_json_snapshot!(conflicts, @r#"
        [
          {
            "contact_type": "technical_contact",
            "field": "first_name",
            "planned": "John",
            "now": "Mallory",
            "wanted": "Jane"
          }
        ]
        "#);
        }
        let replay = Replay::read(&journal).unwrap();
        assert_eq!(replay.remaining(), 0);
        let (_, result) = replay.orders().nth(1).unwrap();
        assert_eq!(
            result.unwrap().conflicts(),
            conflicts,
            "the journal has the values"
        );
        let page = html_report(&replay, &Timeline::default(), None);
        let row = r#""conflicts":[["technical_contact","first_name","John","Mallory","Jane"]]"#;
        assert!(page.contains(row), "and so has the report");
    }
}

#[test]
fn a_recent_read_of_this_process_is_not_repeated_and_a_plan_can_be_vouched_for() {
    let plan = plan_for(4, &FakeAccount::with(4));
    for (settings, plan) in [
        (RunSettings::default(), plan.clone()),
        (RunSettings::default().no_refresh(), saved(&plan)),
    ] {
        let account = changed_since();
        let mut run = Run::start(plan, &owner(), Vec::new(), noon).unwrap();
        let report = run.apply(&settings.skip_verification(), &account, |_| {});
        assert_eq!(report.summary().changed, 4);
        assert_eq!((account.reads(), sent(&account, 2)), (0, 1));
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
    assert_eq!(sent(&account, 1), 1, "the order shows that it was applied");
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
