//! Verification of a sample.

use std::num::NonZeroUsize;

use contacts_bulk::journal::Timeline;
use contacts_bulk::report::html_report;
use contacts_bulk::{Replay, Run, RunEvent, RunSettings, Verify};

use crate::account::FakeAccount;
use crate::run::{noon, owner, plan_for};

fn sample_of(orders: usize) -> RunSettings {
    RunSettings::default().verify(Verify::Sample(NonZeroUsize::new(orders).unwrap()))
}

#[test]
fn a_sample_is_read_after_all_updates_and_recorded() {
    let account = FakeAccount::with(30);
    let plan = plan_for(30, &account);
    let reads = account.reads();
    let mut journal = Vec::new();
    let mut run = Run::start(plan, &owner(), &mut journal, noon).unwrap();
    let mut verified = Vec::new();
    let settings = sample_of(5).concurrency(NonZeroUsize::new(3).unwrap());
    let report = run.apply(&settings, &account, |event| match event {
        RunEvent::Verified(order) => verified.push(order.order().get()),
        RunEvent::Finished(_) => assert!(verified.is_empty(), "all updates come first"),
        _ => {}
    });
    let summary = report.summary();
    assert_eq!(
        (summary.changed, summary.verified, summary.sampled),
        (30, 5, 5)
    );
    assert_eq!(account.reads() - reads, 5);
    verified.sort_unstable();
    verified.dedup();
    assert_eq!(verified.len(), 5);
    let text = String::from_utf8(journal.clone()).unwrap();
    insta::assert_snapshot!(text.lines().last().unwrap(), @r#"{"sampled":{"at":"2027-01-15T08:00:00.000Z","orders":5,"changed":30,"mismatch":0}}"#);
    // Nothing remains for a resumed run.
    let replay = Replay::read(&journal).unwrap();
    let mut run = Run::resume(replay, &owner(), &mut journal, noon).unwrap();
    let reads = account.reads();
    run.apply(&settings, &account, |_| {});
    assert_eq!(account.reads(), reads);
}

#[test]
fn samples_differ() {
    let chosen = || {
        let account = FakeAccount::with(50);
        let mut run = Run::start(plan_for(50, &account), &owner(), Vec::new(), noon).unwrap();
        let mut chosen = Vec::new();
        run.apply(&sample_of(10), &account, |event| {
            if let RunEvent::Verified(order) = event {
                chosen.push(order.order());
            }
        });
        chosen.sort_unstable();
        chosen
    };
    // Two equal samples have a probability of 1 to ten billion.
    assert_ne!(chosen(), chosen());
}

#[test]
fn one_mismatch_makes_the_rest_be_read() {
    let account = FakeAccount::with(30).lossy();
    let mut journal = Vec::new();
    let mut run = Run::start(plan_for(30, &account), &owner(), &mut journal, noon).unwrap();
    let summary = run.apply(&sample_of(3), &account, |_| {}).summary();
    assert_eq!(
        (summary.changed, summary.mismatch, summary.sampled),
        (30, 30, 3)
    );
    let text = String::from_utf8(journal).unwrap();
    assert!(
        text.contains("\"orders\":3,\"changed\":30,\"mismatch\":3}"),
        "{text}"
    );
}

#[test]
fn a_sample_larger_than_the_run_reads_every_order() {
    let account = FakeAccount::with(3);
    let mut run = Run::start(plan_for(3, &account), &owner(), Vec::new(), noon).unwrap();
    let summary = run.apply(&sample_of(500), &account, |_| {}).summary();
    assert_eq!((summary.verified, summary.sampled), (3, 3));
}

#[test]
fn a_mismatch_before_a_kill_makes_a_resumed_run_read_the_rest() {
    let account = FakeAccount::with(30).lossy();
    let mut journal = Vec::new();
    let mut run = Run::start(plan_for(30, &account), &owner(), &mut journal, noon).unwrap();
    run.apply(&sample_of(3), &account, |_| {});
    drop(run);
    let text = String::from_utf8(journal).unwrap();
    let after = |entry| {
        let start = text.find(entry).unwrap();
        start + text[start..].find('\n').unwrap() + 1
    };
    for end in [after("{\"verified\""), after("{\"sampled\"")] {
        let mut journal = text.as_bytes()[..end].to_vec();
        let page = html_report(&Replay::read(&journal).unwrap(), &Timeline::default(), None);
        assert!(page.contains("\"label\":\"changed, mismatch\",\"reason\":\"DigiCert accepted"));
        let replay = Replay::read(&journal).unwrap();
        let mut run = Run::resume(replay, &owner(), &mut journal, noon).unwrap();
        let summary = run.apply(&sample_of(3), &account, |_| {}).summary();
        assert_eq!((summary.changed, summary.mismatch), (30, 30));
    }
}

#[test]
fn the_page_shows_the_sample() {
    let account = FakeAccount::with(30);
    let mut journal = Vec::new();
    let mut run = Run::start(plan_for(30, &account), &owner(), &mut journal, noon).unwrap();
    run.apply(&sample_of(3), &account, |_| {});
    let page = html_report(&Replay::read(&journal).unwrap(), &Timeline::default(), None);
    let shown = "3 of 30 changed; a random sample of 3 of 30 had 0 with a mismatch";
    assert!(page.contains(shown), "{page}");
}
