//! Updates whose outcome is unknown, and a client that reads the order before it sends one again.

use contacts_bulk::{Failure, OrderApi, Replay, Report, Run, RunSettings, Verification};
use contacts_core::{Change, ContactsUpdate, Order, OrderId};

use crate::account::{FakeAccount, unavailable};
use crate::run::{noon, owner, plan_for, sent, start};

/// The first attempt of every update has no answer; `meanwhile` happens before the read.
struct Repeating<'a> {
    account: &'a FakeAccount,
    meanwhile: fn(&FakeAccount),
}

impl OrderApi for Repeating<'_> {
    fn read(&self, order: OrderId) -> Result<Order, Failure> {
        self.account.read(order)
    }

    fn update(&self, _: OrderId, _: &ContactsUpdate) -> Result<(), Failure> {
        panic!("a run knows the order before its update")
    }

    fn update_unless(
        &self,
        order: OrderId,
        update: &ContactsUpdate,
        must_read: &dyn Fn() -> bool,
        is_changed: &dyn Fn(&Order) -> bool,
    ) -> Result<Verification, Failure> {
        self.account.sent.lock().unwrap().push(order.get());
        (self.meanwhile)(self.account);
        assert!(!must_read(), "the read is recent");
        let now = self.account.read(order)?;
        if !Change::between(&now, update).has_mismatch() {
            return Ok(Verification::VerifiedWithoutAnswer);
        }
        if is_changed(&now) {
            return Err(unavailable());
        }
        self.account.update(order, update)?;
        Ok(Verification::NotRequested)
    }
}

fn run(
    account: &FakeAccount,
    meanwhile: fn(&FakeAccount),
    settings: &RunSettings,
) -> (Report, Vec<u8>) {
    let mut journal = Vec::new();
    let mut run = Run::start(plan_for(1, account), &owner(), &mut journal, noon).unwrap();
    let report = run.apply(settings, &Repeating { account, meanwhile }, |_| {});
    drop(run);
    (report, journal)
}

fn colleague(account: &FakeAccount) {
    account.change_elsewhere(1, "Mallory");
}

#[test]
fn a_change_by_somebody_else_is_a_conflict_and_stays() {
    let account = FakeAccount::with(1);
    let (report, journal) = run(&account, colleague, &RunSettings::default());
    let conflicts = report.orders()[0].result().conflicts();
    assert_eq!(conflicts[0].now.as_deref(), Some("Mallory"));
    assert_eq!((sent(&account, 1), report.summary().conflict), (1, 1));
    assert_eq!(account.technical_email(1), "john@example.com");
    let replay = Replay::read(&journal).unwrap();
    assert_eq!(
        (replay.changed(), replay.remaining()),
        (1, 0),
        "it may have been changed"
    );
}

#[test]
fn a_plan_that_the_user_vouches_for_has_no_conflict() {
    let account = FakeAccount::with(1);
    let (report, _) = run(&account, colleague, &RunSettings::default().no_refresh());
    assert_eq!((sent(&account, 1), report.summary().verified), (2, 1));
}

#[test]
fn an_update_that_a_read_shows_is_changed_and_verified() {
    let account = FakeAccount::with(1);
    let (report, journal) = run(
        &account,
        |account| account.set_jane(1),
        &RunSettings::default(),
    );
    assert_eq!(
        (report.summary().changed, report.summary().verified),
        (1, 1)
    );
    // For the plan, and after the first attempt.
    assert_eq!((account.reads(), sent(&account, 1)), (2, 1));
    let text = String::from_utf8(journal.clone()).unwrap();
    assert!(
        text.contains(r#""result":"verified-without-answer""#),
        "{text}"
    );
    let (_, result) = Replay::read(&journal).unwrap().orders().next().unwrap();
    assert_eq!(result, Some(report.orders()[0].result().clone()));
}

#[test]
fn an_update_is_not_sent_again_unread_even_if_the_user_vouches_for_the_plan() {
    let account = FakeAccount::with(1).write_fails(1, unavailable());
    let mut journal = Vec::new();
    start(plan_for(1, &account), &account, &mut journal).unwrap();
    let account = account.heal();
    colleague(&account);
    let replay = Replay::read(&journal).unwrap();
    let mut run = Run::resume(replay, &owner(), &mut journal, noon).unwrap();
    let report = run.apply(&RunSettings::default().no_refresh(), &account, |_| {});
    assert_eq!((sent(&account, 1), report.summary().conflict), (1, 1));
}
