//! Plans, and when planning stops.

use contacts_bulk::input::InputBuilder;
use contacts_bulk::{Failure, FailureKind, Plan, PlanFile, State, UndoPlan};
use contacts_core::{Blocked, FieldState, Outcome};

use crate::account::{FakeAccount, input, jane_for, key_rejected, unavailable};
use crate::run::{URL, noon, resume, start};

fn states(plan: &Plan) -> Vec<&'static str> {
    let name = |order: &contacts_bulk::PlannedOrder| order.state().name();
    plan.orders().iter().map(name).collect()
}

#[test]
fn a_plan_shows_what_would_change_and_sends_nothing() {
    let account = FakeAccount::with(3).dv(2);
    let input = input(
        "order_id,contact_type,first_name,last_name,email\n\
         1,technical_contact,Jane,Doe,john@example.com\n\
         2,organization_contact,Jane,Doe,jane@example.com\n\
         3,technical_contact,John,Doe,john@example.com\n\
         4,technical_contact,Jane,Doe,jane@example.com\n",
    );
    let mut seen = Vec::new();
    let plan = Plan::fetch(input, &account, |order| seen.push(order.order().get())).unwrap();
    assert_eq!(
        states(&plan),
        ["changes", "blocked", "unchanged", "read-failed"]
    );
    assert_eq!(seen, [1, 2, 3, 4]);
    let State::Changes(change) = plan.orders()[0].state() else {
        panic!()
    };
    let changed = change
        .fields()
        .iter()
        .filter(|f| f.state == FieldState::Changes);
    let changed: Vec<_> = changed
        .map(|f| (f.field.as_str(), f.before.as_deref(), f.after.as_str()))
        .collect();
    assert_eq!(changed, [("first_name", Some("John"), "Jane")]);
    assert_eq!(
        *plan.orders()[1].state(),
        State::Blocked(Blocked::OrganizationContactOnDv)
    );
    let summary = plan.summary();
    assert_eq!(
        (summary.orders, summary.changes, summary.unchanged),
        (4, 1, 1)
    );
    assert_eq!((summary.blocked, summary.read_failed), (1, 1));
    assert!(account.sent.lock().unwrap().is_empty());
}

#[test]
fn without_rows_a_plan_is_empty_and_its_run_does_nothing() {
    let account = FakeAccount::with(1);
    let input = InputBuilder::default().build().unwrap();
    let plan = Plan::fetch(input, &account, |_| panic!("no order is read")).unwrap();
    let mut saved = Vec::new();
    let plan = PlanFile::new(plan, URL, noon());
    plan.write(&mut saved).unwrap();
    let plan = PlanFile::read(&saved).unwrap();
    let mut journal = Vec::new();
    let report = start(plan, &account, &mut journal).unwrap();
    let resumed = resume(&mut journal, &account).unwrap();
    for report in [report, resumed] {
        assert!(report.orders().is_empty() && report.stopped().is_none());
    }
    let replay = contacts_bulk::Replay::read(&journal).unwrap();
    let undo = UndoPlan::fetch(&replay, &account, |_| {}).unwrap();
    assert!(undo.into_plan().orders().is_empty());
}

#[test]
fn a_rejected_key_stops_planning() {
    let account = FakeAccount::with(9).read_fails(3, key_rejected());
    let stopped = Plan::fetch(jane_for(9), &account, |_| {}).unwrap_err();
    assert_eq!(stopped.failure().kind(), FailureKind::KeyRejected);
    insta::assert_snapshot!(stopped, @"stopped after 2 of 9 orders were read, nothing was changed: the key was refused");
    for kind in [FailureKind::RateLimited, FailureKind::Cancelled] {
        let failure = Failure::new(kind, Outcome::Rejected, "x");
        assert!(
            Plan::fetch(
                jane_for(9),
                &FakeAccount::with(9).read_fails(9, failure),
                |_| {}
            )
            .is_err()
        );
    }
}

#[test]
fn three_unavailable_orders_in_a_row_stop_planning() {
    let with = |orders: &[u64]| {
        orders.iter().fold(FakeAccount::with(9), |account, id| {
            account.read_fails(*id, unavailable())
        })
    };
    let stopped = Plan::fetch(jane_for(9), &with(&[4, 5, 6]), |_| {}).unwrap_err();
    assert!(
        stopped
            .to_string()
            .starts_with("stopped after 3 of 9 orders were read"),
        "{stopped}"
    );
    assert!(Plan::fetch(jane_for(9), &with(&[1, 2, 4, 5, 7, 8]), |_| {}).is_ok());
    assert!(
        Plan::fetch(jane_for(1), &with(&[1]), |_| {}).is_err(),
        "none of the orders could be read"
    );
    assert!(Plan::fetch(jane_for(2), &with(&[1]), |_| {}).is_ok());
}
