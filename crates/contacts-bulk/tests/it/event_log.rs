//! What plans and runs log.

use std::cell::RefCell;
use std::sync::Once;

use contacts_bulk::{Plan, RunSettings};
use log::{LevelFilter, Log, Metadata, Record};

use crate::account::{FakeAccount, jane_for, key_rejected, not_found};

thread_local! {
    /// What the current test logged; plans and runs log on the calling thread.
    static LINES: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

struct ThreadLog;

impl Log for ThreadLog {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        let line = format!("{} {}: {}", record.level(), record.target(), record.args());
        LINES.with_borrow_mut(|lines| lines.push(line));
    }

    fn flush(&self) {}
}

fn logged(work: impl FnOnce()) -> String {
    static INSTALL: Once = Once::new();
    INSTALL.call_once(|| {
        log::set_logger(&ThreadLog).unwrap();
        log::set_max_level(LevelFilter::Debug);
    });
    LINES.take();
    work();
    LINES.take().join("\n")
}

#[test]
fn a_plan_and_a_run_log_their_start_and_their_counts() {
    let account = FakeAccount::with(4).write_fails(2, not_found()).dv(3);
    let log = logged(|| {
        let plan = Plan::fetch(jane_for(5), &account, |_| {}).unwrap();
        plan.apply(&RunSettings::default().limit(2), &account, |_| {});
    });
    insta::assert_snapshot!(log, @"
    INFO contacts_bulk: plan: 5 orders to read
    INFO contacts_bulk: plan: finished: 5 orders: 4 to change, 1 not read
    INFO contacts_bulk: run: started: 5 orders, 4 remaining
    INFO contacts_bulk: run: finished: 5 orders: 1 changed, 1 verified, 1 not read, 1 failed, 2 skipped
    ");
}

#[test]
fn a_run_that_stopped_early_logs_a_warning_with_the_reason() {
    let account = FakeAccount::with(3).write_fails(1, key_rejected());
    let log = logged(|| {
        let plan = Plan::fetch(jane_for(3), &account, |_| {}).unwrap();
        plan.apply(&RunSettings::default(), &account, |_| {});
    });
    insta::assert_snapshot!(log, @"
    INFO contacts_bulk: plan: 3 orders to read
    INFO contacts_bulk: plan: finished: 3 orders: 3 to change
    INFO contacts_bulk: run: started: 3 orders, 3 remaining
    WARN contacts_bulk: run: stopped: the key was refused; 3 orders: 1 failed, 2 skipped
    ");
}
