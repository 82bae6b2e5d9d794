//! Plans whose orders are read during the run.

use contacts_bulk::{
    OrderResult, Plan, PlanFile, Replay, Run, RunEvent, RunSettings, UndoPlan, Verify,
};

use crate::account::{FakeAccount, jane_for, not_found, unavailable};
use crate::run::{URL, noon, owner, resume, sent};

fn unread(orders: u64) -> PlanFile {
    PlanFile::new(Plan::unread(jane_for(orders)), URL, noon())
}

fn journal_of(orders: u64, account: &FakeAccount) -> Vec<u8> {
    let mut journal = Vec::new();
    let mut run = Run::start(unread(orders), &owner(), &mut journal, noon).unwrap();
    run.apply(
        &RunSettings::default().verify(Verify::None),
        account,
        |_| {},
    );
    journal
}

/// The entries after the plan.
fn entries(journal: &[u8], orders: usize) -> String {
    let text = std::str::from_utf8(journal).unwrap();
    let lines: Vec<_> = text.lines().skip(1 + orders).collect();
    lines.join("\n")
}

#[test]
fn each_order_is_read_once_and_changed_at_once() {
    let account = FakeAccount::with(4).dv(4).read_fails(3, not_found());
    account.set_jane(2);
    let mut journal = Vec::new();
    let mut run = Run::start(unread(4), &owner(), &mut journal, noon).unwrap();
    let mut events = Vec::new();
    let report = run.apply(&RunSettings::default(), &account, |event| match event {
        RunEvent::Read(order) => events.push(format!("{} {}", order.order(), order.state().name())),
        RunEvent::Finished(order) => {
            events.push(format!("{} {}", order.order(), order.result().name()));
        }
        _ => {}
    });
    insta::assert_snapshot!(events.join("\n"), @"
    1 changes
    1 changed
    2 unchanged
    2 unchanged
    3 read-failed
    4 changes
    4 changed
    ");
    let summary = report.summary();
    assert_eq!((summary.changed, summary.verified), (2, 2));
    assert_eq!(account.reads(), 4 + 2, "two are verified");
    drop(run);
    insta::assert_snapshot!(entries(&journal, 4), @r#"
    {"started":{"order_id":"1","at":"2027-01-15T08:00:00.000Z","before":{"organization_contact":null,"technical_contact":{"first_name":"John","last_name":"Doe","email":"john@example.com"}}}}
    {"finished":{"order_id":"1","at":"2027-01-15T08:00:00.000Z","result":"changed"}}
    {"verified":{"order_id":"1","at":"2027-01-15T08:00:00.000Z","result":"verified"}}
    {"finished":{"order_id":"2","at":"2027-01-15T08:00:00.000Z","result":"unchanged"}}
    {"finished":{"order_id":"3","at":"2027-01-15T08:00:00.000Z","result":"read-failed","failure":{"kind":"not-found","outcome":"rejected","codes":[],"message":"no such order"}}}
    {"started":{"order_id":"4","at":"2027-01-15T08:00:00.000Z","before":{"organization_contact":null,"technical_contact":{"first_name":"John","last_name":"Doe","email":"john@example.com"}}}}
    {"finished":{"order_id":"4","at":"2027-01-15T08:00:00.000Z","result":"changed"}}
    {"verified":{"order_id":"4","at":"2027-01-15T08:00:00.000Z","result":"verified"}}
    "#);
    let replay = Replay::read(&journal).unwrap();
    let results = replay.orders().map(|(_, result)| result.unwrap().name());
    assert_eq!(
        results.collect::<Vec<_>>(),
        ["changed", "unchanged", "read-failed", "changed"]
    );
}

#[test]
fn a_run_of_an_unread_plan_resumes_from_every_line_of_its_journal() {
    let whole = journal_of(3, &FakeAccount::with(3));
    let ends = whole.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
    for end in ends.map(|(end, _)| end + 1).skip(3) {
        let account = FakeAccount::with(3);
        let mut journal = whole[..end].to_vec();
        let finished = Replay::read(&journal).unwrap();
        for (order, result) in finished.orders() {
            // A started update was applied, and its response was lost.
            if !matches!(result, Some(OrderResult::Skipped)) {
                account.set_jane(order.get());
            }
        }
        let report = resume(&mut journal, &account).unwrap();
        assert_eq!(report.summary().changed, 3, "cut at {end}");
        let replay = Replay::read(&journal).unwrap();
        assert_eq!((replay.remaining(), replay.changed()), (0, 3));
        let undo = UndoPlan::fetch(&replay, &account, |_| {}).unwrap();
        assert_eq!(undo.plan().summary().changes, 3, "cut at {end}");
        let restored = undo.plan().apply(&RunSettings::default(), &account, |_| {});
        assert_eq!(restored.summary().verified, 3);
        assert!((1..=3).all(|id| account.technical_email(id) == "john@example.com"));
    }
}

#[test]
fn a_change_between_an_interrupted_update_and_its_repetition_is_a_conflict() {
    let account = FakeAccount::with(2).write_fails(1, unavailable());
    let mut journal = journal_of(2, &account);
    let account = account.heal();
    account.change_elsewhere(1, "Mallory");
    let report = resume(&mut journal, &account).unwrap();
    assert_eq!(report.orders()[0].result().name(), "conflict");
    assert_eq!(sent(&account, 1), 1, "by the first process only");
    let replay = Replay::read(&journal).unwrap();
    assert_eq!(
        replay.changed(),
        2,
        "the first update may have been applied"
    );
}

#[test]
fn a_limit_counts_the_orders_that_are_sent() {
    let account = FakeAccount::with(5);
    account.set_jane(1);
    account.set_jane(3);
    let mut run = Run::start(unread(5), &owner(), Vec::new(), noon).unwrap();
    let settings = RunSettings::default().limit(2).no_refresh();
    let summary = run.apply(&settings, &account, |_| {}).summary();
    assert_eq!(
        (summary.changed, summary.unchanged, summary.skipped),
        (2, 2, 1)
    );
    assert_eq!(*account.sent.lock().unwrap(), [2, 4]);
    assert_eq!(run.apply(&settings, &account, |_| {}).summary().changed, 3);
}

#[test]
fn a_saved_plan_without_reads_keeps_its_digest_while_it_is_applied() {
    let plan = unread(2);
    let mut bytes = Vec::new();
    plan.write(&mut bytes).unwrap();
    let read = PlanFile::read(&bytes).unwrap();
    assert_eq!(read.plan().summary().unread, 2);
    let digest = read.digest();
    let account = FakeAccount::with(2);
    let mut run = Run::start(read, &owner(), Vec::new(), noon).unwrap();
    run.apply(&RunSettings::default(), &account, |_| {});
    let plan = run.into_plan();
    assert_eq!(plan.digest(), digest);
    assert_eq!(plan.plan().summary().changes, 2);
    let with_state = String::from_utf8(bytes).unwrap();
    let edited = with_state.replace("\"unread\"", "\"changes\"");
    let error = PlanFile::read(edited.as_bytes()).unwrap_err().to_string();
    insta::assert_snapshot!(error, @"the plan is damaged: order 1: `state` does not match `before`; make a new plan");
}

#[test]
fn a_journal_whose_start_lacks_the_contacts_is_damaged() {
    let journal = journal_of(1, &FakeAccount::with(1));
    let text = String::from_utf8(journal).unwrap();
    let before = text.find(",\"before\":{\"organization_contact\"").unwrap();
    let end = text[before..].find("}}}\n").unwrap() + before;
    let without = format!("{}{}", &text[..before], &text[end + 1..]);
    let error = Replay::read(without.as_bytes()).unwrap_err().to_string();
    insta::assert_snapshot!(error, @"the journal is damaged: line 3, `before` is not that of an order that the plan has not read; use the file that the run wrote, or an unedited copy");
}
