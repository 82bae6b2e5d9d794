//! Applying a plan without a journal.

use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use contacts_bulk::{
    Failure, FailureKind, OrderApi, OrderResult, Plan, Report, Run, RunEvent, RunSettings,
    Verification,
};

use contacts_core::{ContactsUpdate, Order, OrderId, Outcome};

use crate::account::{FakeAccount, input, jane_for, key_rejected, not_found, unavailable};
use crate::run::{noon, owner, plan_for};

fn apply(account: &FakeAccount, orders: u64) -> Report {
    let plan = Plan::fetch(jane_for(orders), account, |_| {}).unwrap();
    plan.apply(&RunSettings::default(), account, |_| {})
}

fn adds_up(report: &Report) -> bool {
    let s = report.summary();
    s.unchanged + s.blocked + s.read_failed + s.changed + s.failed + s.skipped == s.orders
        && s.orders == report.orders().len()
        && s.verified + s.mismatch + s.verify_failed == s.changed
        && s.unknown <= s.failed
}

#[test]
fn each_order_that_needs_it_gets_one_update() {
    let account = FakeAccount::with(3).dv(2);
    let input = input(
        "order_id,contact_type,first_name,last_name,email\n\
         1,technical_contact,Jane,Doe,jane@example.com\n\
         2,technical_contact,Jane,Doe,jane@example.com\n\
         2,organization_contact,Jane,Doe,jane@example.com\n\
         3,technical_contact,John,Doe,john@example.com\n\
         4,technical_contact,Jane,Doe,jane@example.com\n",
    );
    let plan = Plan::fetch(input, &account, |_| {}).unwrap();
    let mut seen = Vec::new();
    let report = plan.apply(&RunSettings::default(), &account, |event| {
        if let RunEvent::Finished(order) = event {
            seen.push(order.order().get());
        }
    });
    assert_eq!(
        *account.sent.lock().unwrap(),
        [1],
        "and none of the contacts of a blocked order"
    );
    assert_eq!(seen, [1, 2, 3, 4]);
    assert_eq!(
        *report.orders()[0].result(),
        OrderResult::Changed(Verification::Verified)
    );
    assert!(
        matches!(report.orders()[3].result(), OrderResult::ReadFailed(f) if f.kind() == FailureKind::NotFound)
    );
    assert_eq!(account.technical_email(1), "jane@example.com");
    assert_eq!(account.technical_email(2), "john@example.com");
    assert!(adds_up(&report) && !report.summary().all_done() && report.stopped().is_none());
}

#[test]
fn a_second_run_sends_nothing() {
    let account = FakeAccount::with(3);
    assert!(apply(&account, 3).summary().all_done());
    account.sent.lock().unwrap().clear();
    let again = apply(&account, 3).summary();
    assert_eq!((again.unchanged, again.changed), (3, 0));
    assert!(again.all_done());
    assert!(account.sent.lock().unwrap().is_empty());
}

#[test]
fn one_order_that_fails_does_not_stop_the_others() {
    let account = FakeAccount::with(3).write_fails(2, unavailable());
    let report = apply(&account, 3);
    assert_eq!(*account.sent.lock().unwrap(), [1, 2, 3]);
    let summary = report.summary();
    assert_eq!(
        (summary.changed, summary.failed, summary.unknown),
        (2, 1, 1)
    );
    let account = FakeAccount::with(3).write_fails(2, not_found());
    assert_eq!(apply(&account, 3).summary().unknown, 0);
    assert!(adds_up(&report) && report.stopped().is_none());
}

#[test]
fn a_rejected_key_stops_the_run() {
    let account = FakeAccount::with(9).write_fails(3, key_rejected());
    let report = apply(&account, 9);
    assert_eq!(*account.sent.lock().unwrap(), [1, 2, 3]);
    let summary = report.summary();
    assert_eq!(
        (summary.changed, summary.failed, summary.skipped),
        (2, 1, 6)
    );
    assert_eq!(report.stopped().unwrap().kind(), FailureKind::KeyRejected);
    assert!(adds_up(&report) && !summary.all_done());
}

#[test]
fn three_unavailable_orders_in_a_row_stop_the_run() {
    let failing = |orders: &[u64]| {
        let account = FakeAccount::with(9);
        orders.iter().fold(account, |account, id| {
            account.write_fails(*id, unavailable())
        })
    };
    let report = apply(&failing(&[4, 5, 6]), 9);
    assert_eq!((report.summary().failed, report.summary().skipped), (3, 3));
    assert!(report.stopped().is_some() && adds_up(&report));
    let report = apply(&failing(&[2, 3, 5, 6, 8, 9]), 9);
    assert_eq!((report.summary().failed, report.summary().skipped), (6, 0));
}

#[test]
fn a_value_that_is_not_stored_as_sent_is_a_mismatch() {
    let account = FakeAccount::with(1).lossy();
    let report = apply(&account, 1);
    let OrderResult::Changed(Verification::Mismatch(change)) = report.orders()[0].result() else {
        panic!("{report:?}")
    };
    assert!(change.has_mismatch());
    let summary = report.summary();
    assert_eq!((summary.changed, summary.mismatch), (1, 1));
    assert!(!summary.all_done());
}

#[test]
fn verification_can_be_skipped() {
    let account = FakeAccount::with(1).lossy();
    let plan = Plan::fetch(jane_for(1), &account, |_| {}).unwrap();
    let settings = RunSettings::default().skip_verification();
    let report = plan.apply(&settings, &account, |_| {});
    assert_eq!(
        *report.orders()[0].result(),
        OrderResult::Changed(Verification::NotRequested)
    );
    assert!(report.summary().all_done());
}

#[test]
fn a_cancelled_order_is_skipped_only_if_nothing_was_sent() {
    for (outcome, failed, skipped) in [(Outcome::NotSent, 0, 2), (Outcome::Unknown, 1, 1)] {
        let stop = Failure::new(FailureKind::Cancelled, outcome, "stopped");
        let report = apply(&FakeAccount::with(3).write_fails(2, stop), 3);
        let summary = report.summary();
        assert_eq!(
            (summary.failed, summary.unknown),
            (failed, failed),
            "{outcome}"
        );
        assert_eq!(summary.skipped, skipped);
        assert!(adds_up(&report) && report.stopped().is_some());
    }
}

/// A request for an order.
enum Request {
    Read,
    Change(OrderId),
}

/// Calls a function before each request.
struct Before<F>(FakeAccount, F);

impl<F: Fn(Request) + Send + Sync> OrderApi for Before<F> {
    fn read(&self, order: OrderId) -> Result<Order, Failure> {
        (self.1)(Request::Read);
        self.0.read(order)
    }

    fn update(&self, order: OrderId, update: &ContactsUpdate) -> Result<(), Failure> {
        (self.1)(Request::Change(order));
        self.0.update(order, update)
    }
}

#[test]
fn a_plan_applied_at_once_reads_no_order_again() {
    let account = FakeAccount::with(3);
    let plan = Plan::fetch(jane_for(3), &account, |_| {}).unwrap();
    let reads = AtomicUsize::new(0);
    let account = Before(account, |request| {
        reads.fetch_add(
            usize::from(matches!(request, Request::Read)),
            Ordering::SeqCst,
        );
    });
    let settings = RunSettings::default().skip_verification();
    let report = plan.apply(&settings, &account, |_| {});
    assert_eq!(report.summary().changed, 3);
    assert_eq!(reads.into_inner(), 0);
}

#[test]
fn progress_is_called_while_a_slow_server_responds() {
    let account = FakeAccount::with(3);
    let plan = plan_for(3, &account);
    let slow = Before(account, |request| {
        if let Request::Change(_) = request {
            std::thread::sleep(Duration::from_millis(150));
        }
    });
    let mut run = Run::start(plan, &owner(), Vec::new(), noon).unwrap();
    let mut waited = 0;
    let report = run.apply(&RunSettings::default(), &slow, |event| {
        waited += usize::from(matches!(event, RunEvent::Waiting));
    });
    assert_eq!(report.summary().changed, 3);
    assert!(waited > 0);
}

#[test]
fn a_panic_in_a_request_reaches_the_caller() {
    let account = FakeAccount::with(9);
    let plan = plan_for(9, &account);
    let panics = Before(account, |request| {
        if let Request::Change(order) = request {
            assert_ne!(order.get(), 2, "messages");
        }
    });
    let mut journal = Vec::new();
    let mut run = Run::start(plan, &owner(), &mut journal, noon).unwrap();
    let two = RunSettings::default().concurrency(NonZeroUsize::new(2).unwrap());
    let run = AssertUnwindSafe(|| run.apply(&two, &panics, |_| {}));
    assert!(catch_unwind(run).is_err());
    let journal = String::from_utf8(journal).unwrap();
    assert!(journal.contains("{\"started\":{\"order_id\":\"2\""));
    assert!(!journal.contains("{\"finished\":{\"order_id\":\"2\""));
}
